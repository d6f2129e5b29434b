"""The steps of a plan, and which of them wait for which."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from flowctl.engine.execute.steps import deletes_first, steps_of
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.resource import OnReplace, Order
from flowctl.model.step import Step

SET, SOURCE, TARGET, FLOW = (
    Address(f"p.{kind}") for kind in ("mapping_set", "source_connection", "target_connection", "flow")
)
NEEDS = {FLOW: frozenset({SET, SOURCE, TARGET})}


def _change(address: Address, action: Action, remote_id: str = "", **members: Any) -> Change:
    known = remote_id or (None if action is Action.CREATE else f"id of {address}")
    needs = NEEDS.get(address, frozenset())
    return Change(
        address=address, action=action, reason=Reason.UP_TO_DATE, remote_id=known, depends_on=needs, **members
    )


def _entries(*addresses: Address, deposed: Mapping[Address, tuple[str, ...]] | None = None) -> dict[Address, LockEntry]:
    return {
        address: LockEntry(
            kind=address.kind,
            id=f"id of {address}",
            depends_on=NEEDS.get(address, frozenset()),
            deposed=(deposed or {}).get(address, ()),
        )
        for address in addresses
    }


def _steps(changes: list[Change], entries: Mapping[Address, LockEntry]) -> dict[str, Step]:
    steps = {step.key: step for step in steps_of(changes, entries, KINDS)}
    assert len(steps) == len(steps_of(changes, entries, KINDS))
    for step in steps.values():
        assert step.depends_on <= steps.keys(), step
    return steps


def _waits(steps: Mapping[str, Step]) -> dict[str, set[str]]:
    return {key: set(step.depends_on) for key, step in steps.items()}


def _old(address: Address) -> str:
    return f"{address}#id of {address}"


def test_what_is_created_waits_for_what_it_needs() -> None:
    steps = _steps([_change(address, Action.CREATE) for address in (SET, SOURCE, TARGET, FLOW)], {})
    assert _waits(steps) == {SET: set(), SOURCE: set(), TARGET: set(), FLOW: {SET, SOURCE, TARGET}}
    assert {step.operation for step in steps.values()} == {Operation.CREATE}
    assert {step.remote_id for step in steps.values()} == {None}


def test_what_is_updated_or_recorded_waits_for_what_changes_below() -> None:
    everything = _entries(SET, SOURCE, TARGET, FLOW)
    steps = _steps([_change(SET, Action.UPDATE), _change(FLOW, Action.UPDATE)], everything)
    assert _waits(steps) == {SET: set(), FLOW: {SET}}
    assert steps[FLOW].remote_id == f"id of {FLOW}"
    steps = _steps([_change(SET, Action.IMPORT), _change(FLOW, Action.CREATE)], {})
    assert (_waits(steps), steps[SET].operation) == ({SET: set(), FLOW: {SET}}, Operation.IMPORT)


GROUP, SCHEMA, DATASET, OTHER = (Address(f"p.{kind}") for kind in ("field_group", "schema", "dataset", "data_type"))


@pytest.mark.parametrize("known", ["recorded", "kept", "recorded otherwise"])
def test_what_is_created_waits_for_what_changes_below_an_unchanged_object(known: str) -> None:
    """The kept change of the plan counts; the lockfile may name needs that the manifests no longer have."""
    schema = LockEntry(kind="schema", id="s", depends_on=frozenset({GROUP if known == "recorded" else OTHER}))
    changes = [
        _change(OTHER, Action.UPDATE),
        _change(GROUP, Action.UPDATE),
        replace(_change(DATASET, Action.CREATE), depends_on=frozenset({SCHEMA})),
    ]
    kept = [replace(_change(SCHEMA, Action.NO_OP), depends_on=frozenset({GROUP}))]
    entries = {} if known == "kept" else {SCHEMA: schema}
    steps = {step.key: step for step in steps_of(changes, entries, KINDS, () if known == "recorded" else kept)}
    assert steps[DATASET].depends_on == {GROUP}


def test_what_lies_below_a_step_is_left_to_that_step() -> None:
    changes = [
        _change(GROUP, Action.UPDATE),
        replace(_change(SCHEMA, Action.UPDATE), depends_on=frozenset({GROUP})),
        replace(_change(DATASET, Action.CREATE), depends_on=frozenset({SCHEMA})),
    ]
    entries = {SCHEMA: LockEntry(kind="schema", id="s", depends_on=frozenset({GROUP}))}
    steps = _waits({step.key: step for step in steps_of(changes, entries, KINDS)})
    assert steps == {GROUP: set(), SCHEMA: {GROUP}, DATASET: {SCHEMA}}


def test_an_old_object_that_is_deleted_first_waits_for_what_changes_below() -> None:
    primary = Address("p.descriptor")
    changes = [
        _change(GROUP, Action.UPDATE),
        replace(_change(primary, Action.REPLACE), depends_on=frozenset({SCHEMA})),
    ]
    entries = {SCHEMA: LockEntry(kind="schema", id="s", depends_on=frozenset({GROUP}))}
    steps = _waits({step.key: step for step in steps_of(changes, entries, KINDS)})
    assert steps == {GROUP: set(), _old(primary): {GROUP}, primary: {GROUP, _old(primary)}}


def test_what_is_deleted_waits_for_what_uses_it() -> None:
    changes = [_change(FLOW, Action.DELETE), _change(SOURCE, Action.DELETE), _change(SET, Action.FORGET)]
    steps = _steps(changes, _entries(SET, SOURCE, TARGET, FLOW))
    assert _waits(steps) == {_old(FLOW): set(), _old(SOURCE): {_old(FLOW)}, _old(SET): {_old(FLOW)}}
    assert [step.operation for step in steps.values()] == [Operation.DELETE, Operation.DELETE, Operation.FORGET]
    assert {step.remote_id for step in steps.values()} == {f"id of {each}" for each in (FLOW, SOURCE, SET)}


def test_an_old_object_is_deleted_once_the_new_one_and_its_user_are_there() -> None:
    changes = [_change(SOURCE, Action.REPLACE), _change(FLOW, Action.REPLACE)]
    steps = _steps(changes, _entries(SET, SOURCE, TARGET, FLOW))
    assert _waits(steps) == {
        SOURCE: set(),
        _old(SOURCE): {SOURCE, FLOW, _old(FLOW)},
        FLOW: {SOURCE, _old(FLOW)},
        _old(FLOW): {SOURCE},
    }
    assert (steps[SOURCE].replaced, steps[FLOW].replaced) == (f"id of {SOURCE}", None)


def test_a_flow_may_be_created_before_the_old_one_is_deleted() -> None:
    rule = OnReplace(order=Order.CREATE_FIRST)
    steps = _steps([_change(FLOW, Action.REPLACE, on_replace=rule)], _entries(FLOW))
    assert _waits(steps) == {FLOW: set(), _old(FLOW): {FLOW}}
    assert steps[FLOW].replaced == f"id of {FLOW}"
    assert [
        deletes_first(_change(FLOW, Action.REPLACE, on_replace=each), KINDS["flow"])
        for each in (OnReplace(), rule, OnReplace(order=Order.DELETE_FIRST))
    ] == [True, False, True]
    assert not deletes_first(_change(SOURCE, Action.REPLACE), KINDS["source_connection"])


def test_leftovers_of_an_address_go_before_the_object_that_it_stands_for() -> None:
    changes = [_change(SOURCE, Action.DELETE, "old"), _change(SOURCE, Action.DELETE)]
    steps = _steps(changes, _entries(SOURCE, deposed={SOURCE: ("old",)}))
    assert _waits(steps) == {f"{SOURCE}#old": set(), _old(SOURCE): {f"{SOURCE}#old"}}


def test_a_successor_is_deleted_once_its_predecessor_is_recorded_again() -> None:
    changes = [_change(SOURCE, Action.IMPORT, "old"), _change(SOURCE, Action.DELETE)]
    steps = _steps(changes, _entries(SOURCE))
    assert _waits(steps) == {SOURCE: set(), _old(SOURCE): {SOURCE}}


CLASS, IDENTITY, RELATIONSHIP, STORE = (
    Address(each)
    for each in ("p.class", "p.descriptor[_acme.id]", "q.descriptor[_acme.p relationship]", "other.field_group")
)


def _recorded(needs: Mapping[Address, set[Address]]) -> dict[Address, LockEntry]:
    return {
        address: LockEntry(kind=address.kind, id=f"id of {address}", depends_on=frozenset(needs[address]))
        for address in needs
    }


def test_an_identity_is_deleted_before_its_schema_and_the_parts_of_that_change() -> None:
    entries = _recorded(
        {OTHER: set(), STORE: set(), GROUP: {OTHER}, CLASS: set(), SCHEMA: {GROUP, CLASS}, IDENTITY: {SCHEMA}}
    )
    updates = [_change(each, Action.UPDATE) for each in (OTHER, STORE, SCHEMA)]
    steps = _steps([*updates, _change(IDENTITY, Action.DELETE)], entries)
    assert _waits(steps) == {OTHER: {_old(IDENTITY)}, STORE: set(), SCHEMA: {_old(IDENTITY)}, _old(IDENTITY): set()}


@pytest.mark.parametrize("action", [Action.FORGET, Action.UPDATE, Action.CREATE])
def test_an_update_waits_for_no_other_step_of_what_belongs_to_the_object(action: Action) -> None:
    entries = _recorded({SCHEMA: set(), IDENTITY: {SCHEMA}})
    steps = _steps([_change(SCHEMA, Action.UPDATE), _change(IDENTITY, action)], entries)
    assert _waits(steps)[SCHEMA] == set()


def test_an_update_waits_for_no_deletion_that_waits_for_it() -> None:
    """A relationship that led to the identity is to lead to another one, which needs the update."""
    entries = _recorded({SCHEMA: set(), IDENTITY: {SCHEMA}, RELATIONSHIP: {SCHEMA, IDENTITY}})
    relationship = replace(_change(RELATIONSHIP, Action.UPDATE), depends_on=frozenset({SCHEMA}))
    steps = _steps([_change(SCHEMA, Action.UPDATE), relationship, _change(IDENTITY, Action.DELETE)], entries)
    assert _waits(steps) == {SCHEMA: set(), RELATIONSHIP: {SCHEMA}, _old(IDENTITY): {RELATIONSHIP}}


def test_an_update_does_not_wait_for_deletions_of_what_an_interrupted_replacement_left() -> None:
    entries = _recorded({SCHEMA: set(), IDENTITY: {SCHEMA}})
    steps = _steps([_change(SCHEMA, Action.UPDATE), _change(IDENTITY, Action.DELETE, "old")], entries)
    assert _waits(steps)[SCHEMA] == set()


def test_an_update_does_not_wait_for_deletions_of_users_that_belong_to_nothing() -> None:
    entries = _recorded({SCHEMA: set(), DATASET: {SCHEMA}})
    steps = _steps([_change(SCHEMA, Action.UPDATE), _change(DATASET, Action.DELETE)], entries)
    assert _waits(steps) == {SCHEMA: set(), _old(DATASET): set()}


OLD, NEW, LOOKUP, ELSEWHERE = (
    Address(f"{name}.descriptor[{key}]") for name, key in (("p", "old"), ("p", "new"), ("q", "lookup"), ("r", "old"))
)
SOLE, COMMON = {"primary": True}, {"primary": False}


def test_what_only_one_object_of_a_document_can_be_is_given_up_before_it_is_taken() -> None:
    demoted = _change(OLD, Action.UPDATE, observed=SOLE, desired=COMMON)
    promoted = _change(NEW, Action.UPDATE, observed=COMMON, desired=SOLE)
    assert _waits(_steps([promoted, demoted], _entries(OLD, NEW))) == {OLD: set(), NEW: {OLD}}
    other = replace(demoted, address=ELSEWHERE)
    assert _waits(_steps([promoted, other], _entries(NEW, ELSEWHERE))) == {NEW: set(), ELSEWHERE: set()}
    kept = _change(OLD, Action.UPDATE, observed=SOLE, desired=SOLE)
    assert _waits(_steps([promoted, kept], _entries(OLD, NEW))) == {NEW: set(), OLD: set()}
    forgotten = _change(OLD, Action.FORGET, observed=SOLE)
    assert _waits(_steps([promoted, forgotten], _entries(OLD, NEW))) == {NEW: set(), _old(OLD): set()}


def test_what_is_removed_to_give_up_its_place_does_not_wait_for_what_uses_the_new_one() -> None:
    created = _change(NEW, Action.CREATE, desired=SOLE)
    moved = replace(_change(LOOKUP, Action.UPDATE), depends_on=frozenset({NEW}))
    removed = _change(OLD, Action.DELETE, observed=SOLE)
    entries = _entries(OLD, LOOKUP)
    entries[LOOKUP] = replace(entries[LOOKUP], depends_on=frozenset({OLD}))
    waits = _waits(_steps([created, moved, removed], entries))
    assert waits == {NEW: {_old(OLD)}, LOOKUP: {NEW}, _old(OLD): set()}


def test_of_a_replacement_the_old_object_gives_up_and_the_new_one_takes() -> None:
    given = _change(OLD, Action.REPLACE, observed=SOLE, desired=COMMON)
    taken = _change(NEW, Action.REPLACE, observed=COMMON, desired=SOLE)
    waits = _waits(_steps([given, taken], _entries(OLD, NEW)))
    assert waits == {_old(OLD): set(), OLD: {_old(OLD)}, _old(NEW): set(), NEW: {_old(NEW), _old(OLD)}}
