"""Audit events as the API shows them."""

from typing import Any

import pytest

from flowctl.kinds.audit_events import AuditEvent, audit_events, audit_request
from flowctl.kinds.identifier import Unclear
from flowctl.model.request import Reply


def shown(**members: Any) -> dict[str, Any]:
    return {
        "assetId": "a",
        "action": "Update",
        "userEmail": "jo",
        "timestamp": "2021-08-04T21:58:09.745+0000",
    } | members


def read(*events: dict[str, Any]) -> list[AuditEvent]:
    return audit_events(Reply(status=200, body={"_embedded": {"events": list(events)}}))


def test_an_event_is_read() -> None:
    assert read(shown()) == [AuditEvent(object_id="a", action="update", by="jo", at=1_628_114_289_745)]


@pytest.mark.parametrize(("status", "counts"), [("Success", 1), ("Allow", 1), ("Failure", 0), ("Deny", 0)])
def test_a_write_that_was_refused_or_failed_is_none(status: str, counts: int) -> None:
    assert len(read(shown(status=status))) == counts


def test_the_newest_comes_first_whatever_the_order_of_the_reply() -> None:
    events = read(
        shown(action="Create", timestamp="2021-08-04T00:00:00.000+0000"),
        shown(action="Delete", timestamp="2021-08-05T00:00:00Z"),
        shown(action="Enable", timestamp=None),
    )
    assert [each.action for each in events] == ["delete", "create", "enable"]


@pytest.mark.parametrize("timestamp", ["yesterday", "", 5, None, "9999-99-99T00:00:00Z"])
def test_a_time_that_cannot_be_read_is_unknown(timestamp: object) -> None:
    assert read(shown(timestamp=timestamp))[0].at is None


def test_without_an_address_the_id_of_the_credential_names_who_it_was() -> None:
    assert read(shown(userEmail="", authId="key"))[0].by == "key"
    assert read(shown(userEmail=None))[0].by is None


def test_no_events_and_what_is_no_list() -> None:
    assert audit_events(Reply(status=200, body={})) == []
    with pytest.raises(Unclear):
        audit_events(Reply(status=200, body={"_embedded": {"events": {}}}))


def test_several_ids_share_a_request() -> None:
    request = audit_request(["a", "b"])
    assert dict(request.query) == {"property": "assetId==a,b", "limit": "1000"}
