"""Functions on objects, maps, and text that stands for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from flowctl.dataprep.functions.text import WHITE_SPACE
from flowctl.dataprep.operators import is_empty
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, as_text, type_name

if TYPE_CHECKING:
    from collections.abc import Callable


def _object(*pairs: Value) -> dict[str, Value]:
    if len(pairs) % 2:
        raise ExpressionError("Keys and values come in pairs.", "odd-pairs")
    return {_key(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _key(value: Value) -> str:
    if value is None or isinstance(value, list | Mapping):
        raise ExpressionError(f"A key cannot be of the type {type_name(value)}.")
    return as_text(value)


def _to_map(*pairs: Value) -> Mapping[str, Value] | None:
    if len(pairs) != 1:
        return _object(*pairs)
    if pairs[0] is None or isinstance(pairs[0], Mapping):
        return pairs[0]
    raise ExpressionError("Keys and values come in pairs.", "odd-pairs")


def _object_to_map(*values: Value) -> Mapping[str, Value] | None:
    if len(values) == 2 and (values[0] is None or isinstance(values[0], list)):
        return None if values[0] is None else _array_to_map(values[0], as_text(values[1]))
    return _to_map(*values)


def _array_to_map(items: Sequence[Value], key: str) -> dict[str, Value]:
    return {_key(item.get(key)): item for item in items if isinstance(item, Mapping)}


def _arrays_to_objects(*pairs: Value) -> list[dict[str, Value]]:
    columns = {key: value for key, value in _object(*pairs).items() if value is not None}
    for key, values in columns.items():
        if not isinstance(values, list):
            raise ExpressionError(f"The value of {key} is not an array.")
    arrays = {key: values for key, values in columns.items() if isinstance(values, list)}
    count = max((len(values) for values in arrays.values()), default=0)
    return [
        {key: values[index] if index < len(values) else None for key, values in arrays.items()}
        for index in range(count)
    ]


def _text_to_object(text: str, between: str | None = None, after: str | None = None) -> dict[str, Value]:
    parts = [part.partition(between or ":") for part in text.split(after or ",")]
    return {key.strip(WHITE_SPACE): value.strip(WHITE_SPACE) for key, found, value in parts if found}


def _merged(*maps: Mapping[str, Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for one in maps:
        result = {**result, **{key: value for key, value in one.items() if key not in result}}
    return result


def _get_values(holder: Mapping[str, Value], keys: Value) -> Value:
    if isinstance(keys, list):
        return [holder[name] for name in dict.fromkeys(map(_key, keys)) if name in holder]
    return holder.get(_key(keys))


def _has_keys(holder: Mapping[str, Value], keys: Value) -> bool:
    return any(_key(key) in holder for key in (keys if isinstance(keys, list) else [keys]))


def _is_empty(value: Value) -> bool:
    if value is not None and not isinstance(value, str | list | Mapping):
        raise ExpressionError(f"is_empty takes a string, array or object, and not the type {type_name(value)}.")
    return is_empty(value)


def _json(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        found: Value = json.loads(value, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ExpressionError(f"The text is not JSON: {error}.") from None
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a value of JSON")


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "is_empty": _is_empty,
    "arrays_to_object": _arrays_to_objects,
    "arrays_to_objects": _arrays_to_objects,
    "to_object": _object,
    "str_to_object": _text_to_object,
    "nullify": lambda: None,
    "get_keys": lambda holder: list(holder),
    "get_values": lambda text, key, between, after=None: _text_to_object(text, between, after).get(key),
    "map_get_values": _get_values,
    "map_has_keys": _has_keys,
    "add_to_map": _merged,
    "object_to_map": _object_to_map,
    "to_map": _to_map,
    "array_to_map": _array_to_map,
    "json_to_object": _json,
}
