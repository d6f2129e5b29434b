"""Twins among objects whose members no platform should have: nothing is raised, and nothing is invented."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowctl.engine.plan.twins import find_twins
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Resource, Unknown
from flowctl.operations.duplicate_words import duplicate

LIVE = "11111111-1111-4111-8111-111111111111"
ADDRESS = Address.of("people", "flow")
DESIRED = {
    "name": "People",
    "flowSpec": {"id": "spec", "version": "1.0"},
    "sourceConnectionIds": ["source"],
    "targetConnectionIds": ["target"],
}


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as threads:
        yield threads


@pytest.mark.parametrize("name", ["People", "", None])
@pytest.mark.parametrize("created", [10**30, -(10**30), "2026", {}, None, True, 1.5])
def test_odd_members_are_left_out(pool: ThreadPoolExecutor, name: object, created: object) -> None:
    odd = {
        "id": LIVE,
        "name": name,
        "flowSpec": {"id": "spec", "version": ["1.0"]},
        "sourceConnectionIds": [{"a": ["source"]}],
        "targetConnectionIds": [5],
        "createdAt": created,
        "createdBy": {"name": "somebody"},
    }

    def send(_request: Request) -> Reply:
        return Reply(status=200, headers={}, body={"items": [odd]})

    change = Change(address=ADDRESS, action=Action.CREATE, reason=Reason.NOT_RECORDED, desired=DESIRED)
    twins = find_twins([change], frozenset(), KINDS, send, pool)[ADDRESS]
    assert [twin.live.id for twin in twins] == ([LIVE] if name == "People" else [])
    for twin in twins:
        told = duplicate("dev", KINDS["flow"], Resource(address=ADDRESS, attributes=DESIRED), [twin], allowed=False)
        assert "somebody" not in told.detail
        assert ("was created" in told.detail) == (created is True)


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"name": "Other"}, [("same_identity", True, True)]),
        ({"name": "Other", "sourceConnectionIds": ["another"]}, []),
        ({"name": "Other", "sourceConnectionIds": ["source", "another"]}, []),
        ({"name": "Other", "targetConnectionIds": ["another"]}, []),
        ({"sourceConnectionIds": ["another"]}, [("same_title", True, False)]),
        ({"flowSpec": {"id": "another", "version": "1.0"}}, [("both", True, True)]),
        ({"flowSpec": {"id": "another", "version": "1.0"}, "sourceConnectionIds": []}, [("same_title", False, False)]),
        ({}, [("both", True, True)]),
    ],
)
def test_a_twin_has_the_title_or_what_a_flow_joins(
    pool: ThreadPoolExecutor, members: dict[str, object], found: list[tuple[str, bool, bool]]
) -> None:
    live = {
        "id": LIVE,
        "name": "People",
        "flowSpec": {"id": "spec", "version": "1.0"},
        "sourceConnectionIds": ["source"],
        "targetConnectionIds": ["target"],
        **members,
    }

    def send(_request: Request) -> Reply:
        return Reply(status=200, headers={}, body={"items": [live]})

    change = Change(address=ADDRESS, action=Action.CREATE, reason=Reason.NOT_RECORDED, desired=DESIRED)
    twins = find_twins([change], frozenset(), KINDS, send, pool).get(ADDRESS, [])
    words = {(True, True): "both", (True, False): "same_title", (False, True): "same_identity"}
    assert [(words[twin.same_title, twin.same_identity], twin.stops, twin.serves) for twin in twins] == found
    assert find_twins([change], frozenset({LIVE}), KINDS, send, pool).get(ADDRESS, []) == []


SOURCE = Address.of("people", "source_connection")
OURS, OTHER = "22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"


@pytest.mark.parametrize(
    ("sources", "found"),
    [([OURS], [LIVE]), ([OTHER], []), ([OURS, OTHER], []), ([OTHER, OURS], []), ([], [])],
)
def test_a_flow_joins_what_is_not_made_yet_if_that_has_a_twin(
    pool: ThreadPoolExecutor, sources: list[str], found: list[str]
) -> None:
    source = {"name": "S", "baseConnectionId": "b", "params": {"tableName": "t"}}
    lives = {
        "sourceConnections": [{"id": OURS, **source}, {"id": OTHER, "name": "another", "baseConnectionId": "c"}],
        "flows": [{**DESIRED, "id": LIVE, "name": "another", "sourceConnectionIds": sources}],
    }

    def send(request: Request) -> Reply:
        return Reply(status=200, headers={}, body={"items": lives[request.path.rpartition("/")[2]]})

    flow = {**DESIRED, "sourceConnectionIds": [Unknown(SOURCE, "id")]}
    changes = [
        Change(address=SOURCE, action=Action.CREATE, reason=Reason.NOT_RECORDED, desired=source),
        Change(address=ADDRESS, action=Action.CREATE, reason=Reason.NOT_RECORDED, desired=flow),
    ]
    twins = find_twins(changes, frozenset(), KINDS, send, pool)
    assert [twin.live.id for twin in twins[SOURCE]] == [OURS]
    assert [twin.live.id for twin in twins[ADDRESS]] == found
