"""A plan's changes into steps: single writes with the order between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from flowctl.engine.execute.belonging import deletions_first, is_current
from flowctl.engine.graph import closure, reversed_edges
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.resource import Order
from flowctl.model.step import Step

_IN_PLACE: Final = {Action.UPDATE: Operation.UPDATE, Action.IMPORT: Operation.IMPORT}


def steps_of(
    changes: Sequence[Change],
    entries: Mapping[Address, LockEntry],
    kinds: Mapping[str, Kind],
    kept: Sequence[Change] = (),
) -> tuple[Step, ...]:
    """The steps of a plan, in its order.

    A step waits for those of what its object needs, and for those below a need that stays as it is: a new dataset of
    an unchanged schema waits for the update of the schema's field group.

    A replacement creates the new object first and deletes the old one when nothing uses it; a kind with
    `delete_first` deletes first, but only when all that its new object needs is ready, so that a failure before
    that leaves the old one at work.
    """
    makers = {change.address: str(change.address) for change in changes if _makes(change)}
    needs_of = _Needs(makers, entries, {change.address: change.depends_on for change in kept})
    removers = _removers(changes)
    users = _users(entries)
    recorded_again = frozenset(change.address for change in changes if change.action is Action.IMPORT)
    steps: list[Step] = []
    for change in changes:
        if change.action in (Action.CREATE, Action.REPLACE):
            steps.append(_making(change, needs_of, kinds[change.kind]))
        if change.action in _IN_PLACE:
            steps.append(_step(change, _IN_PLACE[change.action], needs_of(change)))
        if change.action in (Action.REPLACE, Action.DELETE, Action.FORGET):
            steps.append(
                _removal(change, makers, needs_of, removers, users, entries, kinds[change.kind], recorded_again)
            )
    return deletions_first(tuple(_handed_over(steps, kinds)), entries, kinds)


def deletes_first(change: Change, kind: Kind) -> bool:
    """Whether a replacement deletes the old object before it creates the new one."""
    order = change.on_replace.order
    return kind.replacement.delete_first if order is None else order is Order.DELETE_FIRST


def _makes(change: Change) -> bool:
    return change.action in (Action.CREATE, Action.REPLACE) or change.action in _IN_PLACE


class _Needs:
    """The keys of the steps that a change waits for."""

    def __init__(
        self,
        makers: Mapping[Address, str],
        entries: Mapping[Address, LockEntry],
        kept: Mapping[Address, frozenset[Address]],
    ) -> None:
        self._makers, self._entries, self._kept = makers, entries, kept

    def __call__(self, change: Change) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(change.depends_on)
        seen = set(waiting)
        for address in waiting:
            if address in self._makers:
                found.add(self._makers[address])
                continue
            more = self._below(address) - seen
            seen |= more
            waiting += more
        return frozenset(found)

    def _below(self, address: Address) -> frozenset[Address]:
        """What an object needs that no step makes."""
        if address in self._kept:
            return self._kept[address]
        entry = self._entries.get(address)
        return entry.depends_on if entry is not None else frozenset()


def _making(change: Change, needs_of: _Needs, kind: Kind) -> Step:
    needs = needs_of(change)
    if change.action is Action.REPLACE and deletes_first(change, kind):
        return _step(change, Operation.CREATE, needs | {_removal_key(change)})
    if change.action is Action.REPLACE:
        return _step(change, Operation.CREATE, needs, replaced=change.remote_id)
    return _step(change, Operation.CREATE, needs)


def _removal(
    change: Change,
    makers: Mapping[Address, str],
    needs_of: _Needs,
    removers: Mapping[Address, frozenset[str]],
    users: Mapping[Address, frozenset[Address]],
    entries: Mapping[Address, LockEntry],
    kind: Kind,
    recorded_again: frozenset[Address],
) -> Step:
    needs: set[str] = set()
    for user in users.get(change.address, frozenset()):
        # Where the new user of a new object cannot be created, the old object is still there to be taken back.
        needs |= removers.get(user, frozenset()) | _keys([user], makers)
    if change.action is not Action.REPLACE and is_current(change, entries):
        # Leftovers of the address go first: once its entry is gone nothing records them.
        needs |= removers[change.address] - {_removal_key(change)}
    if change.action is Action.REPLACE:
        needs |= needs_of(change) if deletes_first(change, kind) else {str(change.address)}
    if change.action is Action.DELETE and change.address in recorded_again:
        # Until its predecessor is recorded in its place, the object is the one that the lockfile knows.
        needs.add(str(change.address))
    operation = Operation.FORGET if change.action is Action.FORGET else Operation.DELETE
    return Step(
        key=_removal_key(change),
        operation=operation,
        change=change,
        remote_id=change.remote_id,
        depends_on=frozenset(needs),
    )


def _handed_over(steps: Sequence[Step], kinds: Mapping[str, Kind]) -> Iterator[Step]:
    """The steps, of which one that makes an object the sole one waits for the one that ends it for another.

    That one does not wait for what uses the new one.
    """
    ending: dict[tuple[str, str], set[str]] = {}
    becoming: dict[tuple[str, str], set[str]] = {}
    for step in steps:
        change, is_sole = step.change, kinds[step.change.kind].is_sole
        was = step.operation is not Operation.CREATE and is_sole(change.observed)
        becomes = step.operation is not Operation.DELETE and is_sole(change.desired)
        if was != becomes and step.operation is not Operation.FORGET:
            (ending if was else becoming).setdefault((change.kind, change.address.name), set()).add(step.key)
    pairs = {document: (ending[document], becoming[document]) for document in ending.keys() & becoming.keys()}
    if not pairs:
        yield from steps
        return
    users = reversed_edges({step.key: step.depends_on for step in steps})
    for step in steps:
        old, new = pairs.get((step.change.kind, step.change.address.name), (set(), set()))
        if step.key in new:
            yield replace(step, depends_on=step.depends_on | old)
        elif step.key in old:
            yield replace(step, depends_on=step.depends_on - closure(new, users))
        else:
            yield step


def _step(change: Change, operation: Operation, depends_on: frozenset[str], replaced: str | None = None) -> Step:
    return Step(
        key=str(change.address),
        operation=operation,
        change=change,
        remote_id=change.remote_id if operation in _IN_PLACE.values() else None,
        depends_on=depends_on,
        replaced=replaced,
    )


def _removal_key(change: Change) -> str:
    return f"{change.address}#{change.remote_id}"


def _removers(changes: Iterable[Change]) -> dict[Address, frozenset[str]]:
    removers: dict[Address, frozenset[str]] = {}
    for change in changes:
        if change.action in (Action.REPLACE, Action.DELETE, Action.FORGET):
            removers[change.address] = removers.get(change.address, frozenset()) | {_removal_key(change)}
    return removers


def _users(entries: Mapping[Address, LockEntry]) -> dict[Address, frozenset[Address]]:
    users: dict[Address, set[Address]] = {}
    for address, entry in entries.items():
        for dependency in entry.depends_on:
            users.setdefault(dependency, set()).add(address)
    return {address: frozenset(found) for address, found in users.items()}


def _keys(addresses: Iterable[Address], makers: Mapping[Address, str]) -> frozenset[str]:
    return frozenset(makers[address] for address in addresses if address in makers)
