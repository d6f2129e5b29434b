"""Tables for people: columns as wide as their widest value, numbers to the right.

A pipe has one line for each row. In a terminal that is too narrow for that, the cells of columns with words are
wrapped, the widest first; if that is not enough, each row has lines of its own, with a label for each value. Names,
numbers and IDs are never broken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from flowctl.views.lines import Line
from flowctl.views.visible import visible
from flowctl.views.width import Width, cells, padded, wrapped

_GAP: Final = "  "
_LEAST: Final = 12
"""The fewest columns of a cell whose words are wrapped."""
_BESIDE: Final = 20
"""The fewest columns in which the end of a row is wrapped beside its beginning."""
_BELOW: Final = 4
"""What the end of a row is indented by below its beginning."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading.

    `right` aligns its values to the right, `wraps` lets them be wrapped between words. It is at least `least` wide, and
    left out without any value unless it is `kept`.
    """

    heading: str
    right: bool = False
    wraps: bool = False
    least: int = 0
    kept: bool = False


def table_lines(columns: Sequence[Column], rows: Sequence[tuple[Sequence[str], str]], width: Width) -> Iterator[Line]:
    """The heading and each row, with the row's style. A column without any value is left out."""
    used = [index for index, column in enumerate(columns) if column.kept or any(values[index] for values, _ in rows)]
    heads = [columns[index] for index in used]
    styles = [style for _, style in rows]
    lines = list(_aligned(heads, [[visible(values[index]) for index in used] for values, _ in rows], styles))
    if _fits(lines, width):
        yield from lines
        return
    table = [[visible(width.masked(values[index])) for index in used] for values, _ in rows]
    room = _narrowed(heads, table, width.room(0))
    if room is None:
        for values, style in zip(table, styles, strict=True):
            yield from (Line(text, style) for text in _labeled(heads, values, width))
        return
    yield from _wrapped_row(heads, room, [head.heading for head in heads], "bold")
    for values, style in zip(table, styles, strict=True):
        yield from _wrapped_row(heads, room, values, style)


def rows_lines(rows: Sequence[Sequence[str]], width: Width) -> Iterator[Line]:
    """Rows without a heading. In a narrow terminal their ends are wrapped, beside or below their beginnings."""
    shown = [tuple(visible(value) for value in values) for values in rows]
    widths = [max(map(len, values)) for values in zip(*shown, strict=True)]
    for values, row in zip(shown, rows, strict=True):
        *begin, end = (value.ljust(room) for value, room in zip(values, widths, strict=True))
        line = Line(_GAP.join([*begin, end]).rstrip())
        if _fits([line], width):
            yield line
        else:
            yield from _broken_row(_GAP.join([*begin, ""]), row[-1], width)


def _fits(lines: Sequence[Line], width: Width) -> bool:
    return not width.wraps or max(cells(line.text) for line in lines) <= width.room(0)


def _aligned(heads: Sequence[Column], table: Sequence[Sequence[str]], styles: Sequence[str]) -> Iterator[Line]:
    """One line for the heading and for each row."""
    rows = [[head.heading for head in heads], *table]
    widths = [max(head.least, *map(len, values)) for head, values in zip(heads, zip(*rows, strict=True), strict=True)]
    for values, style in zip(rows, ["bold", *styles], strict=True):
        parts = zip(heads, values, widths, strict=True)
        line = _GAP.join(value.rjust(room) if head.right else value.ljust(room) for head, value, room in parts)
        yield Line(line.rstrip(), style)


def _narrowed(heads: Sequence[Column], table: Sequence[Sequence[str]], columns: int) -> Sequence[int] | None:
    """How wide each column is if those with words are wrapped; None if that is not enough."""
    values = [[head.heading, *below] for head, below in zip(heads, zip(*table, strict=True), strict=True)]
    room = [max(map(cells, each)) for each in values]
    floor = [
        min(room[index], max(_LEAST, *(cells(word) for value in values[index] for word in value.split())))
        if head.wraps
        else room[index]
        for index, head in enumerate(heads)
    ]
    while sum(room) + len(_GAP) * (len(room) - 1) > columns:
        widest = max(range(len(room)), key=lambda index: room[index] if room[index] > floor[index] else 0)
        if room[widest] <= floor[widest]:
            return None
        room[widest] -= 1
    return room


def _wrapped_row(heads: Sequence[Column], room: Sequence[int], values: Sequence[str], style: str) -> Iterator[Line]:
    """The lines of a row, each cell in its column."""
    parts = [wrapped(value, space) for value, space in zip(values, room, strict=True)]
    for line in zip_longest(*parts, fillvalue=""):
        texts = (
            " " * (space - cells(text)) + text if head.right else padded(text, space)
            for head, text, space in zip(heads, line, room, strict=True)
        )
        yield Line(_GAP.join(texts).rstrip(), style)


def _labeled(heads: Sequence[Column], values: Sequence[str], width: Width) -> Iterator[str]:
    """The values of a row with their labels, as many on each line as fit it."""
    line, indent = "", 0
    for head, value in zip(heads, values, strict=True):
        if not value:
            continue
        part = f"{head.heading}: {value}"
        if line and indent + cells(line) + len(_GAP) + cells(part) <= width.room(0):
            line += _GAP + part
            continue
        if line:
            yield from width.sentence(line, indent, len(_GAP))
            indent = len(_GAP)
        line = part
    yield from width.sentence(line, indent, len(_GAP))


def _broken_row(begin: str, end: str, width: Width) -> Iterator[Line]:
    """A row whose end is wrapped beside its beginning, or below if it has too little room there."""
    text = visible(width.masked(end))
    room = width.room(cells(begin))
    if room < max(_BESIDE, *map(cells, text.split())):
        yield Line(begin.rstrip())
        indent = len(begin) - len(begin.lstrip()) + _BELOW
        begin, room = " " * indent, width.room(indent)
    for part in wrapped(text, room):
        yield Line(begin + part)
        begin = " " * cells(begin)
