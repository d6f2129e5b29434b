"""Planning: desired, recorded and live into changes; pure, the time is given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from flowctl.engine.graph import in_dependency_order
from flowctl.engine.plan import diff
from flowctl.engine.plan.deletions import deletion_changes
from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.ignoring import covers
from flowctl.engine.plan.needed_states import needed_states
from flowctl.engine.plan.places import leaves
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.resource_change import as_it_is, is_unchanged, resource_change
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.change import Action, Change
from flowctl.model.kept_changes import KeptChanges
from flowctl.model.plan import Drift, IgnoredAttribute
from flowctl.model.resource import Order, Reference, Resource

_Changes: TypeAlias = dict[Address, Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChanges:
    """Changes in an order in which they can run, the no-ops apart from them, and the drift found."""

    changes: tuple[Change, ...]
    kept: Sequence[Change]
    drift: tuple[Drift, ...]
    ignored: tuple[IgnoredAttribute, ...] = ()


def plan_changes(inputs: PlanInput) -> PlannedChanges:
    """What to do with every desired and every recorded resource.

    Resources that must be replaced together (a source and a target connection serve one flow), and those that need
    another state because of a replacement, are planned again until there are no more of them.
    """
    order = in_dependency_order({address: resource.depends_on for address, resource in inputs.desired.items()})
    drawn_in: frozenset[Address] = frozenset()
    while True:
        planned, others = _plan_all(inputs, order, drawn_in)
        more = _drawn_in(inputs, planned, others)
        needed = needed_states(inputs, planned)
        if more <= drawn_in and needed.keys() <= inputs.needed_states.keys():
            break
        drawn_in |= more
        inputs = replace(inputs, needed_states={**inputs.needed_states, **needed})
    changes = [change for change in others.values() if change.action is not Action.NO_OP]
    changes += deletion_changes(inputs.desired, inputs.recorded, inputs.observed, inputs.kinds)
    drift = tuple(found for change in others.values() if (found := _drift(inputs, change)) is not None)
    changing = sum(change.action is not Action.NO_OP for change in others.values())
    kept = KeptChanges(len(order) - changing, lambda: _kept(order, planned))
    ignored = tuple(
        found
        for address, change in others.items()
        if inputs.desired[address].ignored
        for found in _ignored(inputs, change)
    )
    return PlannedChanges(changes=tuple(changes), kept=kept, drift=drift, ignored=ignored)


class _Planned(dict[Address, Change]):
    """Changes by address; that of a resource which stays as it is recorded is made when it is asked for, and only then
    it is in here."""

    def __init__(self, inputs: PlanInput) -> None:
        super().__init__()
        self._inputs = inputs

    def __missing__(self, address: Address) -> Change:
        made = self[address] = as_it_is(self._inputs, self._inputs.desired[address])
        return made


def _kept(order: Iterable[Address], planned: Mapping[Address, Change]) -> Iterator[Change]:
    """The changes that do nothing."""
    return (change for change in (planned[address] for address in order) if change.action is Action.NO_OP)


def _plan_all(inputs: PlanInput, order: list[Address], drawn_in: frozenset[Address]) -> tuple[_Planned, _Changes]:
    """The changes of all resources, and those that have to be looked at further: of most plans, they are few."""
    planned = _Planned(inputs)
    others: _Changes = {}
    changing: set[Address] = set()
    as_recorded = inputs.as_recorded - drawn_in - inputs.standing - inputs.needed_states.keys() - inputs.adopted
    for address in order:
        resource = inputs.desired[address]
        is_as_recorded = address in as_recorded and changing.isdisjoint(resource.depends_on)
        if is_as_recorded and is_unchanged(inputs, resource):
            continue
        change = planned[address] = others[address] = resource_change(inputs, resource, planned, drawn_in)
        if change.action is not Action.NO_OP:
            changing.add(address)
    return planned, others


def _drawn_in(inputs: PlanInput, planned: _Planned, others: _Changes) -> frozenset[Address]:
    creating = {Action.CREATE, Action.REPLACE}
    pairs = frozenset(
        need
        for address, change in others.items()
        if change.action is Action.REPLACE and change.on_replace.order is Order.CREATE_FIRST
        for need in inputs.desired[address].depends_on
        if inputs.desired[need].replaced_with and planned[need].action not in creating
    )
    return pairs | frozenset(
        partner
        for address, change in others.items()
        if change.action in creating and address in inputs.recorded.entries
        for partner in inputs.desired[address].replaced_with
        if planned[partner].action not in creating
    )


def _drift(inputs: PlanInput, change: Change) -> Drift | None:
    address = change.address
    entry = inputs.recorded.entries.get(address)
    if entry is None:
        return None
    if change.action is Action.NO_OP and (change.desired is entry.applied or change.desired == entry.applied):
        return None
    live = inputs.observed.objects.get(address)
    if live is None:
        return Drift(address=address, missing=True)
    kind = inputs.kinds[entry.kind]
    found = diff.drift(applied=entry.applied, observed=live.attributes, keyed_lists=kind.keyed_lists, forms=kind.forms)
    resource = inputs.desired[address]
    if resource.ignored or not inputs.standing.isdisjoint(resource.depends_on):
        standing = _references_to_what_stands(inputs, resource)
        found = tuple(each for each in found if not covers(resource.ignored, each.steps) and each.steps not in standing)
    return Drift(address=address, attributes=found) if found else None


def _references_to_what_stands(inputs: PlanInput, resource: Resource) -> frozenset[Path]:
    """The places that refer to a version which stands: it differs from the recorded one only where that is ignored."""
    return frozenset(
        path
        for path, value in leaves(resource.attributes, inputs.kinds[resource.kind].keyed_lists)
        if isinstance(value, Reference) and value.address in inputs.standing
    )


def _ignored(inputs: PlanInput, change: Change) -> Iterator[IgnoredAttribute]:
    """The differences between the manifest and the live object that are left as they are."""
    resource = inputs.desired[change.address]
    if change.address not in inputs.observed.objects:
        return
    kind = inputs.kinds[resource.kind]
    forms = kind.forms(change.desired)
    places = dict.fromkeys(
        path for part in (resource.attributes, change.desired) for path, _ in leaves(part, kind.keyed_lists)
    )
    for path in places:
        if covers(resource.ignored, path):
            stands = value_at(change.desired, path, kind.keyed_lists)
            declared = value_at(resource.attributes, path, kind.keyed_lists)
            if not alike(forms, path, stands, declared):
                yield IgnoredAttribute(address=change.address, steps=path, observed=stands, desired=declared)
