"""What operands are: conditions, numbers, equal, ordered. As in JEXL's strict arithmetic, null is not an operand."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal

from flowctl.dataprep.numbers import MOST_DIGITS, read_double, read_integer
from flowctl.dataprep.problem import NULL_OPERAND, ExpressionError
from flowctl.dataprep.types import Value, as_text, is_number, type_name
from flowctl.dataprep.utf16 import sort_key

LARGEST = 10**MOST_DIGITS
LARGEST_LONG = 2**63
_DECIMAL_TEXT = re.compile(r"[+-]?[0-9]*(?:(\.[0-9]*)|([eE][+-]?[0-9]+))(?:[eE][+-]?[0-9]+)?")
_PLAIN = (int, float)


def truth(value: Value) -> bool:
    """Return a value as a condition: null, zero, empty text and `false` are false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value not in ("", "false")
    if isinstance(value, int | float | Decimal):
        return bool(value) and not math.isnan(value)
    return value is not None


def strict_truth(value: Value) -> bool:
    """Return a value as an operand of `!`, `&&` and `||`. Raises `ExpressionError` on null."""
    if value is None:
        raise ExpressionError("null is not a condition.", NULL_OPERAND)
    return truth(value)


def number(value: Value) -> int | float | Decimal:
    """Return a value as a number: text is parsed, true is 1. Raises `ExpressionError`."""
    if type(value) is int:
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, str):
        stripped = value.strip("\x20\t\r\n")
        if not stripped:
            return 0
        whole = read_integer(stripped)
        if whole is not None:
            return whole
        real = read_double(stripped) if _DECIMAL_TEXT.fullmatch(stripped) else None
        if real is not None:
            return real
        raise ExpressionError(f'"{value[:40]}" is not a number.')
    if value is None:
        raise ExpressionError("null is not a number.", NULL_OPERAND)
    raise ExpressionError(f"The {type_name(value)} is not a number.")


def long(value: Value) -> int:
    """Return a value as a whole number of 64 bits, cut toward zero; text has to be whole. Raises `ExpressionError`."""
    found = number(value)
    if isinstance(value, str) and not isinstance(found, int):
        raise ExpressionError(f'"{value[:40]}" is not a whole number.')
    if not math.isfinite(found):
        return 0
    whole = int(found) if not isinstance(found, Decimal) or abs(found) < LARGEST else 0
    return (whole + LARGEST_LONG) % (2 * LARGEST_LONG) - LARGEST_LONG


def same(left: Value, right: Value) -> bool:
    """Return whether two values are equal: with a boolean as conditions, with a number as numbers."""
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if is_number(left) or is_number(right):
        try:
            return bool(number(left) == number(right))
        except ExpressionError:
            if isinstance(left, float | Decimal) or isinstance(right, float | Decimal):
                raise
            return False
    # Not `==` of Python: containers that share their parts can be too large to compare.
    return type(left) is type(right) and (
        left == right if isinstance(left, datetime) else as_text(left) == as_text(right)
    )


def order(left: Value, right: Value) -> int:
    """Return a negative number, zero or a positive one, as two values are ordered. Raises `ExpressionError`."""
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return (left > right) - (left < right)  # type: ignore[operator]
    if left is None or right is None:
        raise ExpressionError("null cannot be compared.", NULL_OPERAND)
    if is_number(left) or is_number(right):
        a, b = number(left), number(right)
        return (a > b) - (a < b)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left > right) - (left < right)
    if isinstance(left, str) or isinstance(right, str):
        first, second = as_text(left), as_text(right)
        if first.isascii() and second.isascii():
            return (first > second) - (first < second)
        one, two = sort_key(first), sort_key(second)
        return (one > two) - (one < two)  # type: ignore[operator]
    if isinstance(left, bool) and isinstance(right, bool):
        return left - right
    raise ExpressionError(f"The types {type_name(left)} and {type_name(right)} cannot be compared.")
