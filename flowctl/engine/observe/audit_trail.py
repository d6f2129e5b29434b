"""The audit trail of some objects: what was done to each, the newest first, if these credentials may read it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.understood import understood
from flowctl.kinds.audit_events import IDS_AT_ONCE, AuditEvent, audit_events, audit_request
from flowctl.model.errors import PlatformError, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTrail:
    """Events by object ID; `unread` says why there are none although some may exist."""

    events: Mapping[str, Sequence[AuditEvent]] = field(default_factory=dict)
    unread: str = ""


def read_audit_trail(ids: Sequence[str], send: Send, pool: ThreadPoolExecutor) -> AuditTrail:
    """The events of objects with these IDs. They only explain what was found, so that a failure is a note."""
    batches = [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
    found: dict[str, list[AuditEvent]] = {}
    for page in pool.map(lambda batch: _read(batch, send), batches):
        if isinstance(page, str):
            return AuditTrail(unread=page)
        for event in page:
            found.setdefault(event.object_id, []).append(event)
    return AuditTrail(events=found)


def _read(ids: Sequence[str], send: Send) -> Sequence[AuditEvent] | str:
    request = audit_request(ids)
    try:
        return understood(request, send(request), audit_events)
    except Refused as error:
        if error.status == 403:
            return "these credentials may not read audit events (HTTP 403)"
        return error.diagnostics[0].summary
    except PlatformError as error:
        return error.diagnostics[0].summary
