"""The lockfile entry after drift is accepted: the accepted places, and nothing else, as they are desired now."""

from typing import Any

import pytest

from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject
from flowctl.operations.accepting.record import accepted_entry

A, B, C = ({"destination": name, "source": name} for name in "abc")
LIVE = RemoteObject(id="live", etag='"2"', attributes={}, body={}, outputs={"version": "2"})


def _applied(kind: str, applied: Any, accepted: list[tuple[str, ...]], desired: Any) -> Any:
    entry = LockEntry(kind=kind, id="old", etag='"1"', applied=applied, outputs={"version": "1"})
    before = repr(applied)
    found = accepted_entry(entry, LIVE, accepted, desired)
    assert repr(applied) == before
    return found.applied


@pytest.mark.parametrize(
    ("applied", "path", "desired", "then"),
    [
        ({"name": "a", "description": "d"}, ("name",), {"name": "b"}, {"name": "b", "description": "d"}),
        ({"name": "a", "description": "d"}, ("description",), {"name": "b"}, {"name": "a"}),
        ({"name": "a"}, ("description",), {"description": "d"}, {"name": "a", "description": "d"}),
        ({"name": "a"}, ("description",), {}, {"name": "a"}),
        ({"s": {"a": 1, "b": 1}}, ("s", "a"), {"s": {"a": 2, "b": 2}}, {"s": {"a": 2, "b": 1}}),
        ({"s": {"a": 1, "b": 1}}, ("s", "a"), {"s": {"b": 2}}, {"s": {"b": 1}}),
        ({}, ("s", "a"), {"s": {"a": 2}}, {"s": {"a": 2}}),
        ({"s": None}, ("s", "a"), {"s": {"a": 2}}, {"s": {"a": 2}}),
    ],
)
def test_a_member_is_replaced_added_or_removed(applied: Any, path: tuple[str, ...], desired: Any, then: Any) -> None:
    assert _applied("flow", applied, [path], desired) == then


@pytest.mark.parametrize(
    ("applied", "path", "desired", "then"),
    [
        ([A, B], ("[b]", "source"), [{**B, "source": "x"}], [A, {**B, "source": "x"}]),
        ([A, {**B, "identity": True}], ("[b]", "identity"), [A, B], [A, B]),
        ([A, B, C], ("[b]",), [A, C], [A, C]),
        ([A], ("[b]",), [A, B], [A, B]),
        ([A, B], ("[b]",), [{**B, "source": "x"}], [A, {**B, "source": "x"}]),
        ([A], ("[b]",), [A], [A]),
        ([A], ("[b]", "source"), [A, B], [A]),
        (None, ("[b]",), [B], [B]),
    ],
)
def test_an_item_is_found_by_its_key(applied: Any, path: tuple[str, ...], desired: Any, then: Any) -> None:
    found = _applied("mapping_set", {"mappings": applied}, [("mappings", *path)], {"mappings": desired})
    assert found == {"mappings": then}


def test_a_key_in_brackets_outside_such_a_list_is_a_member() -> None:
    assert _applied("flow", {"s": {"[a]": 1}}, [("s", "[a]")], {"s": {"[a]": 2}}) == {"s": {"[a]": 2}}


def test_several_places_are_accepted_one_after_the_other() -> None:
    found = _applied("flow", {"a": 1, "b": 1, "c": 1}, [("a",), ("b",)], {"a": 2, "b": 2, "c": 2})
    assert found == {"a": 2, "b": 2, "c": 1}


def test_the_version_is_the_live_one_and_outputs_stay_if_none_are_told() -> None:
    entry = LockEntry(kind="flow", id="old", etag='"1"', outputs={"version": "1"}, deposed=("x",))
    found = accepted_entry(entry, LIVE, [], {})
    assert (found.id, found.etag, found.outputs, found.deposed) == ("live", '"2"', {"version": "2"}, ("x",))
    silent = RemoteObject(id="live", etag=None, attributes={}, body={})
    assert accepted_entry(entry, silent, [], {}).outputs == {"version": "1"}
