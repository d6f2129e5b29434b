"""The operators by their symbol."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.arithmetic import add, divide, modulo, multiply, subtract
from flowctl.dataprep.operands import long, number, order, same, strict_truth
from flowctl.dataprep.patterns import full_match
from flowctl.dataprep.problem import NULL_OPERAND, ExpressionError
from flowctl.dataprep.types import MOST_ITEMS, Value, as_text, is_number, type_name
from flowctl.dataprep.utf16 import length

if TYPE_CHECKING:
    from collections.abc import Callable


def _ordered(compare: Callable[[int], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: compare(order(left, right))


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
            raise ExpressionError("null has no beginning or end.", NULL_OPERAND)
        # As JEXL does with what is not text: 5 begins with "5".
        return test(left, as_text(right)) if isinstance(left, str) else same(left, right)

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
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
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
