"""Finding XDM resources: those of the tenant in the store, those of all tenants in the library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Step, equals_any, on_path
from flowctl.emulator.library import LIBRARY_SCOPE
from flowctl.emulator.services.schema_registry.errors import invalid, not_found
from flowctl.emulator.services.schema_registry.identity import full_id
from flowctl.emulator.services.schema_registry.visible import shown
from flowctl.xdm.resolve import Unresolvable, resolved

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import ObjectStore, Stored

# What a path calls a type, and what resources call it themselves.
TYPES = {
    "schemas": "schemas",
    "fieldgroups": "mixins",
    "mixins": "mixins",
    "classes": "classes",
    "datatypes": "datatypes",
}
GLOBAL_TYPES = TYPES | {"behaviors": "behaviors"}


def container(call: Call, name: str) -> tuple[ObjectStore, int]:
    """Return the store and scope of the container `global` or `tenant`."""
    if name == "global":
        return call.platform.library.xdm_store, LIBRARY_SCOPE
    return call.platform.objects, call.caller.scope


def find(call: Call, where: str, type_: str, name: str) -> Stored:
    """Return the resource of that `$id` or altId. Refuses an unknown one (404 with the code of its type)."""
    found = find_or_none(call, where, type_, name)
    if found is None:
        raise not_found(type_, name)
    return found


def find_newest(call: Call, type_: str, name: str) -> Stored:
    """Return the tenant's resource in the state that a write works with. Refuses one that is unknown to reads (404)."""
    found = find(call, "tenant", type_, name)
    return call.platform.objects.get(call.caller.scope, type_, found.id) or found


def find_or_none(call: Call, where: str, type_: str, name: str) -> Stored | None:
    """Return the resource of that `$id` or altId, or None."""
    store, scope = container(call, where)
    found = store.get(scope, type_, full_id(name)) if where == "global" else shown(call, type_, full_id(name))
    if found is None and where == "global":
        # The altId of an `$id` that holds dots, or is not below Adobe's namespace, leads back by its text only.
        same_name = on_path("body", [Step("meta:altId")], lambda left: equals_any(left, [name]))
        found = next(iter(store.select(scope, type_, same_name)), None)
    return found


def load(call: Call, id_: str) -> dict[str, Any] | None:
    """Return the resource of that `$id` from either container, whatever its type, or None."""
    standard = call.platform.library.standard_xdm(id_)
    if standard is not None:
        return standard
    parts = id_.split("/")
    type_ = parts[4] if len(parts) > 5 else ""
    stored = shown(call, type_, id_) if type_ in TYPES.values() else None
    return stored.value() if stored else None


def full_view(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource with every reference resolved. Refuses (400) one that cannot be."""
    try:
        return resolved(resource, lambda id_: load(call, id_))
    except Unresolvable as error:
        raise invalid(str(error)) from None
