"""The values of the language, their types and their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from flowctl.dataprep.numbers import number_text
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.utf16 import well_formed

if TYPE_CHECKING:
    from collections.abc import Callable

Value: TypeAlias = "bool | int | float | Decimal | str | datetime | Sequence[Value] | Mapping[str, Value] | None"
Record: TypeAlias = Mapping[str, Value]
# An expression that is ready to run.
Program: TypeAlias = "Callable[[Record], Value]"

LONGEST_TEXT = 10_000_000
MOST_ITEMS = 1_000_000
DEEPEST_VALUE = 200


def type_name(value: object) -> str:
    """Return the type of a value in the words of the documentation."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for types, name in (
        (int, "integer"),
        ((float, Decimal), "decimal"),
        (str, "string"),
        (datetime, "date"),
        (list, "array"),
        (dict, "object"),
    ):
        if isinstance(value, types):
            return name
    return "function"


def iso(moment: datetime) -> str:
    """Return a date as ISO 8601, with `Z` for UTC and without a fraction that is zero."""
    text = moment.isoformat(
        timespec="seconds" if not moment.microsecond else "milliseconds" if moment.microsecond % 1000 == 0 else "auto"
    )
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def as_text(value: Value) -> str:
    """Return a value as text, as `concat` joins it: `true`, `1.0E7`, objects as `{'id':1}`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return iso(value)
    _bounded_size(value)
    return _container_text(value)


def _container_text(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"'{key}':{_container_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_container_text(item) for item in value) + "]"
    return f"'{value}'" if isinstance(value, str) else as_text(value)


def bounded(text: str) -> str:
    """Return a text. Raises `ExpressionError` on one that is too long."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"The result has more than {LONGEST_TEXT} characters.")
    return text


def _bounded_size(value: Value) -> None:
    waiting: list[tuple[Value, int]] = [(value, 0)]
    count = 0
    while waiting:
        found, depth = waiting.pop()
        if isinstance(found, Mapping):
            items = list(found.values())
        elif isinstance(found, list):
            items = found
        else:
            continue
        count += len(items)
        if count > MOST_ITEMS or depth > DEEPEST_VALUE:
            raise ExpressionError(f"The value has more than {MOST_ITEMS} parts or {DEEPEST_VALUE} levels.")
        waiting.extend((item, depth + 1) for item in items)


def plain(value: Value) -> Value:
    """Return a value as it leaves an expression: dates as text, numbers that JSON has, strings without half pairs.

    Raises `ExpressionError` on a value that no field can hold.
    """
    if isinstance(value, str):
        return value if value.isascii() else well_formed(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return _plain_number(value)
    if isinstance(value, datetime):
        return iso(value)
    if not isinstance(value, list | Mapping):
        raise ExpressionError("A function is not a value.")
    _bounded_size(value)
    return _plain_container(value)


def _plain_container(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {well_formed(key): _plain_container(item) for key, item in value.items()}
    return [_plain_container(item) for item in value] if isinstance(value, list) else plain(value)


def _plain_number(value: float | Decimal) -> Value:
    if not isfinite(value):
        raise ExpressionError(f"{number_text(float(value))} is not a number that a field can hold.")
    return float(value) if isinstance(value, Decimal) else value


def is_number(value: object) -> bool:
    """Return whether a value is a number; a boolean is not."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
