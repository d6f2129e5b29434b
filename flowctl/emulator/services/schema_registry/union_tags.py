"""The tag `union`, which enables a schema for Profile: its precondition, and that it never goes away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.schema_registry.errors import invalid, xdm_error
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.visible import shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

IDENTITY = "xdm:descriptorIdentity"


def check_tags(call: Call, resource: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Refuse to take a tag away, and `union` without identityMap or primary identity (XDM-1528-400)."""
    tags = resource.get("meta:immutableTags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise invalid("meta:immutableTags is an array of strings.")
    kept = (before or {}).get("meta:immutableTags", [])
    if not set(kept) <= set(tags):
        raise invalid("A tag in meta:immutableTags cannot be removed.")
    if "union" not in tags or "union" in kept:
        return
    if "identityMap" in full_view(call, resource)["properties"] or _has_primary_identity(call, resource["$id"]):
        return
    detail = "A schema of a union has the field identityMap or a primary identity descriptor."
    raise xdm_error("1528", "Union without identity", detail)


def _has_primary_identity(call: Call, schema_id: str) -> bool:
    objects, scope = call.platform.objects, call.caller.scope
    for id_ in objects.referrers(scope, "descriptors", "schemas", schema_id):
        stored = shown(call, "descriptors", id_)
        descriptor = stored.value() if stored else {}
        if descriptor.get("@type") == IDENTITY and descriptor.get("xdm:isPrimary") is True:
            return True
    return False
