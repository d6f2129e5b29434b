"""`GET /stats`: the tenant id and what the registry of the sandbox holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flowctl.emulator.message import Reply

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

COUNTED = ("schemas", "mixins", "datatypes", "classes")
RECENT = 10


def read_stats(call: Call) -> Reply:
    """Return `{"imsOrg", "tenantId", "counts", "recentlyCreatedResources", ...}`; it needs no special Accept."""
    objects, scope = call.platform.objects, call.caller.scope
    counts = {type_: objects.count(scope, type_) for type_ in COUNTED}
    resources = [
        stored.value() for type_ in COUNTED for stored in objects.select(scope, type_, order="seq DESC", limit=RECENT)
    ]
    usage: dict[str, list[str]] = {}
    for stored in objects.select(scope, "schemas", limit=1000):
        schema = stored.value()
        usage.setdefault(schema["meta:class"], []).append(schema["$id"])
    return Reply(
        body={
            "imsOrg": call.caller.org,
            "tenantId": call.caller.tenant,
            "counts": counts | {"unions": 0},
            "recentlyCreatedResources": _newest(resources, "repo:createdDate", "meta:created"),
            "recentlyUpdatedResources": _newest(resources, "repo:lastModifiedDate", "meta:updated"),
            "classUsage": usage,
        }
    )


def _newest(resources: list[dict[str, Any]], moment: str, shown: str) -> list[dict[str, Any]]:
    def when(resource: dict[str, Any]) -> int:
        return int(resource["meta:registryMetadata"][moment])

    return [
        {
            "title": resource["title"],
            "description": resource.get("description", ""),
            "$id": resource["$id"],
            "meta:altId": resource["meta:altId"],
            "version": resource["version"],
            "meta:resourceType": resource["meta:resourceType"],
            "lastUpdated": js_date(when(resource)),
            shown: js_date(when(resource)),
        }
        for resource in sorted(resources, key=when, reverse=True)[:RECENT]
    ]


def js_date(moment_ms: int) -> str:
    """Return a moment as the registry writes it in `/stats` and in change logs."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
