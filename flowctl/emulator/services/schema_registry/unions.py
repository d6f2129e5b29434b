"""Unions: the generated views of all schemas of one class that carry the tag `union`."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition, all_of
from flowctl.emulator.json_text import dump
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.accept import list_view, lookup_view
from flowctl.emulator.services.schema_registry.errors import not_found, xdm_error
from flowctl.emulator.services.schema_registry.identity import GLOBAL_LIBRARY_VERSION, alt_id, full_id
from flowctl.emulator.services.schema_registry.resources import full_view, load
from flowctl.emulator.services.schema_registry.views import as_view
from flowctl.emulator.services.schema_registry.visible import as_shown, only_shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

UNION_SUFFIX = "__union"
_TAGGED = Condition(
    "EXISTS (SELECT 1 FROM json_each(body, '$.\"meta:immutableTags\"') AS tag WHERE tag.value = 'union')"
)
_ADDED = {
    "identityMap": {"type": "object", "title": "IdentityMap", "meta:xdmType": "map", "additionalProperties": {}},
    "segmentMembership": {
        "type": "object",
        "title": "Segment membership",
        "meta:xdmType": "map",
        "additionalProperties": {},
    },
    "timeSeriesEvents": {"type": "array", "title": "Time-series events", "meta:xdmType": "array", "items": {}},
}


def list_unions(call: Call) -> Reply:
    """List the unions of the sandbox."""
    view = list_view(call)
    results = [union_view(call, union, view) for union in _unions(call).values()]
    page = {"orderby": "title", "next": None, "count": len(results)}
    return Reply(body={"results": results, "_page": page, "_links": {"next": None}})


def read_union(call: Call) -> Reply:
    """Return one union by the id of its class with `__union` behind it."""
    view = lookup_view(call)
    union = find_union(call, call.parameters["id"])
    if union is None:
        raise not_found("unions", call.parameters["id"])
    return Reply(body=union_view(call, union, view))


def union_view(call: Call, union: dict[str, Any], view: str) -> dict[str, Any]:
    """Return a union as `view` shows it: with `allOf` like a schema, or with the fields that this leads to."""
    left_out = "properties" if view in ("xed", "xed-notext") else "allOf"
    return as_view(call, {key: value for key, value in union.items() if key != left_out}, view)


def find_union(call: Call, name: str) -> dict[str, Any] | None:
    """Return the union of that id or altId with `allOf` and its fields, or None."""
    return _unions(call).get(full_id(name))


def _unions(call: Call) -> dict[str, dict[str, Any]]:
    unions: dict[str, dict[str, Any]] = {}
    for stored in call.platform.objects.select(call.caller.scope, "schemas", all_of([_TAGGED, only_shown(call)])):
        schema = as_shown(call, "schemas", stored).value()
        if "union" not in schema.get("meta:immutableTags", []):
            continue
        id_ = schema["meta:class"] + UNION_SUFFIX
        union = unions.setdefault(id_, _empty(call, id_, schema["meta:class"]))
        _merge(union["properties"], full_view(call, schema)["properties"], "")
        _extend(union["meta:extends"], [schema["$id"], *schema["meta:extends"]])
        known = [entry["$ref"] for entry in union["allOf"]]
        union["allOf"] += [{"$ref": reference} for reference in schema["refs"] if reference not in known]
    for union in unions.values():
        text = dump({key: union[key] for key in ("meta:extends", "properties")})
        union["meta:registryMetadata"]["eTag"] = sha256(text.encode()).hexdigest()
    return unions


def _extend(known: list[str], more: list[str]) -> None:
    known += [each for each in more if each not in known]


def _empty(call: Call, id_: str, class_id: str) -> dict[str, Any]:
    """The union of a class before any schema is added: its title is that of the class."""
    class_ = load(call, class_id) or {}
    return {
        "$id": id_,
        "meta:altId": alt_id(id_),
        "meta:resourceType": "unions",
        "version": "1.0",
        "type": "object",
        "title": class_.get("title", class_id),
        "description": f"Union view of all schemas that extend {class_id}",
        "allOf": [],
        "meta:class": class_id,
        "meta:extends": [],
        "meta:xdmType": "object",
        "meta:registryMetadata": {"meta:globalLibVersion": GLOBAL_LIBRARY_VERSION},
        "meta:containerId": "tenant",
        "meta:sandboxId": call.caller.sandbox_id,
        "meta:sandboxType": call.caller.sandbox_type,
        "imsOrg": call.caller.org,
        "properties": dict(_ADDED),
    }


def _merge(into: dict[str, Any], fields: dict[str, Any], path: str) -> None:
    """Add fields to a union. Refuses one path with two types (XDM-1413-400)."""
    for name, field in fields.items():
        known = into.get(name)
        if known is None or name in _ADDED:
            into[name] = field
        elif known.get("type") != field.get("type"):
            detail = f"The field {path}/{name} has different types in the schemas of the union."
            raise xdm_error("1413", "Merge conflict", detail)
        elif isinstance(known.get("properties"), dict) and isinstance(field.get("properties"), dict):
            merged = dict(known["properties"])
            _merge(merged, field["properties"], f"{path}/{name}")
            into[name] = known | {"properties": merged}
