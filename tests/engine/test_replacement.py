"""Why an object is replaced, because of what, and what is said of that."""

from dataclasses import replace
from typing import Any

import pytest

from flowctl.engine.plan.replacement import (
    creators_first,
    forced_paths,
    recreated_kinds,
    replacement,
    rule_notes,
)
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.resource import NOW, OnReplace, Order, RemoteObject, Resource, Unknown

SOURCE, TARGET, FLOW = (Address(f"p.{kind}") for kind in ("source_connection", "target_connection", "flow"))
NAME = AttributeChange(steps=("name",), before="a", after="b")
SPEC = AttributeChange(steps=("flowSpec", "id"), before="1", after="2", sensitive=True)
SOURCES = AttributeChange(steps=("sourceConnectionIds",), before=["s"], after=[Unknown(SOURCE, "id")])
CREATE_FIRST = OnReplace(order=Order.CREATE_FIRST)


def _replacement(*found: AttributeChange, forced: tuple[AttributeChange, ...] = (), **members: Any) -> Change:
    address = members.pop("address", FLOW)
    arguments: dict[str, Any] = {"planned": {}, "drawn_in": frozenset(), "users": (), "now": 1_800_000_000.5}
    return replacement(
        KINDS[address.kind],
        members.pop("resource", Resource(address=address, attributes={})),
        {"name": "b"},
        RemoteObject(id="live", etag='"1"', attributes={"name": "a"}, body={}),
        found,
        frozenset(each.steps for each in forced),
        **{**arguments, **members},
    )


def test_what_cannot_change_in_place_is_the_reason_and_is_marked() -> None:
    change = _replacement(NAME, SPEC, forced=(SPEC,))
    assert (change.reason, change.because_of) == (Reason.FORCES_REPLACEMENT, ())
    assert [each.forces_replacement for each in change.attributes] == [False, True]
    assert [each.sensitive for each in change.attributes] == [False, True]
    assert (change.remote_id, change.etag, change.observed) == ("live", '"1"', {"name": "a"})


def test_a_new_object_that_it_refers_to_is_the_cause() -> None:
    change = _replacement(NAME, SOURCES, forced=(SOURCES,), users=(Address("q.flow"),))
    assert (change.reason, change.because_of) == (Reason.DEPENDENCY_REPLACED, (SOURCE,))


def test_a_change_of_its_own_is_the_cause_beside_what_it_refers_to() -> None:
    change = _replacement(SPEC, SOURCES, forced=(SPEC, SOURCES))
    assert (change.reason, change.because_of) == (Reason.FORCES_REPLACEMENT, ())


def test_a_partner_is_the_cause_unless_it_is_drawn_in_itself() -> None:
    resource = Resource(address=TARGET, attributes={}, replaced_with=frozenset({SOURCE}))
    change = _replacement(resource=resource, address=TARGET, drawn_in=frozenset({TARGET}), users=(FLOW,))
    assert (change.reason, change.because_of) == (Reason.DEPENDENCY_REPLACED, (SOURCE,))
    both = _replacement(resource=resource, address=TARGET, drawn_in=frozenset({TARGET, SOURCE}), users=(FLOW,))
    assert both.because_of == (FLOW,)


def test_only_what_is_created_first_needs_new_objects_below() -> None:
    needs = frozenset({SOURCE})
    users = [
        Resource(address=FLOW, attributes={}, depends_on=needs, on_replace=CREATE_FIRST),
        Resource(address=Address("q.flow"), attributes={}, depends_on=needs),
        Resource(
            address=Address("r.flow"),
            attributes={},
            depends_on=needs,
            on_replace=OnReplace(order=Order.DELETE_FIRST),
        ),
        Resource(address=Address("s.flow"), attributes={}, on_replace=CREATE_FIRST),
    ]
    assert list(creators_first(users, SOURCE)) == [FLOW]


def test_places_below_a_fixed_path_are_forced_and_others_are_not() -> None:
    live = RemoteObject(id="live", etag=None, attributes={}, body={})
    assert forced_paths(KINDS["flow"], (NAME, SPEC, SOURCES), live, 0.0) == {SPEC.steps, SOURCES.steps}


@pytest.mark.parametrize(("started", "forced"), [(100, True), (101, False)])
def test_the_start_is_fixed_once_it_has_come(started: int, forced: bool) -> None:
    live = RemoteObject(id="live", etag=None, attributes={"scheduleParams": {"startTime": started}}, body={})
    start = AttributeChange(steps=("scheduleParams", "startTime"), before=started, after=500)
    assert bool(forced_paths(KINDS["flow"], (start,), live, 100.0)) is forced


def test_what_cannot_be_updated_at_all_is_forced_anywhere() -> None:
    kind = replace(KINDS["flow"], update=None)
    live = RemoteObject(id="live", etag=None, attributes={}, body={})
    assert forced_paths(kind, (NAME,), live, 0.0) == {NAME.steps}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (OnReplace(), []),
        (OnReplace(order=Order.DELETE_FIRST), []),
        (OnReplace(backfill=True), ["with backfill"]),
        (OnReplace(backfill=False), ["without backfill"]),
        (OnReplace(start_time=NOW, backfill=True), ["when it is created, with backfill"]),
        (OnReplace(start_time=1796083200), ["at 2026-12-01T00:00:00Z"]),
    ],
)
def test_a_rule_is_said_in_a_sentence(rule: OnReplace, said: list[str]) -> None:
    assert list(rule_notes(rule)) == [f"lifecycle.onReplace: the new flow starts {each}." for each in said]


def test_an_order_is_said_before_the_schedule() -> None:
    first, second = rule_notes(OnReplace(order=Order.CREATE_FIRST, backfill=True))
    assert "the old flow is disabled, the new one is created" in first
    assert second.endswith("with backfill.")


def _change(address: Address, action: Action, *needs: Address) -> Change:
    return Change(address=address, action=action, reason=Reason.UP_TO_DATE, depends_on=frozenset(needs))


def test_what_is_created_below_counts_at_any_distance() -> None:
    dataset, schema = Address("d.dataset"), Address("d.schema")
    planned = {
        schema: _change(schema, Action.CREATE),
        dataset: _change(dataset, Action.UPDATE, schema),
        SOURCE: _change(SOURCE, Action.NO_OP),
        TARGET: _change(TARGET, Action.REPLACE, dataset),
    }
    assert recreated_kinds([SOURCE, TARGET], planned) == {"target_connection", "schema"}
    assert recreated_kinds([SOURCE, dataset], planned) == {"schema"}
    assert recreated_kinds([], planned) == set()
