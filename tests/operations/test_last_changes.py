"""Who changed an object last: its own members beside its audit events."""

import pytest

from flowctl.kinds.audit_events import AuditEvent, is_deleted
from flowctl.kinds.registry import KINDS
from flowctl.model.drift_report import LastChange
from flowctl.model.resource import RemoteObject
from flowctl.operations.last_changes import explained, is_hidden

FLOW = KINDS["flow"].provenance
AT = 1_800_000_000_000


def live(**body: object) -> RemoteObject:
    return RemoteObject(id="f", etag=None, attributes={}, body=body)


def event(action: str, *, by: str | None = "jo", at: int | None = AT) -> AuditEvent:
    return AuditEvent(object_id="f", action=action, by=by, at=at)


OWN = {"updatedBy": "service", "updatedAt": AT, "updatedClient": "exc_app"}
ROWS: dict[str, tuple[RemoteObject | None, list[AuditEvent], LastChange]] = {
    "the object alone": (live(**OWN), [], LastChange(by="service", at=AT, client="exc_app")),
    "an event of the same write": (live(**OWN), [event("update")], LastChange(by="jo", at=AT, client="exc_app")),
    "an event just before": (
        live(**OWN),
        [event("update", at=AT - 60_000)],
        LastChange(by="jo", at=AT - 60_000, client="exc_app"),
    ),
    "the service wrote later": (live(**OWN), [event("update", at=AT - 60_001)], LastChange(by="jo", at=AT - 60_001)),
    "the creation is no change": (live(**OWN), [event("create")], LastChange(by="service", at=AT, client="exc_app")),
    "an earlier deletion is none either": (
        live(**OWN),
        [event("delete"), event("disable", by="sam")],
        LastChange(by="sam", at=AT, client="exc_app"),
    ),
    "an event without a person": (
        live(**OWN),
        [event("update", by=None)],
        LastChange(by="service", at=AT, client="exc_app"),
    ),
    "a deletion": (None, [event("update"), event("delete", by="sam")], LastChange(by="sam", at=AT)),
    "gone without a word": (None, [event("update")], LastChange()),
    "members of other types": (live(updatedBy=5, updatedAt="x", updatedClient=[]), [], LastChange()),
    "an event without a time": (live(**OWN), [event("update", at=None)], LastChange(by="jo", at=AT)),
    "an object without a time": (live(updatedClient="exc_app"), [event("update")], LastChange(by="jo", at=AT)),
    "a deletion without a time or a person": (None, [event("delete", by=None, at=None)], LastChange()),
    "an event just after": (
        live(**OWN),
        [event("update", at=AT + 60_000)],
        LastChange(by="jo", at=AT + 60_000, client="exc_app"),
    ),
    "an event of a later write": (live(**OWN), [event("update", at=AT + 60_001)], LastChange(by="jo", at=AT + 60_001)),
    "a time beyond the calendar": (live(updatedBy="a", updatedAt=253_402_300_800_000), [], LastChange(by="a")),
    "the last time of the calendar": (live(updatedAt=253_402_300_799_999), [], LastChange(at=253_402_300_799_999)),
    "the first time of all": (live(updatedAt=0), [], LastChange(at=0)),
    "a time before it": (live(updatedAt=-1), [], LastChange()),
    "a word for a time": (live(updatedAt=True), [], LastChange()),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_last_change(row: str) -> None:
    found, events, expected = ROWS[row]
    assert explained(FLOW, found, events) == expected


def test_hidden_is_what_events_know_and_nothing_of_its_deletion() -> None:
    assert is_hidden([event("create")])
    assert not is_hidden([])
    assert not is_hidden([event("create"), event("delete")])
    assert is_deleted([event("create"), event("delete")])
