"""Fields as nodes of a JSON Schema, which say how a value is converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field

_DEEPEST = 5
"""Levels of an object that is copied as a whole: data types may contain themselves."""


def node_of(field: Field) -> dict[str, object]:
    """Return a field as a node of a JSON Schema, without its limits."""
    return _node(field, 0)


def _node(field: Field, depth: int) -> dict[str, object]:
    type_ = field.type
    if type_ == "any" or depth > _DEEPEST:
        return {}
    if type_ == "array":
        items = field.items
        return {"type": "array"} | ({"items": _node(items, depth + 1)} if items is not None else {})
    if type_ == "map":
        inner = field.child("")
        return {"type": "object"} | ({"additionalProperties": _node(inner, depth + 1)} if inner is not None else {})
    if type_ == "object":
        below = {name: child for name in field.names() if (child := field.child(name)) is not None}
        return {"type": "object", "properties": {name: _node(child, depth + 1) for name, child in below.items()}}
    return {"type": type_, "format": field.format} if field.format else {"type": type_}
