"""The views of a resource that an Accept header can ask for."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from flowctl.emulator.errors import Refusal
from flowctl.emulator.services.schema_registry.descriptor_rules import DISPLAY, node_at
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.visible import shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_DEPRECATED = "xdm:descriptorDeprecated"
_TEXTS = frozenset({"title", "description"})


def as_view(call: Call, resource: dict[str, Any], view: str) -> dict[str, Any]:
    """Return a resource as `view` shows it: raw or resolved, with or without texts, with descriptors."""
    if view == "xed-id":
        return {key: resource[key] for key in ("$id", "meta:altId", "title", "version") if key in resource}
    shown = resource if view in ("xed", "xed-notext") else full_view(call, resource)
    if view.endswith("-notext"):
        shown = _without_texts(shown)
    if view == "xed-deprecatefield":
        shown = _deprecated(call, shown)
    if view == "xed-full-desc":
        descriptors = _descriptors(call, resource["$id"])
        shown = _displayed(shown, descriptors) | {"meta:descriptors": descriptors}
    return shown


def _deprecated(call: Call, shown: dict[str, Any]) -> dict[str, Any]:
    """Mark the fields that a descriptor deprecates; those that their own definition does are marked already."""
    shown = deepcopy(shown)
    for descriptor in _descriptors(call, shown["$id"]):
        paths = descriptor["xdm:sourceProperty"] if descriptor["@type"] == _DEPRECATED else []
        for path in [paths] if isinstance(paths, str) else paths:
            with suppress(Refusal):
                node_at(str(path), shown["properties"])["meta:status"] = "deprecated"
    return shown


def _displayed(shown: dict[str, Any], descriptors: list[dict[str, Any]]) -> dict[str, Any]:
    """Give fields the title, the description and the suggested values that descriptors have for them."""
    displays = [descriptor for descriptor in descriptors if descriptor["@type"] == DISPLAY]
    shown = deepcopy(shown) if displays else shown
    for descriptor in displays:
        with suppress(Refusal):
            field = node_at(str(descriptor["xdm:sourceProperty"]), shown["properties"])
            field |= {text: _text(descriptor[f"xdm:{text}"]) for text in _TEXTS if f"xdm:{text}" in descriptor}
            less = descriptor.get("xdm:excludeMetaEnum", {})
            more = {value: _text(text) for value, text in descriptor.get("meta:enum", {}).items()}
            values = {value: text for value, text in field.get("meta:enum", {}).items() if value not in less} | more
            if values or "meta:enum" in field:
                field["meta:enum"] = values
    return shown


def _text(text: Any) -> Any:
    """Return a text, of one in several languages the American one or else the first."""
    return text.get("en_us", next(iter(text.values()), "")) if isinstance(text, dict) else text


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
