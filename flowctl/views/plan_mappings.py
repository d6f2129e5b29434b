"""The mappings of a plan as tables: what leads to each destination."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.views.lines import Line
from flowctl.views.review.mapping_rows import MappingRow
from flowctl.views.width import Width, cells, padded

_NEW: Final = 10
_CHANGED: Final = 50
"""How many mappings a person reads; the rest is counted."""
_ARROW: Final = " -> "
_STYLES: Final = {"+": "green", "~": "yellow", "-": "red"}


def new_mapping_lines(rows: Sequence[MappingRow], width: Width, room: int) -> Sequence[str]:
    """`source -> destination` for the first mappings of a new set, aligned, and how many more there are."""
    shown = rows[:_NEW]
    half = room // 2 - len(_ARROW)
    longest = max((cells(row.after) for row in shown), default=0)
    destinations = [width.fit(row.destination, max(half, room - len(_ARROW) - longest)) for row in shown]
    widest = max(map(cells, destinations), default=0)
    sources = [width.fit(row.after, room - widest - len(_ARROW)) for row in shown]
    column = max(map(cells, sources), default=0)
    lines = [
        f"{padded(source, column)}{_ARROW}{destination}"
        for source, destination in zip(sources, destinations, strict=True)
    ]
    return [*lines, *_more(len(rows) - len(shown))]


def changed_mapping_lines(rows: Sequence[MappingRow], width: Width, indent: int) -> Iterator[Line]:
    """A line for each added, changed or removed mapping; old and new below each other if they are long."""
    shown, room = rows[:_CHANGED], width.room(indent)
    destinations = [width.fit(row.destination, room // 2) for row in shown]
    column = max(map(cells, destinations), default=0) + 2
    for row, destination in zip(shown, destinations, strict=True):
        begin, style = f"{' ' * indent}{row.symbol} {padded(destination, column)}", _STYLES[row.symbol]
        sides = [side for side in (row.before, row.after) if side]
        text, left = _ARROW.join(sides), room - column - 2
        if cells(text) <= left or len(sides) == 1:
            yield Line(f"{begin}{width.fit(text, left)}", style)
            continue
        yield Line(begin.rstrip(), style)
        for sign, side in zip("-+", width.fit_both(row.before, row.after, room - _INSIDE - 2), strict=True):
            yield Line(f"{' ' * (indent + _INSIDE)}{sign} {side}", style)
    yield from (Line(f"{' ' * indent}{text}", "dim") for text in _more(len(rows) - len(shown)))


_INSIDE: Final = 4


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f"and {number} more; add -v to see them"
