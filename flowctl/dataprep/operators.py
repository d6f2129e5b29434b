"""The binary operators and their coercions: what is true, what is a number, what is equal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flowctl.dataprep.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_NUMBER = 10**30


def truth(value: Any) -> bool:
    """Return a value as a condition: empty text, `false`, zero and null are false."""
    return value.lower() not in ("", "false") if isinstance(value, str) else bool(value)


def number(value: Any) -> Any:
    """Return a value as a number. Raises `ExpressionError` on null and other text."""
    if isinstance(value, bool) or value is None:
        raise ExpressionError(f"{value} is not a number.")
    if isinstance(value, int | float):
        return value
    text = str(value)
    if re.fullmatch(r"[+-]?\d{1,30}", text):
        return int(text)
    if re.fullmatch(r"[+-]?\d{0,30}\.?\d{1,30}([eE][+-]?\d{1,2})?", text):
        return float(text)
    raise ExpressionError(f"{text!r} is not a number.")


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal; a number and a text compare as numbers where they can."""
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, int | float) != isinstance(right, int | float):
        try:
            return bool(number(left) == number(right))
        except ExpressionError:
            return str(left) == str(right)
    return bool(left == right)


def _order(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left), number(right)
    if left is None or right is None:
        raise ExpressionError("null cannot be compared.")
    return left, right


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return _text(left) + _text(right)
    return number(left) + number(right)


def _text(value: Any) -> str:
    if value is None:
        raise ExpressionError("null cannot be joined to a text.")
    return str(value)


def _multiply(left: Any, right: Any) -> Any:
    product = number(left) * number(right)
    if abs(product) > LARGEST_NUMBER:
        raise ExpressionError("The product is too large.")
    return product


def _divide(left: Any, right: Any) -> Any:
    a, b = number(left), number(right)
    if isinstance(a, int) and isinstance(b, int):
        return int(a / b) if abs(a) < 2**53 else a // b
    return a / b


def _matches(left: Any, right: Any) -> bool:
    return left in right if isinstance(right, list | dict) else re.fullmatch(str(right), str(left)) is not None


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": same,
    "!=": lambda a, b: not same(a, b),
    "<": lambda a, b: (lambda pair: pair[0] < pair[1])(_order(a, b)),
    ">": lambda a, b: (lambda pair: pair[0] > pair[1])(_order(a, b)),
    "<=": lambda a, b: (lambda pair: pair[0] <= pair[1])(_order(a, b)),
    ">=": lambda a, b: (lambda pair: pair[0] >= pair[1])(_order(a, b)),
    "+": _add,
    "-": lambda a, b: number(a) - number(b),
    "*": _multiply,
    "/": _divide,
    "%": lambda a, b: number(a) % number(b),
    "&": lambda a, b: int(number(a)) & int(number(b)),
    "|": lambda a, b: int(number(a)) | int(number(b)),
    "^": lambda a, b: int(number(a)) ^ int(number(b)),
    "=~": _matches,
    "!~": lambda a, b: not _matches(a, b),
    "=^": lambda a, b: str(a).startswith(str(b)),
    "=$": lambda a, b: str(a).endswith(str(b)),
}
