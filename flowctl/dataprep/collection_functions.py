"""Functions on arrays, objects and maps (Adobe docs: data-prep/functions.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.dataprep.text_functions import as_text
from flowctl.dataprep.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def _spread(values: tuple[Any, ...]) -> list[Any]:
    """A single array stands for its elements, as in a Java call with a variable number of arguments."""
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)


def _coalesce(*values: Any) -> Any:
    return next((value for value in _spread(values) if value is not None), None)


def _first(*values: Any) -> Any:
    items = _spread(values)
    return items[0] if items else None


def _last(*values: Any) -> Any:
    items = _spread(values)
    return items[-1] if items else None


def _object(*pairs: Any) -> dict[str, Any]:
    if len(pairs) % 2:
        raise ExpressionError("Keys and values come in pairs.")
    return {as_text(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _to_map(*pairs: Any) -> dict[str, Any] | None:
    if len(pairs) == 1:
        return pairs[0] if isinstance(pairs[0], dict) else None
    return _object(*pairs)


def _object_to_map(*values: Any) -> dict[str, Any] | None:
    if len(values) == 2 and isinstance(values[0], list):
        return _array_to_map(values[0], values[1])
    return _to_map(*values)


def _arrays_to_objects(*pairs: Any) -> list[dict[str, Any]]:
    columns = _object(*pairs)
    size = max((len(values) for values in columns.values()), default=0)
    return [{key: values[index] for key, values in columns.items() if index < len(values)} for index in range(size)]


def _text_to_object(text: str, between: str = "=", after: str = ",") -> dict[str, str]:
    parts = [part.partition(between) for part in text.split(after) if part.strip()]
    return {key.strip(): value.strip() for key, _, value in parts}


def _flatten(items: Iterable[Any]) -> list[Any]:
    result = []
    for item in items:
        result.extend(_flatten(item) if isinstance(item, list) else [item])
    return result


def _map_get_values(holder: dict[str, Any], keys: Any) -> Any:
    if isinstance(keys, list):
        return [holder.get(key) for key in keys]
    return holder.get(keys)


def _array_to_map(items: list[dict[str, Any]] | None, key: str) -> dict[str, Any] | None:
    return None if items is None else {as_text(item[key]): item for item in items}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, list | dict | str) and not value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "coalesce": _coalesce,
    "first": _first,
    "last": _last,
    "add_to_array": lambda items, *added: [*items, *added],
    "join_arrays": lambda *arrays: [item for array in arrays for item in array],
    "to_array": lambda nulls, *values: [value for value in values if nulls or value is not None],
    "size_of": lambda items: len(items),
    "upsert_array_append": lambda items, *_: items,
    "upsert_array_replace": lambda items, *_: items,
    "filterArray": lambda items, keep: [item for item in items if keep(item)],
    "transformArray": lambda items, change: [change(item) for item in items],
    "flattenArray": _flatten,
    "is_empty": _is_empty,
    "to_object": _object,
    "arrays_to_object": _arrays_to_objects,
    "arrays_to_objects": _arrays_to_objects,
    "str_to_object": _text_to_object,
    "get_keys": lambda holder: list(holder),
    "get_values": lambda text, key, between, after: _text_to_object(text, between, after).get(key),
    "to_map": _to_map,
    "object_to_map": _object_to_map,
    "array_to_map": _array_to_map,
    "map_get_values": _map_get_values,
    "map_has_keys": lambda holder, *keys: all(key in holder for key in keys),
    "add_to_map": lambda holder, *added: {**holder, **_to_map(*added)},  # type: ignore[dict-item]
}
