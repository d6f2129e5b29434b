"""Fields of a record, members and elements, as compiled steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, as_text, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.dataprep.types import Program, Record

_DOT = re.compile(r"(?<!\\)\.")


def names_of(text: str) -> list[str]:
    """Return the names that the unescaped dots of a wrapped name separate."""
    return [name.replace("\\.", ".") for name in _DOT.split(text)]


def field_reader(names: Sequence[str]) -> Program:
    """Return what reads a path: a column of exactly that name, else step by step; null where it is missing."""
    first, *rest = names
    if not rest:
        return lambda record: record.get(first)
    dotted = ".".join(names)

    def read(record: Record) -> Value:
        if dotted in record:
            return record[dotted]
        value = record.get(first)
        if value is None:
            return _of_dotted_column(record, names)
        for name in rest:
            if value is None:
                return None
            value = value.get(name) if type(value) is dict else member(value, name)
        return value

    return read


def _of_dotted_column(record: Record, names: Sequence[str]) -> Value:
    """Return what a path leads to if the name of the column has dots itself: the column `a.b` of `a.b.c`."""
    for count in range(2, len(names)):
        column = ".".join(names[:count])
        if column in record:
            value = record[column]
            for name in names[count:]:
                value = member(value, name)
            return value
    return None


def member(holder: Value, name: str) -> Value:
    """Return a member of an object; null where it is missing. Raises `ExpressionError` on what has no members."""
    if holder is None:
        return None
    if isinstance(holder, Mapping):
        return holder.get(name)
    if isinstance(holder, list) and name.isascii() and name.isdigit() and len(name) < 10:
        return element(holder, int(name))
    raise ExpressionError(f"The {type_name(holder)} has no member {name}.", "no-such-member")


def element(holder: Value, key: Value) -> Value:
    """Return an element of an array or object; null past the end. Raises `ExpressionError` on a negative index."""
    if holder is None:
        return None
    if isinstance(holder, Mapping):
        return holder.get(key if isinstance(key, str) else as_text(key))
    if isinstance(holder, list) and isinstance(key, int | float) and not isinstance(key, bool):
        if key < 0:
            raise ExpressionError("An index is not negative.", "no-such-member")
        return holder[int(key)] if key < len(holder) else None
    raise ExpressionError(f"The {type_name(holder)} has no element {as_text(key)[:40]}.", "no-such-member")
