"""Choice and aggregation."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING

from flowctl.dataprep.functions.arrays import spread
from flowctl.dataprep.operands import order, same
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, is_number, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _decode(key: Value, *options: Value) -> Value:
    for candidate, result in zip(options[::2], options[1::2], strict=False):
        if type(key) is str:
            if candidate == key:
                return result
        elif type_name(candidate) == type_name(key) and same(candidate, key):
            return result
    return options[-1] if len(options) % 2 else None


def _ordered(values: tuple[Value, ...]) -> list[Value]:
    items: Sequence[Value] = spread(values)
    if not items or any(item is None for item in items):
        raise ExpressionError("min and max take values that are not null.")
    if len({"number" if is_number(item) else type_name(item) for item in items}) > 1:
        raise ExpressionError("min and max take values of one type.")
    return sorted(items, key=cmp_to_key(order))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "decode": _decode,
    "min": lambda *values: _ordered(values)[0],
    "max": lambda *values: _ordered(values)[-1],
}
