"""The order between steps of which none needs the object of the other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.step import Step

T = TypeVar("T")
Entries = Mapping[Address, LockEntry]
Kinds = Mapping[str, Kind]


def in_sequence(steps: Sequence[Step], entries: Entries, kinds: Kinds) -> tuple[Step, ...]:
    """The steps, with those that wait for others, unless those wait for them.

    An update waits for deletions of what belongs to its object, or to one that the object is a part of: an identity is
    deleted before its field is removed from a field group of the schema. What only one object can have is taken from
    one before another gets it: a schema has one primary identity.
    """
    pairs = [*_deletions_first(steps, entries, kinds), *_one_at_a_time(steps, entries, kinds)]
    if not pairs:
        return tuple(steps)
    needs = {step.key: set(step.depends_on) for step in steps}
    for first, then in pairs:
        if then not in _reached([first], needs.__getitem__):
            needs[then].add(first)
    return tuple(replace(step, depends_on=frozenset(needs[step.key])) for step in steps)


def is_current(change: Change, entries: Entries) -> bool:
    """Whether a change is about the object that the lockfile records under its address."""
    entry = entries.get(change.address)
    return entry is not None and entry.id == change.remote_id


def _deletes(step: Step, entries: Entries) -> bool:
    return step.change.action is Action.DELETE and is_current(step.change, entries)


def _deletions_first(steps: Sequence[Step], entries: Entries, kinds: Kinds) -> Iterator[tuple[str, str]]:
    updates = {step.change.address for step in steps if step.operation is Operation.UPDATE}
    for step in steps if updates else ():
        if kinds[step.change.kind].belongs_to and _deletes(step, entries):
            recorded = entries[step.change.address].depends_on
            above = _reached(recorded, lambda address: entries[address].depends_on if address in entries else ())
            yield from ((step.key, str(address)) for address in sorted(above & updates))


def _one_at_a_time(steps: Sequence[Step], entries: Entries, kinds: Kinds) -> Iterator[tuple[str, str]]:
    losing: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        change, has = step.change, kinds[step.change.kind].has_alone
        before = entries[change.address].applied if _deletes(step, entries) else change.observed
        after = {} if _deletes(step, entries) else change.desired
        if has is not None and has(before) and not has(after):
            losing.setdefault((change.address.name, change.kind), []).append(step.key)
    for step in steps if losing else ():
        change, has = step.change, kinds[step.change.kind].has_alone
        makes = step.operation in (Operation.CREATE, Operation.UPDATE)
        if has is not None and makes and has(change.desired) and not has(change.observed):
            yield from ((first, step.key) for first in losing.get((change.address.name, change.kind), ()))


def _reached(first: Iterable[T], below: Callable[[T], Iterable[T]]) -> set[T]:
    """Everything that is reached from these, and these."""
    waiting = list(first)
    seen = set(waiting)
    for each in waiting:
        more = set(below(each)) - seen
        seen |= more
        waiting += more
    return seen
