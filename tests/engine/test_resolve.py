"""What references, look-ups and secrets stand for: before a plan, within it, after a step, and in a live object."""

from dataclasses import replace
from typing import Any

import pytest

from flowctl.engine import resolve
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import RULES, Action, AttributeChange, Change, Reason
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lifecycle, Lookup, Reference, RemoteObject, Resource, Sensitive, Unknown
from flowctl.model.values import gaps, transform, walk, with_gaps_filled

ACCOUNT, MAPPING, FLOW = Address("a.connection"), Address("p.mapping_set"), Address("p.flow")
ENTRIES = {
    ACCOUNT: LockEntry(kind="connection", id="id of a"),
    MAPPING: LockEntry(kind="mapping_set", id="id of p", outputs={"version": "3"}),
    FLOW: LockEntry(kind="flow", id="id of flow"),
}
FOUND = Lookup(kind="dataset", by="title", value="People")
SECRET = Sensitive(value="s3cret", variable="SECRET")
UNSET = Sensitive(value=None, variable="TOKEN")


def _resource(**attributes: Any) -> Resource:
    return Resource(address=FLOW, attributes=attributes)


def _change(address: Address, action: Action, *places: str) -> Change:
    attributes = tuple(AttributeChange(steps=(place,)) for place in places)
    return Change(address=address, action=action, reason=Reason.UP_TO_DATE, attributes=attributes)


def _planned(resource: Resource, *changes: Change, lookups: dict[Lookup, str] | None = None) -> Any:
    return resolve.planned(
        resource,
        gaps(resource.attributes),
        changes={change.address: change for change in changes},
        lookups=lookups or {},
        entries=ENTRIES,
        kinds=KINDS,
    )


DEEP = {
    "name": "x",
    "plain": {"a": [1, {"b": None}], "c": ()},
    "ids": [Reference(ACCOUNT), "other", Reference(MAPPING)],
    "steps": [{"params": {"id": Reference(MAPPING), "version": Reference(MAPPING, "version")}}, {"n": 1}],
    "pair": ("t", SECRET),
}


def test_gaps_are_found_with_the_steps_that_lead_to_them() -> None:
    assert dict(gaps(DEEP)) == {
        ("ids", 0): Reference(ACCOUNT),
        ("ids", 2): Reference(MAPPING),
        ("steps", 0, "params", "id"): Reference(MAPPING),
        ("steps", 0, "params", "version"): Reference(MAPPING, "version"),
        ("pair", 1): SECRET,
    }
    assert [value for _, value in gaps(DEEP)] == [value for _, value in walk(DEEP)]


def test_filling_gaps_is_transforming_and_leaves_the_original_alone() -> None:
    before = repr(DEEP)
    filled = with_gaps_filled(DEEP, gaps(DEEP), str)
    assert filled == transform(DEEP, str)
    assert repr(DEEP) == before
    assert filled["plain"] is DEEP["plain"], "what holds no gap is not copied"
    assert with_gaps_filled(DEEP["plain"], (), str) is DEEP["plain"]


RECORDED: dict[str, Any] = {"id": "id of p", "inner": {"version": "3"}, "list": ["id of p", 1], "name": "n"}
DESIRED: dict[str, Any] = {
    "id": Reference(MAPPING),
    "inner": {"version": Reference(MAPPING, "version")},
    "list": [Reference(MAPPING), 1],
    "name": "n",
}


def _as_recorded(attributes: dict[str, Any], lifecycle: Lifecycle | None = None, **entry: Any) -> bool:
    recorded = LockEntry(**{"kind": "flow", "id": "id of f", "applied": RECORDED, **entry})
    resource = replace(_resource(**attributes), lifecycle=lifecycle or Lifecycle())
    return resolve.as_recorded({FLOW: resource}, {**ENTRIES, FLOW: recorded}) == {FLOW}


def test_a_resource_is_as_recorded_if_its_references_are_to_what_is_recorded() -> None:
    assert _as_recorded(DESIRED)
    assert _as_recorded(RECORDED)


