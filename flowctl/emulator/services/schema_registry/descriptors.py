"""Descriptors: identities, relationships and display information of schemas."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_descriptor_id
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.accept import descriptor_view
from flowctl.emulator.services.schema_registry.descriptor_rules import check_rules, node_at
from flowctl.emulator.services.schema_registry.errors import invalid, not_found
from flowctl.emulator.services.schema_registry.listing import page_members, read_page
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.union_tags import IDENTITY
from flowctl.emulator.services.schema_registry.visible import as_shown, change, only_shown, shown
from flowctl.emulator.shapes import either, is_integer, is_text

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

TYPE = "descriptors"
NEEDED = {
    IDENTITY: ("xdm:sourceProperty", "xdm:namespace", "xdm:property"),
    "xdm:descriptorReferenceIdentity": ("xdm:sourceProperty", "xdm:identityNamespace"),
    "xdm:descriptorOneToOne": ("xdm:sourceProperty", "xdm:destinationSchema"),
    "xdm:descriptorRelationship": ("xdm:sourceProperty", "xdm:destinationSchema"),
    "xdm:alternateDisplayInfo": ("xdm:sourceProperty",),
    "xdm:descriptorDeprecated": ("xdm:sourceProperty",),
    "xdm:descriptorPrimaryKey": ("xdm:sourceProperty",),
    "xdm:descriptorVersion": ("xdm:sourceProperty",),
    "xdm:descriptorTimestamp": ("xdm:sourceProperty",),
    "xdm:descriptorTimeSeriesGranularity": (),
    "xdm:descriptorLabel": ("xdm:sourceProperty",),
}
SEVERAL = ("xdm:descriptorDeprecated", "xdm:descriptorPrimaryKey")
"""Types whose path may be an array of paths."""
LIMIT = 4000
_VERSION = either(is_text, is_integer)
"""The description has both."""


def create(call: Call) -> Reply:
    """Create a descriptor: 201 with its `@id`."""
    body = _checked(call, None)
    if call.platform.objects.count(call.caller.scope, TYPE) >= LIMIT:
        raise invalid(f"A sandbox holds at most {LIMIT} descriptors.")
    descriptor = _with_server_members(call, new_descriptor_id(), body, call.now_ms)
    id_ = descriptor["@id"]
    call.platform.objects.insert(
        call.caller.scope, TYPE, id_, descriptor, etag=id_, created=descriptor["created"], name=descriptor["@type"]
    )
    call.platform.objects.refer(call.caller.scope, TYPE, id_, [("schemas", descriptor["xdm:sourceSchema"])])
    return Reply(201, descriptor)


def replace(call: Call) -> Reply:
    """Replace a descriptor: 200 with it (the official description), or 201 (guide) with the setting `documents`."""
    stored = _find_newest(call)
    body = _checked(call, stored.id)
    _check_primary_stays(call, stored.value(), body)
    descriptor = _with_server_members(call, stored.id, body, stored.created)
    change(call, TYPE, stored, descriptor, etag=stored.id, name=descriptor["@type"])
    call.platform.objects.refer_anew(call.caller.scope, TYPE, stored.id, [("schemas", descriptor["xdm:sourceSchema"])])
    return Reply(201 if call.platform.settings.follows_guides else 200, descriptor)


def read(call: Call) -> Reply:
    """Return one descriptor; a lookup needs no version."""
    return Reply(body=_find(call).value())


def delete(call: Call) -> Reply:
    """Delete a descriptor: 204."""
    stored = _find_newest(call)
    _check_primary_stays(call, stored.value(), {})
    call.platform.objects.delete(call.caller.scope, TYPE, stored.id)
    return Reply(204)


def list_descriptors(call: Call) -> Reply:
    """List descriptors: grouped by `@type` without paging, or as `results` with paging in the v2 views."""
    view = descriptor_view(call)
    shape = view.removeprefix("xdm").removeprefix("-v2").removeprefix("-") or "whole"
    if view.startswith("xdm-v2"):
        page = read_page(call, call.platform.objects, call.caller.scope, TYPE, only_shown(call))
        results = [_shown(as_shown(call, TYPE, stored), shape) for stored in page.found]
        return Reply(body={"results": results, **page_members(call, page, {})})
    groups: dict[str, list[Any]] = {}
    for newest in call.platform.objects.select(call.caller.scope, TYPE, only_shown(call)):
        stored = as_shown(call, TYPE, newest)
        groups.setdefault(stored.value()["@type"], []).append(_shown(stored, shape))
    return Reply(body=groups)


def _shown(stored: Stored, shape: str) -> Any:
    if shape == "id":
        return stored.id
    return f"/tenant/descriptors/{stored.id}" if shape == "link" else stored.value()


def _find(call: Call) -> Stored:
    stored = shown(call, TYPE, call.parameters["id"])
    if stored is None:
        raise not_found(TYPE, call.parameters["id"])
    return stored


def _find_newest(call: Call) -> Stored:
    found = _find(call)
    return call.platform.objects.get(call.caller.scope, TYPE, found.id) or found


def _checked(call: Call, id_: str | None) -> dict[str, Any]:
    body = parse(call.incoming.body)
    if not isinstance(body, dict):
        raise invalid("A descriptor is a JSON object.")
    type_ = body.get("@type")
    if not isinstance(type_, str) or type_ not in NEEDED:
        raise invalid(f"The descriptor type {type_} is not known.")
    schema_id = body.get("xdm:sourceSchema")
    if not isinstance(schema_id, str):
        raise invalid("A descriptor has an xdm:sourceSchema.")
    if not _VERSION(body.get("xdm:sourceVersion", 1)):
        raise invalid("xdm:sourceVersion is a string or an integer.")
    schema = shown(call, "schemas", schema_id)
    if schema is None:
        raise invalid(f"The schema {schema_id} of the descriptor is not found.")
    for member in NEEDED[type_]:
        if not body.get(member):
            raise invalid(f"A {type_} has a {member}.")
    view = full_view(call, schema.value())
    paths = body.get("xdm:sourceProperty", [])
    if isinstance(paths, list) and len(paths) != 1 and type_ not in SEVERAL:
        raise invalid(f"The xdm:sourceProperty of a {type_} is one path.")
    for path in paths if isinstance(paths, list) else [paths]:
        node_at(str(path), view["properties"])
    check_rules(call, body, view["properties"], view.get("required", []))
    if type_ == IDENTITY:
        _check_identity(call, body, str(schema_id), id_)
    return body


def _check_primary_stays(call: Call, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse to change or to remove the primary identity of a schema that is enabled for Profile."""
    if before["@type"] != IDENTITY or before.get("xdm:isPrimary") is not True:
        return
    schema = call.platform.objects.get(call.caller.scope, "schemas", before["xdm:sourceSchema"])
    if schema is None or "union" not in schema.value().get("meta:immutableTags", []):
        return
    fixed = ("@type", "xdm:sourceSchema", "xdm:sourceProperty", "xdm:namespace", "xdm:isPrimary")
    if any(before.get(member) != after.get(member) for member in fixed):
        raise invalid(f"The schema {schema.id} is enabled for Profile: its primary identity cannot be changed.")


