"""Values of other clients as a schema types them: `"24"` is 24 where an integer is asked for."""

import re
from collections.abc import Mapping
from typing import Final

from flowctl.model.json_value import JSON, JSONObject

_INTEGER: Final = re.compile(r"-?\d{1,18}(?:\.0+)?\Z", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?\Z", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}


def typed(value: JSON, schema: JSON) -> JSON:
    """The value with numbers and booleans where a JSON Schema wants them and a string spells one.

    Members that the schema describes come first, in its order.
    """
    if not isinstance(schema, Mapping):
        return value
    if isinstance(value, Mapping):
        members = schema.get("properties") or {}
        described = [name for name in members if name in value]
        others = [name for name in value if name not in members]
        return {name: typed(value[name], members.get(name)) for name in (*described, *others)}
    if isinstance(value, list):
        return [typed(item, schema.get("items")) for item in value]
    if isinstance(value, float) and value.is_integer() and "integer" in _types(schema):
        return int(value)
    return _read(value, _types(schema)) if isinstance(value, str) else value


def _types(schema: JSONObject) -> tuple[str, ...]:
    found = schema.get("type", ())
    return (found,) if isinstance(found, str) else tuple(found)


def _read(text: str, types: tuple[str, ...]) -> JSON:
    if "string" in types:
        return text
    if "boolean" in types and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if "integer" in types and _INTEGER.match(text):
        return int(text.partition(".")[0])
    if "number" in types and _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text


def without_defaults(values: JSONObject, schema: JSON) -> dict[str, JSON]:
    """The members that differ from what a JSON Schema says is their default."""
    members = schema.get("properties") or {} if isinstance(schema, Mapping) else {}
    return {name: value for name, value in values.items() if not _is_default(value, members.get(name))}


def _is_default(value: JSON, schema: JSON) -> bool:
    return isinstance(schema, Mapping) and "default" in schema and bool(schema["default"] == value)
