"""POST, PUT, PATCH and DELETE of the tenant's schemas, field groups, data types and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator import json_patch
from flowctl.emulator.conditions import Condition
from flowctl.emulator.identifiers import new_schema_hash
from flowctl.emulator.json_text import dump, parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.compose import all_references, compose
from flowctl.emulator.services.schema_registry.errors import invalid, xdm_error
from flowctl.emulator.services.schema_registry.evolution import check_change, check_classes, check_deletion
from flowctl.emulator.services.schema_registry.identity import NAMESPACE
from flowctl.emulator.services.schema_registry.resources import find_newest, full_view
from flowctl.emulator.services.schema_registry.union_tags import check_tags
from flowctl.emulator.services.schema_registry.visible import change
from flowctl.xdm.library import standard

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.errors import Refusal
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored


def creator(type_: str) -> Callable[[Call], Reply]:
    """Return the POST of a type: 201 with the whole resource."""

    def create(call: Call) -> Reply:
        return Reply(201, _replied(call, create_resource(call, type_, _object(parse(call.incoming.body)))))

    return create


def create_resource(call: Call, type_: str, body: dict[str, Any], *, imported: bool = False) -> dict[str, Any]:
    """Store a new resource and return it. Refuses what `compose` refuses, and a title that is taken."""
    id_ = f"{NAMESPACE}{call.caller.tenant}/{type_}/{new_schema_hash()}"
    resource = compose(call, type_, id_, body, None, imported=imported)
    _check_title(call, resource)
    check_tags(call, resource, None)
    full_view(call, resource)
    registry = resource["meta:registryMetadata"]
    call.platform.objects.insert(
        call.caller.scope,
        type_,
        id_,
        resource,
        etag=registry["eTag"],
        created=registry["repo:createdDate"],
        name=resource["title"],
    )
    _refer(call, resource)
    return resource


def _replied(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as the reply to a write shows it."""
    if call.platform.settings.registryMetadata == "current":
        return resource
    found = resource["meta:registryMetadata"]
    older = {"repo:createDate": "repo:createdDate", "xdm:repositoryCreatedBy": "xdm:createdUserId"}
    kept = {name: found[name] for name in ("repo:lastModifiedDate", "xdm:createdClientId", "eTag")}
    kept["palm:sandboxName"] = call.caller.sandbox_name
    return resource | {"meta:registryMetadata": kept | {name: found[current] for name, current in older.items()}}


def replacer(type_: str) -> Callable[[Call], Reply]:
    """Return the PUT of a type: the body of a POST in place of the stored one."""

    def replace(call: Call) -> Reply:
        stored = find_newest(call, type_, call.parameters["id"])
        return Reply(200, _replied(call, _store(call, type_, stored, _object(parse(call.incoming.body)))))

    return replace


def patcher(type_: str) -> Callable[[Call], Reply]:
    """Return the PATCH of a type: JSON Patch on the stored resource."""

    def patch(call: Call) -> Reply:
        stored = find_newest(call, type_, call.parameters["id"])
        operations = parse(call.incoming.body)
        if not isinstance(operations, list) or not all(isinstance(entry, dict) for entry in operations):
            raise invalid("The body is an array of patch operations.")
        try:
            changed = json_patch.apply(stored.value(), operations)
        except json_patch.PatchError as error:
            raise invalid(str(error)) from None
        resource = _replied(call, _store(call, type_, stored, _object(changed)))
        return Reply(200, resource | {"meta:descriptorStatus": {"result": []}} if type_ == "schemas" else resource)

    return patch


def deleter(type_: str) -> Callable[[Call], Reply]:
    """Return the DELETE of a type: 204. Refuses a resource that is used (400; Adobe publishes no code)."""

    def delete(call: Call) -> Reply:
        stored = find_newest(call, type_, call.parameters["id"])
        check_deletion(call, type_, stored.value())
        call.platform.objects.delete(call.caller.scope, type_, stored.id)
        return Reply(204)

    return delete


def _store(call: Call, type_: str, stored: Stored, body: dict[str, Any]) -> dict[str, Any]:
    before = stored.value()
    resource = compose(call, type_, stored.id, body, before)
    if resource["title"] != before["title"]:
        _check_title(call, resource)
    check_tags(call, resource, before)
    full_view(call, resource)
    etag = resource["meta:registryMetadata"]["eTag"]
    check_classes(call, resource)
    check_change(call, before, resource)
    change(call, type_, stored, resource, etag=etag, name=resource["title"])
    _refer(call, resource)
    return resource


def _refer(call: Call, resource: dict[str, Any]) -> None:
    """Record every resource of the tenant that this one names anywhere."""
    prefix = f"{NAMESPACE}{call.caller.tenant}/"
    targets = {
        (reference.split("/")[4], reference)
        for reference in all_references(resource)
        if reference.startswith(prefix) and reference.count("/") >= 5
    }
    call.platform.objects.refer_anew(call.caller.scope, resource["meta:resourceType"], resource["$id"], sorted(targets))


def _check_title(call: Call, resource: dict[str, Any]) -> None:
    """Refuse a title that any resource of the tenant or the library has (XDM-1521-400)."""
    title = resource["title"]
    same_title = Condition("name = ?", (title,))
    for type_ in ("schemas", "mixins", "classes", "datatypes"):
        if call.platform.objects.count(call.caller.scope, type_, same_title):
            raise _title_used(title, type_)
    if call.platform.settings.titles == "library" and title in standard().titles:
        raise _title_used(title, "the standard library")


def _title_used(title: str, where: str) -> Refusal:
    detail = f"The title {dump(title)} is used by another resource in {where}; titles are unique."
    return xdm_error("1521", "Title not unique", detail)


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise invalid("A resource is a JSON object.")
    return document
