"""Conversion to numbers, as the constructors of Java read them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.numbers import MOST_DIGITS, read_double, read_integer, shortest_float
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, as_text

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = range(-(2**31), 2**31)


def _decimal(value: Value) -> float:
    found = read_double(as_text(value))
    if found is None:
        raise ExpressionError(f'"{as_text(value)[:40]}" is not a number.', "not-a-number")
    return found


def _integer(value: Value) -> int:
    if type(value) is str and len(value) < 10 and value.isascii() and value.isdigit():
        return int(value)
    text = as_text(value)
    found = int(value) if isinstance(value, float | Decimal) and math.isfinite(value) else read_integer(text)
    if found is None:
        raise ExpressionError(f'"{text[:40]}" is not an integer.', "not-a-number")
    if found not in _INTEGER:
        raise ExpressionError(f"{text[:40]} is too large for an integer; use to_bigint.", "not-a-number")
    return found


def _bigint(value: Value) -> int:
    text = as_text(value)
    found = read_integer(text)
    if found is not None:
        return found
    whole, point, rest = text.partition(".")
    if point and rest.isdigit() and read_integer(whole) is not None and len(text) < MOST_DIGITS:
        return int(whole)
    raise ExpressionError(f'"{text[:40]}" is not an integer.', "not-a-number")


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "to_bigint": _bigint,
    "to_decimal": _decimal,
    "to_float": lambda value: shortest_float(_decimal(value)),
    "to_integer": _integer,
}
