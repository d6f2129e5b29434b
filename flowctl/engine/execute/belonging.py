"""Deletions of what belongs to an object, before the object or a part of it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flowctl.engine.graph import closure
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.step import Step


def deletions_first(
    steps: Sequence[Step], entries: Mapping[Address, LockEntry], kinds: Mapping[str, Kind]
) -> tuple[Step, ...]:
    """The steps, with updates after such deletions, unless those wait for them.

    An identity is deleted before its field is removed from a field group of the schema.
    """
    updates = {step.change.address for step in steps if step.operation is Operation.UPDATE}
    deletions = [step for step in steps if _deletes_what_belongs(step, entries, kinds)]
    if not updates or not deletions:
        return tuple(steps)
    needs = {step.key: set(step.depends_on) for step in steps}
    recorded = {address: entry.depends_on for address, entry in entries.items()}
    for step in deletions:
        waited_for = closure(step.depends_on, needs)
        for address in closure(recorded[step.change.address], recorded) & updates:
            if str(address) not in waited_for:
                needs[str(address)].add(step.key)
    return tuple(replace(step, depends_on=frozenset(needs[step.key])) for step in steps)


def is_current(change: Change, entries: Mapping[Address, LockEntry]) -> bool:
    """Whether a change is about the object that the lockfile records under its address."""
    entry = entries.get(change.address)
    return entry is not None and entry.id == change.remote_id


def _deletes_what_belongs(step: Step, entries: Mapping[Address, LockEntry], kinds: Mapping[str, Kind]) -> bool:
    change = step.change
    return change.action is Action.DELETE and bool(kinds[change.kind].belongs_to) and is_current(change, entries)
