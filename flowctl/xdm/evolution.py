"""What a change of a resolved schema breaks (rules: Adobe docs, XDM schema composition, evolution)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")


def breaking(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[str]:
    """Yield each way in which the tree `after` refuses what `before` accepted or lacks what it had."""
    if _type(before) != _type(after):
        yield f"{path or '/'} changes its type"
        return
    if _loses_values(before.get("enum"), after.get("enum")):
        yield f"{path} restricts its values"
    if any(_is_tighter(key, before.get(key), after[key]) for key in _BOUNDS if key in after):
        yield f"{path} tightens its bounds"
    for name in after.get("required") or ():
        if name in (before.get("properties") or {}) and name not in (before.get("required") or ()):
            yield f"{path}/{name} becomes required"
    for member in ("items", "additionalProperties"):
        if isinstance(before.get(member), dict) and isinstance(after.get(member), dict):
            yield from breaking(before[member], after[member], f"{path}[]")
    fields = after.get("properties", {})
    for name, child in (before.get("properties") or {}).items():
        if name not in fields:
            yield f"{path}/{name} is removed"
        elif isinstance(child, dict) and isinstance(fields[name], dict):
            yield from breaking(child, fields[name], f"{path}/{name}")


def _type(node: dict[str, Any]) -> tuple[Any, ...]:
    """What a node may not be otherwise: a map, an object and a data type of the same fields are three things."""
    return node.get("type"), node.get("format"), node.get("meta:xdmType") == "map", node.get("meta:referencedFrom")


def _is_tighter(key: str, before: Any, after: Any) -> bool:
    """Return whether a bound is new, another pattern, or one that fewer values meet."""
    if before == after:
        return False
    if key == "pattern" or not isinstance(before, int | float) or not isinstance(after, int | float):
        return True
    return after > before if key.startswith("min") else after < before


def _loses_values(before: object, after: object) -> bool:
    """Return whether an enum was added, or some of its values taken away."""
    if not isinstance(after, list):
        return False
    return not isinstance(before, list) or any(value not in after for value in before)