def _check_identity(call: Call, body: dict[str, Any], schema_id: str, id_: str | None) -> None:
    if body.get("xdm:isPrimary") is not True:
        return
    objects, scope = call.platform.objects, call.caller.scope
    for other in objects.referrers(scope, TYPE, "schemas", schema_id):
        stored = objects.get(scope, TYPE, other) if other != id_ else None
        descriptor = stored.value() if stored else {}
        if descriptor.get("@type") == IDENTITY and descriptor.get("xdm:isPrimary") is True:
            raise invalid(f"The schema {schema_id} has a primary identity already.")


def _with_server_members(call: Call, id_: str, body: dict[str, Any], created: int) -> dict[str, Any]:
    return {
        **body,
        "@id": id_,
        "imsOrg": call.caller.org,
        "createdUser": call.caller.user,
        "createdClient": call.caller.client_id,
        "updatedUser": call.caller.user,
        "created": created,
        "updated": call.now_ms,
        "meta:containerId": "tenant",
        "meta:sandboxId": call.caller.sandbox_id,
        "meta:sandboxType": call.caller.sandbox_type,
        "meta:registryMetadata": {
            "repo:createdDate": created,
            "repo:lastModifiedDate": call.now_ms,
            "xdm:createdClientId": call.caller.client_id,
            "xdm:createdUserId": call.caller.user,
            "xdm:lastModifiedUserId": call.caller.user,
            "eTag": secrets.token_hex(32),
        },
        "version": "1",
    }
