"""The operators and their conversions, as in JEXL's strict arithmetic: a null operand is an error."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.numbers import BIG_DECIMAL, MOST_DIGITS, read_double, read_integer
from flowctl.dataprep.patterns import full_match
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import MOST_ITEMS, Value, as_text, bounded, is_number, type_name
from flowctl.dataprep.utf16 import length, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable

_DECIMAL_TEXT = re.compile(r"[+-]?[0-9]*(?:(\.[0-9]*)|([eE][+-]?[0-9]+))(?:[eE][+-]?[0-9]+)?")
_LARGEST = 10**MOST_DIGITS
_LONG = 2**63
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
        raise ExpressionError("null is not a condition.")
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
    raise ExpressionError("null is not a number." if value is None else f"The {type_name(value)} is not a number.")


def long(value: Value) -> int:
    """Return a value as a whole number of 64 bits, cut toward zero; text has to be whole. Raises `ExpressionError`."""
    found = number(value)
    if isinstance(value, str) and not isinstance(found, int):
        raise ExpressionError(f'"{value[:40]}" is not a whole number.')
    if not math.isfinite(found):
        return 0
    whole = int(found) if not isinstance(found, Decimal) or abs(found) < _LARGEST else 0
    return (whole + _LONG) % (2 * _LONG) - _LONG


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
        raise ExpressionError("null cannot be compared.")
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


def _ordered(compare: Callable[[int], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: compare(order(left, right))


def _limited(result: int | float | Decimal) -> int | float | Decimal:
    if isinstance(result, int) and abs(result) >= _LARGEST:
        raise ExpressionError(f"The number has more than {MOST_DIGITS} digits.")
    return result


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) or isinstance(right, str):
        if left is None or right is None:
            raise ExpressionError("null cannot be joined to a string.")
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
            return int(found) if narrow and abs(found) < _LONG and found == found.to_integral_value() else found
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


def _subtract(left: Value, right: Value) -> Value:
    return _computed(left, right, lambda a, b: a - b, BIG_DECIMAL.subtract)


def _multiply(left: Value, right: Value) -> Value:
    return _computed(left, right, lambda a, b: a * b, BIG_DECIMAL.multiply)


def _divide(left: Value, right: Value) -> Value:
    return _computed(left, right, _quotient, BIG_DECIMAL.divide)


def _modulo(left: Value, right: Value) -> Value:
    return _computed(left, right, _remainder, BIG_DECIMAL.remainder)


def _matches(left: Value, right: Value) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(right, Mapping):
        return left in right if isinstance(left, str) else False
    if isinstance(right, list):
        if isinstance(left, list):
            return all(_contains(right, item) for item in left)
        return _contains(right, left)
    return full_match(as_text(right), as_text(left))


def _contains(items: list[Value], wanted: Value) -> bool:
    return any(type_name(item) == type_name(wanted) and same(item, wanted) for item in items)


def _edge(test: Callable[[str, str], bool]) -> Callable[[Value, Value], bool]:
    def compare(left: Value, right: Value) -> bool:
        if left is None or right is None:
            raise ExpressionError("null has no beginning or end.")
        return test(as_text(left), as_text(right))

    return compare


def _range(left: Value, right: Value) -> Value:
    first, last = long(left), long(right)
    if abs(last - first) > MOST_ITEMS:
        raise ExpressionError(f"The range has more than {MOST_ITEMS} numbers.")
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))


def _negate(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    if not is_number(value):
        raise ExpressionError(f"The {type_name(value)} has no sign.")
    return -number(value)


def _positive(value: Value) -> Value:
    if not isinstance(value, bool) and not is_number(value):
        raise ExpressionError(f"The {type_name(value)} has no sign.")
    return value


def is_empty(value: Value) -> bool:
    """Return whether a value is null, zero, an empty string, array or object; a boolean is not empty."""
    if isinstance(value, bool):
        return False
    return value is None or (isinstance(value, int | float | Decimal | str | list | Mapping) and not value)


def size(value: Value) -> int:
    """Return the number of characters or items; anything else has none."""
    if isinstance(value, str):
        return length(value)
    return len(value) if isinstance(value, list | Mapping) else 0


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "==": same,
    "!=": lambda a, b: not same(a, b),
    "<": _ordered(lambda sign: sign < 0),
    ">": _ordered(lambda sign: sign > 0),
    "<=": _ordered(lambda sign: sign <= 0),
    ">=": _ordered(lambda sign: sign >= 0),
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
    "&": lambda a, b: long(a) & long(b),
    "|": lambda a, b: long(a) | long(b),
    "^": lambda a, b: long(a) ^ long(b),
    "=~": _matches,
    "!~": lambda a, b: not _matches(a, b),
    "=^": _edge(str.startswith),
    "!^": lambda a, b: not _edge(str.startswith)(a, b),
    "=$": _edge(str.endswith),
    "!$": lambda a, b: not _edge(str.endswith)(a, b),
    "..": _range,
}
PREFIXES: dict[str, Callable[[Value], Value]] = {
    "!": lambda value: not strict_truth(value),
    "-": _negate,
    "+": _positive,
    "~": lambda value: ~long(value),
    "empty": is_empty,
    "size": size,
}
