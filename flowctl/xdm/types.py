"""`meta:xdmType`: what a JSON Schema node is in XDM's own terms, and the filling in of it."""

from __future__ import annotations

from typing import Any

_INTEGERS = ((128, "byte"), (32768, "short"), (2147483648, "int"))
MAX_DEPTH = 60


def xdm_type(node: dict[str, Any]) -> str | None:
    """Return the XDM type of a node, or None where its JSON type says nothing (Adobe docs: field constraints)."""
    type_ = node.get("type")
    if type_ == "string":
        return str(node["format"]) if node.get("format") in ("date", "date-time") else "string"
    if type_ == "integer":
        bound = max(abs(_bound(node, "minimum")), abs(_bound(node, "maximum")))
        if bound == 0:
            return "int"
        return next((name for limit, name in _INTEGERS if bound <= limit), "long")
    if type_ in ("number", "boolean", "array"):
        return str(type_)
    if type_ == "object" or "properties" in node or "allOf" in node:
        return "object"
    return None


def fill_in(node: Any, depth: int = 0) -> Any:
    """Return a node with `meta:xdmType` on every level; what is there already (a map, say) stays."""
    if depth > MAX_DEPTH:
        raise ValueError("The resource is nested too deeply.")
    if not isinstance(node, dict):
        return node
    result = dict(node)
    for member in ("properties", "definitions"):
        if isinstance(result.get(member), dict):
            result[member] = {key: fill_in(child, depth + 1) for key, child in result[member].items()}
    for member in ("items", "additionalProperties"):
        if isinstance(result.get(member), dict):
            result[member] = fill_in(result[member], depth + 1)
    if isinstance(result.get("allOf"), list):
        result["allOf"] = [fill_in({"type": "object"} | child, depth + 1) for child in result["allOf"]]
    found = xdm_type(result)
    if found is not None:
        result.setdefault("meta:xdmType", found)
    return result


def _bound(node: dict[str, Any], key: str) -> float:
    value = node.get(key, 0)
    return value if isinstance(value, int | float) else 0
