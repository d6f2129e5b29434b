"""From a posted body to a whole resource: the checks of each type and the members that the registry adds."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.schema_registry.errors import invalid, xdm_error
from flowctl.emulator.services.schema_registry.identity import (
    GLOBAL_LIBRARY_VERSION,
    NAMESPACE,
    alt_id,
    tenant_namespace,
)
from flowctl.emulator.services.schema_registry.resources import load
from flowctl.emulator.shapes import is_object, is_text, odd_member
from flowctl.xdm.resolve import CHOSEN
from flowctl.xdm.types import fill_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.message import Call
    from flowctl.emulator.shapes import Shape

ADHOC = f"{NAMESPACE}xdm/data/adhoc"
BEHAVIORS = frozenset({f"{NAMESPACE}xdm/data/record", f"{NAMESPACE}xdm/data/time-series", ADHOC})
DATASET_NAMESPACE = "meta:datasetNamespace"
"""Of a class for one dataset and of its schemas: the name below which its fields are."""
WRITABLE = frozenset(
    [
        "title",
        "description",
        "type",
        "allOf",
        "definitions",
        "properties",
        "required",
        "meta:intendedToExtend",
        "meta:immutableTags",
        "meta:status",
        "meta:enum",
        "meta:tenantNamespace",
        "imsOrg",
        "additionalProperties",
        "examples",
    ]
)

_SHAPES: Final[Mapping[str, Shape]] = {
    "description": is_text,
    "definitions": is_object,
    "properties": is_object,
    "items": is_object,
}


def compose(
    call: Call, type_: str, id_: str, body: dict[str, Any], before: dict[str, Any] | None, *, imported: bool = False
) -> dict[str, Any]:
    """Return the resource that is stored. Refuses what is not a resource of its type, unknown references,
    a field outside the tenant's namespace (XDM-1021-400). An imported field group may extend no class.
    """
    if not isinstance(body.get("title"), str) or not body["title"]:
        raise invalid("A resource has a title.")
    # The description requires a type; Adobe's Python client creates schemas without one.
    if body.get("type", "object" if type_ == "schemas" else None) != "object":
        raise invalid("The type of a resource is object.")
    odd = odd_member(body, _SHAPES)
    if odd is not None:
        raise invalid(f"The value of {odd} does not have the type that the API describes.")
    resource = {key: value for key, value in body.items() if key in WRITABLE}
    resource["type"] = "object"
    references = _references(resource)
    try:
        resource = fill_in(resource)
    except (ValueError, TypeError) as error:
        raise invalid(str(error)) from None
    if "definitions" in resource:
        resource["definitions"] = {name: _typed(block) for name, block in resource["definitions"].items()}
    if imported and type_ == "mixins" and resource.get("meta:intendedToExtend") == []:
        resource |= _part_of_schemas(call, resource)
    else:
        resource |= _OF_TYPE[type_](call, resource, references)
    if type_ == "classes" and ADHOC in references:
        resource |= _for_one_dataset(resource, id_)
    return _server_members(call, type_, id_, resource, references, before)


def _typed(block: Any) -> Any:
    return {"type": "object", **block} if isinstance(block, dict) and "properties" in block else block


def _references(resource: dict[str, Any]) -> list[str]:
    entries = resource.get("allOf", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise invalid("allOf is an array of objects.")
    references = [entry["$ref"] for entry in entries if "$ref" in entry]
    if not all(isinstance(reference, str) for reference in references):
        raise invalid("A $ref is a string.")
    if any(CHOSEN in entry and not _is_choice(entry[CHOSEN]) for entry in entries):
        raise invalid(f"{CHOSEN} is a path that begins with a slash, or an array of such paths.")
    whole = [entry["$ref"] for entry in entries if "$ref" in entry and CHOSEN not in entry]
    distinct = list(dict.fromkeys(references))
    if len(set(whole)) != len(whole) or any(references.count(reference) > 1 for reference in whole):
        raise invalid("allOf names a resource twice.")
    return distinct


def _is_choice(value: object) -> bool:
    paths = [value] if isinstance(value, str) else value
    return isinstance(paths, list) and all(isinstance(path, str) and path.startswith("/") for path in paths)


def all_references(node: Any) -> list[str]:
    """Return every `$ref` anywhere in a value."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("$ref"), str):
                found.append(item["$ref"])
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return found


def _schema(call: Call, _resource: dict[str, Any], references: list[str]) -> dict[str, Any]:
    parts = {reference: _known(call, reference) for reference in references if not reference.startswith("#")}
    classes = [id_ for id_, part in parts.items() if part["meta:resourceType"] == "classes"]
    if len(classes) != 1:
        raise invalid(f"A schema has exactly one class in allOf; this one has {len(classes)}.")
    lineage = [classes[0], *parts[classes[0]].get("meta:extends", [])]
    for id_, part in parts.items():
        if id_ == classes[0]:
            continue
        if part["meta:resourceType"] != "mixins":
            raise invalid(f"{id_} is neither a class nor a field group.")
        # A standard group that names no class, such as identitymap, may extend any.
        if "meta:intendedToExtend" in part and not set(part["meta:intendedToExtend"]) & set(lineage):
            raise invalid(f"The field group {id_} is not intended to extend the class {classes[0]}.")
    groups = [id_ for id_ in parts if id_ != classes[0]]
    own = {key: value for key, value in parts[classes[0]].items() if key == DATASET_NAMESPACE}
    return {
        **own,
        "meta:class": classes[0],
        "meta:extends": [*lineage, *groups],
        "meta:abstract": False,
        "meta:extensible": False,
    }


