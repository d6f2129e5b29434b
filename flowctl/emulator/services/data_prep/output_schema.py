"""The output schema of a mapping set as reads show it: its own ID and version, and the resolved XDM schema.

Adobe docs: data-prep/api/mapping-set.md, which prints the schema with these members, without `meta:` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.unions import find_union

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_OF_SCHEMA = ("version", "imsOrg", "$id")
_OF_NODE = (
    *("title", "description", "type", "format", "pattern", "minimum", "maximum", "default", "enum", "required"),
    *("properties", "items"),
)
_WORDS = {"true": True, "false": False}


def expanded(call: Call, mapping_set: dict[str, Any]) -> dict[str, Any]:
    """Return a set with the `jsonSchema` of its output schema, unless the schema has been deleted since."""
    output = mapping_set["outputSchema"]
    id_ = output["schemaRef"]["id"]
    stored = call.platform.objects.get(call.caller.scope, "schemas", id_)
    resolved = full_view(call, stored.value()) if stored else find_union(call, id_)
    if resolved is None:
        return mapping_set
    schema = _node(resolved) | {key: resolved[key] for key in _OF_SCHEMA if key in resolved}
    return mapping_set | {"outputSchema": output | {"jsonSchema": schema}}


def wants_schema(call: Call) -> bool | None:
    """Return the value of `expandSchema`; None if it is missing. Refuses (400) a value other than true or false."""
    text = call.incoming.query.get("expandSchema")
    if text is None:
        return None
    if text.lower() not in _WORDS:
        raise bad_request("The query parameter expandSchema is true or false.")
    return _WORDS[text.lower()]


def _node(node: dict[str, Any]) -> dict[str, Any]:
    kept = {key: node[key] for key in _OF_NODE if key in node}
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {name: _node(child) for name, child in kept["properties"].items()}
    if isinstance(kept.get("items"), dict):
        kept["items"] = _node(kept["items"])
    return kept
