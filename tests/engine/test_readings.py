"""What a plan has read: noted once, and compared with what is read later."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from flowctl.engine.observe.reading import read_objects
from flowctl.engine.observe.readings import Readings, read_the_same
from flowctl.kinds.live_state import LiveWarning
from flowctl.kinds.registry import KINDS
from flowctl.model.errors import Refused, Unreachable
from flowctl.model.request import Reply, Request

CONNECTION, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
BATCH = 2
_KINDS = {**KINDS, "source_connection": replace(KINDS["source_connection"], batch_size=BATCH)}
SPECS = Request(method="GET", path="/specs", query=(("property", "name==x"),), headers={"Accept": "a"})


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def items(*found: dict[str, Any]) -> Callable[[Request], Reply]:
    """A platform that replies to everything with these objects."""
    return lambda _request: Reply(status=200, body={"items": list(found)})


def refused(status: int) -> Callable[[Request], Reply]:
    def send(_request: Request) -> Reply:
        error = Refused([])
        error.status = status
        raise error

    return send


def connection(object_id: str = CONNECTION, **members: Any) -> dict[str, Any]:
    return {"id": object_id, "etag": '"1"', "state": "enabled", "name": "n", **members}


def noted(send: Callable[[Request], Reply], *ids: str) -> Readings:
    readings = Readings()
    readings.of_objects(KINDS["source_connection"], send)(KINDS["source_connection"].read_many(ids))
    return readings


@pytest.mark.parametrize(
    ("now", "is_same"),
    [
        ([connection()], True),
        ([connection(name="another name under the same etag")], True),
        ([connection(etag='"2"')], False),
        ([connection(state="disabled")], False),
        ([], False),
        ([connection(OTHER)], False),
        ([connection(), connection(OTHER)], False),
    ],
)
def test_an_object_is_the_same_by_its_etag_and_its_state(
    pool: ThreadPoolExecutor, now: list[dict[str, Any]], is_same: bool
) -> None:
    assert read_the_same(noted(items(connection()), CONNECTION), _KINDS, items(*now), pool) is is_same


@pytest.mark.parametrize(("name", "is_same"), [("n", True), ("m", False)])
def test_an_object_without_an_etag_is_the_same_by_all_that_it_holds(
    pool: ThreadPoolExecutor, name: str, is_same: bool
) -> None:
    before = noted(items(connection(etag=None)), CONNECTION)
    assert read_the_same(before, _KINDS, items(connection(etag=None, name=name)), pool) is is_same


def test_objects_are_read_in_the_batches_of_their_kind(pool: ThreadPoolExecutor) -> None:
    third = "33333333-3333-4333-8333-333333333333"
    asked = []

    def send(request: Request) -> Reply:
        ids = dict(request.query)["property"].removeprefix("id==").split(",")
        asked.append(ids)
        return items(*map(connection, ids))(request)

    before = noted(items(connection(), connection(OTHER), connection(third)), CONNECTION, OTHER, third)
    assert read_the_same(before, _KINDS, send, pool)
    assert asked == [[CONNECTION, OTHER], [third]]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_what_is_refused_now_is_not_the_same(pool: ThreadPoolExecutor, status: int) -> None:
    assert not read_the_same(noted(items(connection()), CONNECTION), _KINDS, refused(status), pool)


def test_what_is_refused_ends_the_wait_for_the_others(pool: ThreadPoolExecutor) -> None:
    ids = [CONNECTION, OTHER, *(f"{number}3333333-3333-4333-8333-333333333333" for number in range(5))]
    before, returned = noted(items(*map(connection, ids)), *ids), Event()
    asked: list[Request] = []

    def send(request: Request) -> Reply:
        asked.append(request)
        if len(asked) > 1:
            returned.wait(5)
        return refused(403)(request)

    assert not read_the_same(before, _KINDS, send, pool)
    is_waiting = len(asked) <= 2
    returned.set()
    assert is_waiting


def test_what_cannot_be_read_is_not_the_same(pool: ThreadPoolExecutor) -> None:
    assert not read_the_same(
        noted(items(connection()), CONNECTION), _KINDS, lambda _request: Reply(status=200, body={"items": {}}), pool
    )


def test_a_platform_that_does_not_reply_is_an_error(pool: ThreadPoolExecutor) -> None:
    def silent(_request: Request) -> Reply:
        raise Unreachable([])

    with pytest.raises(Unreachable):
        read_the_same(noted(items(connection()), CONNECTION), _KINDS, silent, pool)


def test_no_page_is_read_after_the_one_that_has_the_last_object(pool: ThreadPoolExecutor) -> None:
    asked = []

    def send(request: Request) -> Reply:
        asked.append(request)
        following = {"next": {"href": f"/flows?continuationToken={len(asked)}"}}
        return Reply(status=200, body={"items": [connection()], "_links": following})

    assert read_the_same(noted(items(connection()), CONNECTION), _KINDS, send, pool)
    assert len(asked) == 1


def answered(send: Callable[[Request], Reply]) -> Readings:
    readings = Readings()
    with suppress(Refused):
        readings.of_answers(send)(SPECS)
    return readings


def test_a_question_is_asked_again_as_it_was(pool: ThreadPoolExecutor) -> None:
    asked = []

    def send(request: Request) -> Reply:
        asked.append(request)
        return Reply(status=200, body=[1])

    assert read_the_same(answered(send), _KINDS, send, pool)
    assert asked == [SPECS, SPECS]


@pytest.mark.parametrize("now", [items(), items(connection()), refused(404), refused(403)])
def test_another_answer_is_not_the_same(pool: ThreadPoolExecutor, now: Callable[[Request], Reply]) -> None:
    before = answered(items(connection(name="x")))
    assert not read_the_same(before, _KINDS, now, pool)


def test_what_is_still_missing_is_the_same(pool: ThreadPoolExecutor) -> None:
    assert read_the_same(answered(refused(404)), _KINDS, refused(404), pool)
    assert not read_the_same(answered(refused(404)), _KINDS, items(), pool)
    assert not read_the_same(answered(refused(404)), _KINDS, refused(403), pool)
    assert not read_the_same(answered(refused(403)), _KINDS, refused(403), pool), "a refusal is not an answer"


def test_more_than_questions_cannot_be_asked_again() -> None:
    readings = Readings()
    readings.of_answers(items())(SPECS)
    assert readings.is_repeatable
    readings.of_answers(items())(replace(SPECS, method="POST"))
    assert not readings.is_repeatable


DATASET = "5c8c3c555033b814b69f947f"


@pytest.mark.parametrize(
    ("members", "is_warned_of", "is_same"),
    [({}, False, True), ({"version": "2.0"}, False, True), ({"name": "other"}, False, False), ({}, True, False)],
)
def test_a_dataset_is_the_same_by_what_a_plan_looks_at(
    pool: ThreadPoolExecutor, members: dict[str, Any], is_warned_of: bool, is_same: bool
) -> None:
    def send(**members: Any) -> Callable[[Request], Reply]:
        body = {"name": "n", "version": "1.0", **members}
        return lambda _request: Reply(status=200, body={DATASET: body})

    kind, readings = KINDS["dataset"], Readings()
    readings.saw(kind, read_objects(kind, [DATASET], send()))
    found = LiveWarning(summary="s", hint="h") if is_warned_of else None
    kinds = {"dataset": replace(kind, warning=lambda _live: found)}
    assert read_the_same(readings, kinds, send(**members), pool) is is_same
