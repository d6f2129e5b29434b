"""Functions on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flowctl.dataprep.functions.text import FUNCTIONS as TEXT
from flowctl.dataprep.operators import size
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import MOST_ITEMS, Value, type_name

if TYPE_CHECKING:
    from collections.abc import Callable


def spread(values: Sequence[Value]) -> Sequence[Value]:
    """Return the elements of a single array, as a Java call with a variable number of arguments passes it."""
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def _coalesce(*values: Value) -> Value:
    return next((value for value in spread(values) if value is not None), None)


def _first(*values: Value) -> Value:
    items = spread(values)
    return items[0] if items else None


def _last(*values: Value) -> Value:
    items = spread(values)
    return items[-1] if items else None


def _size(value: Value) -> int:
    if not isinstance(value, str | list | Mapping):
        raise ExpressionError(f"size_of takes an array, object or string, and not the type {type_name(value)}.")
    return size(value)


def _joined(*arrays: Sequence[Value]) -> list[Value]:
    if sum(map(len, arrays)) > MOST_ITEMS:
        raise ExpressionError(f"The array has more than {MOST_ITEMS} elements.")
    return [item for array in arrays for item in array]


def flattened(items: Sequence[Value]) -> list[Value]:
    """Return the elements of nested arrays as one array. Raises `ExpressionError` on too many."""
    result: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            result.append(item)
            if len(result) > MOST_ITEMS:
                raise ExpressionError(f"The array has more than {MOST_ITEMS} elements.")
        else:
            waiting.pop()
    return result


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "coalesce": _coalesce,
    "first": _first,
    "last": _last,
    "add_to_array": lambda items, *added: [*items, *added],
    "join_arrays": _joined,
    "to_array": lambda nulls, *values: [value for value in values if nulls or value is not None],
    "size_of": _size,
    "upsert_array_append": lambda items: items,
    "upsert_array_replace": lambda items, _index=None: items,
    "array_to_string": lambda separator, items: TEXT["join"](separator, flattened(items)),
    "flattenArray": flattened,
}
