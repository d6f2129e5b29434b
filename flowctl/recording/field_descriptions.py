"""Descriptions of fields in a record: in connection specs and schemas, as JSON Schema."""

from typing import Any, Final

DESCRIBED: Final = frozenset({"properties", "definitions"})
"""Members whose own members are descriptions of fields."""
BOUNDS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
"""Members of a description that bound a number."""
_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
"""Types of JSON Schema."""
_REFERENCES: Final = ("https://ns.adobe.com/", "#/")
"""How references to another description begin."""
_INTEGERS: Final = (0, 1, 100, 10_000, 1_000_000_000, 1_000_000_000_000)
"""Numbers within no bound, one, and the XDM types byte, short, int and long."""


def is_description(value: Any) -> bool:
    """Whether a member of `properties` or `definitions` describes a field: then its name is no sign of a secret."""
    if not isinstance(value, dict):
        return False
    if "type" in value:
        types = value["type"] if isinstance(value["type"], list) else [value["type"]]
        return bool(types) and all(isinstance(each, str) and each in _TYPES for each in types)
    if isinstance(value.get("properties"), dict):
        return all(is_description(each) for each in value["properties"].values())
    return isinstance(value.get("$ref"), str) and value["$ref"].startswith(_REFERENCES)


def bound(value: float) -> int:
    """Return what stands for the bound of a number, from which the field has the same XDM type."""
    size = next((most for most in _INTEGERS if abs(value) <= most), _INTEGERS[-1])
    return -size if value < 0 else size