def _field_group(call: Call, resource: dict[str, Any], _references: list[str]) -> dict[str, Any]:
    extended = resource.get("meta:intendedToExtend")
    if not isinstance(extended, list) or not extended:
        raise invalid("A field group has meta:intendedToExtend with at least one class.")
    for id_ in extended:
        if not isinstance(id_, str) or _known(call, id_)["meta:resourceType"] not in ("classes", "behaviors"):
            raise invalid(f"{id_} in meta:intendedToExtend is not a class.")
    return _part_of_schemas(call, resource)


def _part_of_schemas(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    _check_namespace(call, resource)
    return {"meta:abstract": True, "meta:extensible": True}


def _data_type(call: Call, _resource: dict[str, Any], references: list[str]) -> dict[str, Any]:
    for reference in references:
        if not reference.startswith("#"):
            _known(call, reference)
    return {"meta:abstract": True, "meta:extensible": True}


def _class(call: Call, resource: dict[str, Any], references: list[str]) -> dict[str, Any]:
    behaviors = [reference for reference in references if reference in BEHAVIORS]
    if len(behaviors) != 1:
        raise invalid("A class has exactly one behavior in allOf.")
    _check_namespace(call, resource)
    return {"meta:extends": behaviors, "meta:abstract": True, "meta:extensible": True}


def _for_one_dataset(resource: dict[str, Any], id_: str) -> dict[str, Any]:
    """Return a class with the behavior `adhoc` with its fields below its own ID, in place of `_adhoc`."""
    namespace = f"_{id_.rpartition('/')[2]}"
    entries = [
        entry | {"properties": {namespace if name == "_adhoc" else name: field for name, field in fields.items()}}
        if isinstance(fields := entry.get("properties"), dict)
        else entry
        for entry in resource["allOf"]
    ]
    return {"allOf": entries, DATASET_NAMESPACE: namespace}


_OF_TYPE = {"schemas": _schema, "mixins": _field_group, "datatypes": _data_type, "classes": _class}


def _known(call: Call, id_: str) -> dict[str, Any]:
    resource = load(call, id_)
    if resource is None:
        raise invalid(f"The reference {id_} names no resource.")
    return resource


def _check_namespace(call: Call, resource: dict[str, Any]) -> None:
    namespace = tenant_namespace(call.caller.tenant)
    blocks = [resource, *(block for block in (resource.get("definitions") or {}).values() if isinstance(block, dict))]
    for block in blocks:
        fields = block.get("properties", {})
        for field in fields if isinstance(fields, dict) else ():
            if field != namespace:
                detail = f"The field {field} must be below the namespace {namespace}."
                raise xdm_error("1021", "Namespace violation", detail)


def _server_members(
    call: Call,
    type_: str,
    id_: str,
    resource: dict[str, Any],
    references: list[str],
    before: dict[str, Any] | None,
) -> dict[str, Any]:
    now, caller = call.now_ms, call.caller
    registry = {
        "repo:createdDate": now,
        "repo:lastModifiedDate": now,
        "xdm:createdClientId": caller.client_id,
        "xdm:lastModifiedClientId": caller.client_id,
        "xdm:createdUserId": caller.user,
        "xdm:lastModifiedUserId": caller.user,
        "eTag": secrets.token_hex(32),
        "meta:globalLibVersion": GLOBAL_LIBRARY_VERSION,
    }
    version = "1.0"
    if before is not None:
        created = before["meta:registryMetadata"]
        registry |= {key: created[key] for key in ("repo:createdDate", "xdm:createdClientId", "xdm:createdUserId")}
        version = _next_version(before, resource)
    return {
        "$id": id_,
        "meta:altId": alt_id(id_),
        "meta:resourceType": type_,
        "version": version,
        **resource,
        "refs": [each for each in dict.fromkeys(references + all_references(resource)) if not each.startswith("#")],
        "imsOrg": caller.org,
        "meta:xdmType": "object",
        "meta:containerId": "tenant",
        "meta:sandboxId": caller.sandbox_id,
        "meta:sandboxType": caller.sandbox_type,
        "meta:tenantNamespace": tenant_namespace(caller.tenant),
        "meta:registryMetadata": registry,
    }


def _next_version(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Count the minor version up on a structural change."""
    structure = ("allOf", "definitions", "properties", "required")
    if all(before.get(member) == after.get(member) for member in structure):
        return str(before["version"])
    major, _, minor = str(before["version"]).partition(".")
    return f"{major}.{int(minor or 0) + 1}"
