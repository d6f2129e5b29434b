"""The source line of a diagnostic with a mark below the place at fault."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.views.visible import visible

_WIDEST: Final = 100
"""Columns that a source line may take, if the terminal has as many."""
_LEAST: Final = 20
"""Columns that it may take however narrow the terminal is."""
_BEFORE: Final = 0.4
"""The share of the columns in which a line that is cut is shown before the place at fault."""
_TAB: Final = 4
_WORD: Final = late_pattern(r"\"[^\"]*\"|'[^']*'|\$\{[^}]*\}|(?:[^\s:,\[\]{}\"']|:(?=\S))+")


def excerpt(line: str, column: int, number: int, columns: int | None = None) -> tuple[str, str]:
    """Two lines: the source line, and the mark below the word at a column, counted from 1.

    Both fit a terminal with so many columns: a longer source line is cut around the word.
    """
    margin = f"    {number} | "
    # One column is for the sign of a cut at the end.
    widest = _WIDEST if columns is None else min(_WIDEST, max(columns - len(margin) - 1, _LEAST))
    word = _WORD.match(line, column - 1)
    last = word.end() if word is not None else column
    cells = list(_cells(line))
    before, marked = cells[: column - 1], cells[column - 1 : last]
    after = cells[last:]
    start, lead = _cut_before(before, _width(marked) + _width(after), widest)
    room = max(widest - lead - _width(before[start:]), 1)
    shown, is_cut = _cut_after([*marked, *after], room)
    text = ("…" if start else "") + "".join(cell for cell, _ in [*before[start:], *shown]) + ("…" if is_cut else "")
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


def _cut_before(before: Sequence[tuple[str, int]], rest: int, widest: int) -> tuple[int, int]:
    """How many cells to leave out before the mark, and the columns that the sign of a cut takes."""
    most = int(widest * _BEFORE)
    if _width(before) + rest <= widest or _width(before) <= most:
        return 0, 0
    start = 0
    while _width(before[start:]) > most:
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
