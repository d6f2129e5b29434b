"""Who changed an object last, by its own members and by its audit events; pure."""

from collections.abc import Sequence
from typing import Final

from flowctl.kinds.audit_events import DELETE, AuditEvent, is_deleted
from flowctl.kinds.live_state import Provenance
from flowctl.model.drift_report import LastChange
from flowctl.model.resource import RemoteObject

_SAME_WRITE: Final = 60_000
"""Milliseconds between the time of an object and that of the event of the same write, at most."""
_YEAR_10000: Final = 253_402_300_800_000
_CREATE: Final = "create"


def is_hidden(events: Sequence[AuditEvent]) -> bool:
    """Whether the events know an object that is not found, and nothing of its deletion: access labels hide it."""
    return bool(events) and not is_deleted(events)


def explained(provenance: Provenance, live: RemoteObject | None, events: Sequence[AuditEvent]) -> LastChange:
    """The last change of an object.

    The service itself also writes to objects, such as after a run, and is their last author then; an audit event names
    the person. The client is that of the object, if both tell of the same write.
    """
    own = _own(provenance, live) if live is not None else LastChange()
    event = next((each for each in events if _explains(each, is_gone=live is None)), None)
    if event is None:
        return own
    near = own.at is not None and event.at is not None and abs(own.at - event.at) <= _SAME_WRITE
    return LastChange(by=event.by or own.by, at=event.at or own.at, client=own.client if near else None)


def _explains(event: AuditEvent, *, is_gone: bool) -> bool:
    """Whether an event may be the change: a missing object was deleted, another one changed after its creation."""
    return event.action == DELETE if is_gone else event.action not in (_CREATE, DELETE)


def _own(provenance: Provenance, live: RemoteObject) -> LastChange:
    by, at = provenance.updated_by(live.body), provenance.updated_at(live.body)
    client = provenance.updated_client(live.body)
    return LastChange(
        by=by if isinstance(by, str) else None,
        at=at if type(at) is int and 0 <= at < _YEAR_10000 else None,
        client=client if isinstance(client, str) else None,
    )
