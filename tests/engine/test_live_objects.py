"""What is kept of live objects, and how deep they may be nested."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flowctl.engine.observe.refresh import Refresh
from flowctl.engine.observe.understood import objects_of
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.errors import UnclearReply
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request

DEEPEST = 100
READ = Request(method="GET", path="/data/foundation/flowservice/flows")


def _id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}"


def _flow(number: int, **members: Any) -> dict[str, Any]:
    return {"id": _id(number), "etag": '"1"', "name": f"flow {number}", "state": "enabled", **members}


def _nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def test_attributes_may_be_nested_as_deep_as_in_a_manifest() -> None:
    # The attributes themselves are the first level.
    deepest = Reply(status=200, body={"items": [_flow(1), _flow(2, options=_nested(DEEPEST - 1))]})
    assert len(objects_of(KINDS["flow"], READ, deepest)) == 2
    deeper = Reply(status=200, body={"items": [_flow(1), _flow(2, options=_nested(DEEPEST))]})
    with pytest.raises(UnclearReply, match="not what Adobe's API describes"):
        objects_of(KINDS["flow"], READ, deeper)


def test_a_body_is_kept_only_of_what_is_worth_a_warning() -> None:
    def send(_request: Request) -> Reply:
        return Reply(status=200, body={"items": [_flow(1), _flow(2, state="disabled")]})

    entries = {Address(f"f{number}.flow"): LockEntry(kind="flow", id=_id(number)) for number in (1, 2)}
    with ThreadPoolExecutor(2) as pool:
        observed = Refresh(kinds=KINDS, send=send, pool=pool).observe({}, entries, {})
    enabled, disabled = observed.objects.values()
    assert (enabled.body, disabled.body) == ({}, _flow(2, state="disabled"))
    assert (enabled.attributes["name"], enabled.etag) == ("flow 1", '"1"')


def test_attributes_that_equal_the_record_are_kept_once_and_others_as_they_are() -> None:
    def send(_request: Request) -> Reply:
        return Reply(status=200, body={"items": [_flow(1), _flow(2), _flow(3, description="more")]})

    applied = {number: {"name": f"flow {number}", "state": "enabled"} for number in (1, 3)}
    applied[2] = {"name": "renamed", "state": "enabled"}
    entries = {
        Address(f"f{number}.flow"): LockEntry(kind="flow", id=_id(number), applied=applied[number])
        for number in (1, 2, 3)
    }
    with ThreadPoolExecutor(2) as pool:
        same, other, more = Refresh(kinds=KINDS, send=send, pool=pool).live(entries).values()
    assert same.attributes is applied[1]
    assert (other.attributes["name"], more.attributes["description"]) == ("flow 2", "more")


def test_objects_of_several_entries_are_each_read_once_whatever_is_asked_first() -> None:
    asked: list[str] = []

    def send(request: Request) -> Reply:
        asked.append(dict(request.query)["property"])
        return Reply(status=200, body={"items": [_flow(number) for number in (1, 2) if _id(number) in asked[-1]]})

    first = {Address("a.flow"): LockEntry(kind="flow", id=_id(1))}
    second = {Address("b.flow"): LockEntry(kind="flow", id=_id(2))}
    with ThreadPoolExecutor(1) as pool:
        live = Refresh(kinds=KINDS, send=send, pool=pool)
        live.read_ahead(first)
        assert [*live.live(first), *live.live({**first, **second}), *live.live(second)] == [
            *first,
            *first,
            *second,
            *second,
        ]
    assert asked == [f"id=={_id(1)}", f"id=={_id(2)}"]


class _Counted(dict[Address, LockEntry]):
    walks = 0

    def values(self) -> Any:
        self.walks += 1
        return super().values()


def test_the_same_entries_are_walked_once_for_what_is_to_be_read() -> None:
    entries = _Counted({Address("a.flow"): LockEntry(kind="flow", id=_id(1))})
    with ThreadPoolExecutor(1) as pool:
        live = Refresh(kinds=KINDS, send=lambda _: Reply(status=200, body={"items": [_flow(1)]}), pool=pool)
        live.read_ahead(entries)
        live.observe({}, entries, {})
    assert entries.walks == 1
