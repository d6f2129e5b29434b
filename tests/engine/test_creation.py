"""How a resource without a live object is created: by the rule for replacements if an earlier one may have worked."""

from collections.abc import Mapping
from typing import Any

import pytest

from flowctl.engine.observe.observation import Observation
from flowctl.engine.plan.creation import creation
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.record import LockEntry, Lockfile
from flowctl.model.resource import AS_DECLARED, OnReplace, Order, Resource, Sensitive

FLOW, SOURCE = Address("p.flow"), Address("p.source_connection")
RULE = OnReplace(order=Order.CREATE_FIRST, backfill=False)
SCHEDULE = {"startTime": 1_700_000_000, "frequency": "day", "interval": 1, "backfill": True}
GONE = "The object in the lockfile is not found"
RULE_SAID = "lifecycle.onReplace: the new flow starts without backfill."


def _created(
    reason: Reason,
    recorded: Mapping[Address, LockEntry],
    filled: frozenset[Address] = frozenset(),
    desired: Mapping[str, Any] | None = None,
) -> Change:
    resource = Resource(address=FLOW, attributes={}, depends_on=frozenset({SOURCE}), on_replace=RULE)
    inputs = PlanInput(
        desired={FLOW: resource},
        recorded=Lockfile(organization="o", sandbox="s", lineage="l", salt="00" * 16, entries=recorded),
        observed=Observation(objects={}, filled=filled),
        kinds=KINDS,
        now=1_800_000_000.0,
    )
    planned = {SOURCE: Change(address=SOURCE, action=Action.NO_OP, reason=Reason.UP_TO_DATE)}
    attributes = {"name": "f", "scheduleParams": SCHEDULE} if desired is None else desired
    return creation(resource, attributes, reason, inputs, planned)


def _source(**members: Any) -> dict[Address, LockEntry]:
    return {SOURCE: LockEntry(kind="source_connection", id="s", **members)}


@pytest.mark.parametrize(
    ("reason", "recorded", "filled", "succeeds"),
    [
        (Reason.NOT_RECORDED, {}, frozenset(), False),
        (Reason.NOT_RECORDED, _source(), frozenset(), False),
        (Reason.NOT_RECORDED, _source(deposed=("old",)), frozenset(), True),
        (Reason.NOT_RECORDED, _source(), frozenset({SOURCE}), True),
        (Reason.NOT_RECORDED, {}, frozenset({SOURCE}), False),
        (Reason.MISSING_REMOTELY, {}, frozenset(), False),
        (Reason.MISSING_REMOTELY, _source(), frozenset(), True),
    ],
)
def test_the_rule_for_replacements_counts_if_an_earlier_object_may_have_worked(
    reason: Reason, recorded: dict[Address, LockEntry], filled: frozenset[Address], *, succeeds: bool
) -> None:
    change = _created(reason, recorded, filled)
    assert change.on_replace == (RULE if succeeds else AS_DECLARED)
    assert (RULE_SAID in change.notes) is succeeds
    assert any(note.startswith(GONE) for note in change.notes) is (reason is Reason.MISSING_REMOTELY)
    assert any(note.startswith("backfill is false") for note in change.notes) is succeeds
    assert not any("is disabled" in note for note in change.notes)


def test_every_attribute_is_new_and_a_secret_is_sent() -> None:
    change = _created(Reason.NOT_RECORDED, {}, desired={"name": "f", "password": Sensitive("x", "PASSWORD")})
    assert [(place.path, place.before, place.sensitive) for place in change.attributes] == [
        ("name", None, False),
        ("password", None, True),
    ]
    assert (change.action, change.reason, change.depends_on) == (
        Action.CREATE,
        Reason.NOT_RECORDED,
        frozenset({SOURCE}),
    )
