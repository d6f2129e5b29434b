"""The standard XDM resources as Schema Registry shows them, made from the facts of the XDM library.

The facts are names, types and limits. What else a document of the registry has is derived: `meta:altId` from the
`$id`, `meta:xdmField` from the name (adobe/xdm writes `xdm:x`, `@id`, `schema:latitude` for `x`, `_id`,
`_schema.latitude`).
Descriptions, and titles of fields, are Adobe's text and left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.schema_registry.identity import alt_id
from flowctl.xdm.types import xdm_type

if TYPE_CHECKING:
    from flowctl.xdm.library import Facts

TYPES = {"behavior": "behaviors", "class": "classes", "fieldgroup": "mixins", "datatype": "datatypes"}
"""What the facts call a type of resource, and what the registry calls it."""

_LIMITS = (
    *("format", "enum", "const", "pattern", "minLength", "maxLength", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum"),
)


def resource(facts: Facts) -> dict[str, Any]:
    """Return the document of a resource: its fields below `definitions`, what it includes by `$ref`."""
    name = facts["id"].rstrip("/").rpartition("/")[2]
    document: dict[str, Any] = {
        "$id": facts["id"],
        "meta:altId": alt_id(facts["id"]),
        "meta:resourceType": TYPES[facts["kind"]],
        "version": "1",
        "title": facts["title"],
        "type": "object",
        "meta:status": facts["status"],
    }
    if facts["kind"] in ("behavior", "class", "fieldgroup"):
        document |= {"meta:abstract": True, "meta:extensible": True}
    for key in ("extends", "intendedToExtend"):
        if facts.get(key):
            document[f"meta:{key}"] = facts[key]
    references = [{"type": "object", "$ref": id_, "meta:xdmType": "object"} for id_ in facts.get("includes", ())]
    if facts.get("fields"):
        own = {"properties": _properties(facts["fields"], "xdm")}
        document["definitions"] = {name: _with_required(own, facts.get("required", ())) | {"meta:xdmType": "object"}}
        references.append({"type": "object", "$ref": f"#/definitions/{name}", "meta:xdmType": "object"})
    elif facts.get("required"):
        references.append(_with_required({"type": "object", "meta:xdmType": "object"}, facts["required"]))
    document["allOf"] = references
    return document | {"meta:xdmType": "object"}


def _properties(fields: Facts, prefix: str) -> dict[str, Any]:
    return {name: _node(node, name, prefix) for name, node in fields.items()}


def _node(facts: Facts, name: str, prefix: str) -> dict[str, Any]:
    node: dict[str, Any] = {key: facts[key] for key in ("type", *_LIMITS) if key in facts}
    references = facts.get("refs", ())
    if len(references) == 1:
        node |= {"type": node.get("type", "object"), "$ref": references[0]}
    elif references:
        node |= {"type": "object", "allOf": [{"type": "object", "$ref": id_} for id_ in references]}
    if facts.get("suggested"):
        node["meta:enum"] = {str(value): "" for value in facts["suggested"]}
    if facts.get("fields"):
        inner = name[1:] if name.startswith("_") and name != "_id" else "xdm"
        node |= {"type": "object", "properties": _properties(facts["fields"], inner)}
    if "items" in facts:
        node |= {"type": "array", "items": _node(facts["items"], "", prefix)}
    if "values" in facts:
        node |= {"type": "object", "additionalProperties": _node(facts["values"], "", prefix), "meta:xdmType": "map"}
    node = _with_required(node, facts.get("required", ()))
    if name and not name.startswith("_"):
        node["meta:xdmField"] = f"{prefix}:{name}"
    elif name == "_id":
        node["meta:xdmField"] = "@id"
    found = xdm_type(node)
    return node if found is None else {"meta:xdmType": found} | node


def _with_required(node: dict[str, Any], paths: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """Return a node that requires some dotted paths; a path into a reference becomes a `properties` of its own."""
    for path in paths:
        here = node
        for name in path.split("."):
            here.setdefault("required", []).append(name) if name not in here.get("required", ()) else None
            here = here.setdefault("properties", {}).setdefault(name, {})
        if not here:
            _drop_empty(node, path.split("."))
    return node


def _drop_empty(node: dict[str, Any], names: list[str]) -> None:
    """Remove the empty property that the last name of a path left behind: what it is stands elsewhere."""
    for name in names[:-1]:
        node = node["properties"][name]
    if not node["properties"][names[-1]]:
        del node["properties"][names[-1]]
    if not node["properties"]:
        del node["properties"]