@pytest.mark.parametrize(
    "attributes",
    [
        {**DESIRED, "name": "another"},
        {**DESIRED, "more": "m"},
        {name: value for name, value in DESIRED.items() if name != "name"},
        {("label" if name == "name" else name): value for name, value in DESIRED.items()},
        {**DESIRED, "id": Reference(MAPPING, "version")},
        {**DESIRED, "id": Reference(Address("b.connection"))},
        {**DESIRED, "id": FOUND},
        {**DESIRED, "id": SECRET},
        {**DESIRED, "id": UNSET},
        {**DESIRED, "inner": {"version": Reference(MAPPING)}},
        {**DESIRED, "inner": {}},
        {**DESIRED, "inner": "3"},
        {**DESIRED, "list": [Reference(MAPPING), 2]},
        {**DESIRED, "list": [1, Reference(MAPPING)]},
        {**DESIRED, "list": [Reference(MAPPING)]},
        {**DESIRED, "list": [Reference(MAPPING), 1, 2]},
        {**DESIRED, "list": {"0": Reference(MAPPING), "1": 1}},
    ],
)
def test_a_resource_that_differs_anywhere_is_not_as_recorded(attributes: dict[str, Any]) -> None:
    assert not _as_recorded(attributes)


def test_a_resource_with_other_rules_or_a_recorded_secret_is_not_as_recorded() -> None:
    assert not _as_recorded(DESIRED, lifecycle=Lifecycle(prevent_destroy=True))
    assert not _as_recorded(DESIRED, secret_digests={"auth.params.password": "d"})


def test_what_is_not_recorded_is_not_as_recorded() -> None:
    assert resolve.as_recorded({FLOW: _resource(name="n")}, {}) == frozenset()


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (_change(MAPPING, Action.NO_OP), ("id of p", "3")),
        (_change(MAPPING, Action.UPDATE, "mappings"), ("id of p", Unknown(MAPPING, "version"))),
        (_change(MAPPING, Action.UPDATE, RULES), ("id of p", "3")),
        (_change(MAPPING, Action.CREATE), (Unknown(MAPPING), Unknown(MAPPING, "version"))),
        (_change(MAPPING, Action.REPLACE), (Unknown(MAPPING), Unknown(MAPPING, "version"))),
    ],
    ids=["kept", "updated", "rules only", "created", "replaced"],
)
def test_a_reference_is_unknown_as_long_as_a_change_sets_it(change: Change, known: tuple[Any, Any]) -> None:
    resource = _resource(id=Reference(MAPPING), version=Reference(MAPPING, "version"))
    attributes = _planned(resource, change)
    assert (attributes["id"], attributes["version"]) == known


def test_what_is_not_recorded_is_unknown_whatever_happens_to_it() -> None:
    other = Address("b.connection")
    assert _planned(_resource(id=Reference(other)), _change(other, Action.NO_OP)) == {"id": Unknown(other)}


def test_look_ups_are_filled_and_secrets_stay() -> None:
    resource = _resource(dataset=FOUND, secret=SECRET, token=UNSET)
    attributes = _planned(resource, lookups={FOUND: "id of People"})
    assert attributes == {"dataset": "id of People", "secret": SECRET, "token": UNSET}
    assert list(resolve.unset_secrets(attributes)) == [("token", UNSET)]


def test_after_a_step_what_was_unknown_is_what_is_recorded() -> None:
    attributes = {
        "id": Unknown(MAPPING),
        "version": Unknown(MAPPING, "version"),
        "secret": SECRET,
        "none": Unknown(FLOW),
    }
    recorded = {MAPPING: ENTRIES[MAPPING]}
    assert resolve.applied(attributes, recorded.get) == {
        "id": "id of p",
        "version": "3",
        "secret": SECRET,
        "none": None,
    }


def test_a_live_object_shows_what_references_stand_for() -> None:
    resource = _resource(
        ids=[Reference(ACCOUNT)],
        any_order=["first", Reference(FLOW)],
        steps=[{"name": "Mapping", "id": Reference(MAPPING)}, {"name": "Gone", "id": Reference(FLOW)}],
        missing=Reference(FLOW),
        beyond=["a", Reference(FLOW)],
    )
    live = RemoteObject(
        id="x",
        etag=None,
        body={},
        attributes={
            "ids": [7],
            "any_order": ["second", "first"],
            "steps": [{"name": "Other", "id": 1}, {"name": "Mapping", "id": "m"}],
            "beyond": ["a"],
        },
    )
    assert resolve.live_references(resource, live, {("steps",): "name"}) == [
        (Reference(ACCOUNT), "7"),
        (Reference(MAPPING), "m"),
    ]
