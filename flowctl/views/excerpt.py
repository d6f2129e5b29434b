"""The source line of a diagnostic with a mark below the place at fault."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.views.visible import visible

_WIDEST: Final = 100
"""Columns of a terminal that a source line may take."""
_BEFORE: Final = 40
"""Columns that are shown before the place at fault in a line that is cut."""
_TAB: Final = 4
_WORD: Final = late_pattern(r"\"[^\"]*\"|'[^']*'|\$\{[^}]*\}|(?:[^\s:,\[\]{}\"']|:(?=\S))+")


def excerpt(line: str, column: int, number: int) -> tuple[str, str]:
    """Two lines: the source line, and the mark below the word at a column, counted from 1."""
    word = _WORD.match(line, column - 1)
    last = word.end() if word is not None else column
    cells = list(_cells(line))
    before, marked = cells[: column - 1], cells[column - 1 : last]
    after = cells[last:]
    start, lead = _cut_before(before, _width(marked) + _width(after))
    room = max(_WIDEST - lead - _width(before[start:]), 1)
    shown, is_cut = _cut_after([*marked, *after], room)
    text = ("…" if start else "") + "".join(cell for cell, _ in [*before[start:], *shown]) + ("…" if is_cut else "")
    margin = f"    {number} | "
    width = min(max(_width(marked), 1), room)
    indent = " " * (lead + _width(before[start:]))
    return f"{margin}{text.rstrip()}", f"{'':{len(margin) - 2}}| {indent}{'^' * width}"


def _cells(line: str) -> Iterator[tuple[str, int]]:
    """Each character as it is shown, with the columns that it takes."""
    for character in line:
        if character == "\t":
            yield " " * _TAB, _TAB
            continue
        shown = visible(character)
        if shown != character:
            yield shown, len(shown)
        elif unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
            yield character, 0
        else:
            yield character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _width(cells: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _cut_before(before: Sequence[tuple[str, int]], rest: int) -> tuple[int, int]:
    """How many cells to leave out before the mark, and the columns that the sign of a cut takes."""
    if _width(before) + rest <= _WIDEST or _width(before) <= _BEFORE:
        return 0, 0
    start = 0
    while _width(before[start:]) > _BEFORE:
        start += 1
    return start, 1


def _cut_after(cells: Sequence[tuple[str, int]], room: int) -> tuple[Sequence[tuple[str, int]], bool]:
    """The cells that fit, and whether some do not."""
    used = 0
    for place, (_, width) in enumerate(cells):
        used += width
        if used > room:
            return cells[:place], True
    return cells, False
