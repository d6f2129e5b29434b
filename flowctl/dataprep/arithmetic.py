"""Arithmetic: integers without limit, decimals of 64 bits, and exact ones of 34 digits."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.numbers import MOST_DIGITS
from flowctl.dataprep.operands import LARGEST, LARGEST_LONG, number
from flowctl.dataprep.problem import NULL_OPERAND, ExpressionError
from flowctl.dataprep.types import Value, as_text, bounded

if TYPE_CHECKING:
    from collections.abc import Callable

# The precision that JEXL computes big decimals with.
BIG_DECIMAL = Context(prec=34, Emin=-(10**6), Emax=10**6)


def _limited(result: int | float | Decimal) -> int | float | Decimal:
    if isinstance(result, int) and abs(result) >= LARGEST:
        raise ExpressionError(f"The number has more than {MOST_DIGITS} digits.")
    return result


def add(left: Value, right: Value) -> Value:
    """Return a sum, or the joined text if an operand is text. Raises `ExpressionError`."""
    if isinstance(left, str) or isinstance(right, str):
        if left is None or right is None:
            raise ExpressionError("null cannot be joined to a string.", NULL_OPERAND)
        return bounded(as_text(left) + as_text(right))
    return _computed(left, right, lambda a, b: a + b, BIG_DECIMAL.add)


def _computed(
    left: Value,
    right: Value,
    plain: Callable[..., int | float],
    exact: Callable[[Decimal, Decimal], Decimal],
) -> int | float | Decimal:
    a, b = number(left), number(right)
    try:
        if isinstance(a, Decimal) or isinstance(b, Decimal):
            found = exact(_decimal(a), _decimal(b))
            narrow = isinstance(left, int) or isinstance(right, int)
            return int(found) if narrow and abs(found) < LARGEST_LONG and found == found.to_integral_value() else found
        return _limited(plain(a, b))
    except (ArithmeticError, ValueError) as error:
        raise ExpressionError(
            "Division by zero." if isinstance(error, ZeroDivisionError) else "The number is too large."
        ) from None


def _decimal(value: int | float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _quotient(a: int | float, b: int | float) -> int | float:
    if isinstance(a, int) and isinstance(b, int):
        whole = abs(a) // abs(b)
        return whole if (a < 0) == (b < 0) else -whole
    return a / b


def _remainder(a: int | float, b: int | float) -> int | float:
    if isinstance(a, int) and isinstance(b, int):
        rest = abs(a) % abs(b)
        return -rest if a < 0 else rest
    if b == 0:
        raise ZeroDivisionError
    return math.fmod(a, b)


def subtract(left: Value, right: Value) -> Value:
    """Return a difference. Raises `ExpressionError`."""
    return _computed(left, right, lambda a, b: a - b, BIG_DECIMAL.subtract)


def multiply(left: Value, right: Value) -> Value:
    """Return a product. Raises `ExpressionError`."""
    return _computed(left, right, lambda a, b: a * b, BIG_DECIMAL.multiply)


def divide(left: Value, right: Value) -> Value:
    """Return a quotient; that of integers is cut toward zero. Raises `ExpressionError`."""
    return _computed(left, right, _quotient, BIG_DECIMAL.divide)


def modulo(left: Value, right: Value) -> Value:
    """Return the rest of a division; it has the sign of the first operand. Raises `ExpressionError`."""
    return _computed(left, right, _remainder, BIG_DECIMAL.remainder)
