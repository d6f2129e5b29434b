"""The fields of a plan as a table: what each field is, or what changes of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.views.lines import Line
from flowctl.views.review.field_rows import FieldRow
from flowctl.views.width import Width, cells, padded

_MOST: Final = 50
"""The most fields that are listed; the others are counted."""
_DEEPER: Final = 2
"""Columns between a field and those in it."""
_STYLES: Final = {"+": "green", "~": "yellow", "-": "red"}


def field_lines(rows: Sequence[FieldRow], width: Width, indent: int, *, with_signs: bool) -> Iterator[Line]:
    """Each field with those in it below it; what does not fit on a line follows on the next ones.

    A new object needs no signs: all of its fields are new.
    """
    shown, room = rows[:_MOST], width.room(indent)
    keys = [_key(row, width, room // 2, with_signs=with_signs) for row in shown]
    column = max(map(cells, keys), default=0) + 2
    for row, key in zip(shown, keys, strict=True):
        style = _STYLES[row.symbol] if with_signs else ""
        for number, text in enumerate(width.listed(row.texts, room - column)):
            yield Line(f"{' ' * indent}{padded('' if number else key, column)}{text}".rstrip(), style)
    if len(rows) > len(shown):
        yield Line(f"{' ' * indent}and {len(rows) - len(shown)} more; add -v to see them", "dim")


def _key(row: FieldRow, width: Width, room: int, *, with_signs: bool) -> str:
    sign = f"{row.symbol} " if with_signs else ""
    return f"{sign}{' ' * (_DEEPER * row.depth)}{width.fit(row.short, room)}"
