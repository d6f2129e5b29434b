"""Destination paths: dotted, with `[n]` or `[*]` at arrays, looked up in a resolved schema."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(r"([^.\[\]]+)((?:\[(?:\d+|\*)\])*)\Z")


def destination_problem(path: str, schema: dict[str, Any]) -> str | None:
    """Return why a path leads to no field of the schema, or None where it does."""
    node: Any = schema
    for part in path.split("."):
        match = _PART.match(part)
        if match is None:
            return f"The destination {path} is not a path."
        fields = node.get("properties") if isinstance(node, dict) else None
        if node.get("meta:xdmType") == "map" and not fields:
            node = node.get("additionalProperties") or {}
        elif isinstance(fields, dict) and match[1] in fields:
            node = fields[match[1]]
        else:
            return f"The destination {path} is not in the schema: there is no {match[1]}."
        for _ in range(match[2].count("[")):
            if node.get("type") != "array":
                return f"The destination {path} has an index on {match[1]}, which is not an array."
            node = node.get("items") or {}
    return None


def field_at(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema node that a path without problem leads to, inside arrays where it has `[n]` or `[*]`."""
    node: Any = schema
    for part in path.split("."):
        name, _, indexes = part.partition("[")
        if node.get("meta:xdmType") == "map" and not node.get("properties"):
            node = node.get("additionalProperties") or {}
        else:
            node = node["properties"][name]
        for _ in range(indexes.count("]")):
            node = node.get("items") or {}
    return dict(node)
