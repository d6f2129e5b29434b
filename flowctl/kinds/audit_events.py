"""Audit events of Experience Platform: who changed which object, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flowctl.kinds.identifier import listed
from flowctl.model.request import Reply, Request

_PATH: Final = "/data/foundation/audit/events"
_PAGE: Final = 1000
"""The largest `limit`; the API shows no more events than these whatever the filters are."""
IDS_AT_ONCE: Final = 20
"""Objects that are asked for together; the address of a request has room for them, `$id` of schemas included."""
DELETE: Final = "delete"
_DONE: Final = frozenset({"allow", "success"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One write to an object; `at` is in epoch milliseconds."""

    object_id: str
    action: str
    by: str | None
    at: int | None


def audit_request(ids: Sequence[str]) -> Request:
    """The request for the newest events about objects of these IDs."""
    return Request(method="GET", path=_PATH, query=(("property", f"assetId=={','.join(ids)}"), ("limit", str(_PAGE))))


def audit_events(reply: Reply) -> list[AuditEvent]:
    """The events that say that something was done, the newest first; a refused or failed write changed nothing."""
    events = listed((reply.body.get("_embedded") or {}).get("events", []))
    done = [_event(each) for each in events if str(each.get("status", "Success")).lower() in _DONE]
    return sorted(done, key=lambda event: event.at or 0, reverse=True)


def is_deleted(events: Sequence[AuditEvent]) -> bool:
    """Whether the newest events of an object that was not found show its deletion."""
    return any(event.action == DELETE for event in events)


def last_at(events: Sequence[AuditEvent]) -> int | None:
    """The time of the newest event, in epoch milliseconds; None if none has one."""
    return max((event.at for event in events if event.at is not None), default=None)


def _event(body: Mapping[str, Any]) -> AuditEvent:
    who = body.get("userEmail") or body.get("authId")
    return AuditEvent(
        object_id=str(body["assetId"]),
        action=str(body.get("action", "")).lower(),
        by=who if isinstance(who, str) else None,
        at=_moment(body.get("timestamp")),
    )


def _moment(text: object) -> int | None:
    """Epoch milliseconds of a time such as `2021-08-04T21:58:09.745+0000`."""
    if not isinstance(text, str):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
