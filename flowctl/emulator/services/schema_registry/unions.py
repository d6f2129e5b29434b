"""Unions: the generated views of all schemas of one class that carry the tag `union`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition, all_of
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.accept import list_view, lookup_view
from flowctl.emulator.services.schema_registry.errors import not_found, xdm_error
from flowctl.emulator.services.schema_registry.identity import alt_id, full_id
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.views import as_view
from flowctl.emulator.services.schema_registry.visible import only_shown

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
    results = [as_view(call, union, view) for union in _unions(call).values()]
    page = {"orderby": "title", "next": None, "count": len(results)}
    return Reply(body={"results": results, "_page": page, "_links": {"next": None}})


def read_union(call: Call) -> Reply:
    """Return one union by the id of its class with `__union` behind it."""
    lookup_view(call)
    union = find_union(call, call.parameters["id"])
    if union is None:
        raise not_found("unions", call.parameters["id"])
    return Reply(body=union)


def find_union(call: Call, name: str) -> dict[str, Any] | None:
    """Return the union of that id or altId, or None."""
    return _unions(call).get(full_id(name))


def _unions(call: Call) -> dict[str, dict[str, Any]]:
    unions: dict[str, dict[str, Any]] = {}
    for stored in call.platform.objects.select(call.caller.scope, "schemas", all_of([_TAGGED, only_shown(call)])):
        schema = stored.value()
        id_ = schema["meta:class"] + UNION_SUFFIX
        union = unions.setdefault(id_, _empty(call, id_, schema["meta:class"]))
        _merge(union["properties"], full_view(call, schema)["properties"], "")
        union["meta:extends"].append(schema["$id"])
    return unions


def _empty(call: Call, id_: str, class_id: str) -> dict[str, Any]:
    return {
        "$id": id_,
        "meta:altId": alt_id(id_),
        "meta:resourceType": "unions",
        "version": "1.0",
        "type": "object",
        "title": f"Union of {class_id}",
        "meta:class": class_id,
        "meta:extends": [],
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
