"""The views of a resource that an Accept header can ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.visible import shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_TEXTS = frozenset({"title", "description"})


def as_view(call: Call, resource: dict[str, Any], view: str) -> dict[str, Any]:
    """Return a resource as `view` shows it: raw or resolved, with or without texts, with descriptors."""
    if view == "xed-id":
        return {key: resource[key] for key in ("$id", "meta:altId", "title", "version") if key in resource}
    shown = resource if view in ("xed", "xed-notext") else full_view(call, resource)
    if view.endswith("-notext"):
        shown = _without_texts(shown)
    if view == "xed-full-desc":
        shown = shown | {"meta:descriptors": _descriptors(call, resource["$id"])}
    return shown


def _descriptors(call: Call, schema_id: str) -> list[dict[str, Any]]:
    objects, scope = call.platform.objects, call.caller.scope
    found = (shown(call, "descriptors", id_) for id_ in objects.referrers(scope, "descriptors", "schemas", schema_id))
    return [stored.value() for stored in found if stored]


def _without_texts(node: Any) -> Any:
    """Drop titles and descriptions of nodes, but not fields that happen to have such a name."""
    if not isinstance(node, dict):
        return [_without_texts(item) for item in node] if isinstance(node, list) else node
    return {
        key: {name: _without_texts(child) for name, child in value.items()}
        if key in ("properties", "definitions") and isinstance(value, dict)
        else _without_texts(value)
        for key, value in node.items()
        if not (key in _TEXTS and isinstance(value, str))
    }
