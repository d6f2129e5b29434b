"""Duplicates: before a plan creates anything, what is on the platform already and recorded nowhere."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flowctl.engine.plan.twins import Twin, Twins, find_twins
from flowctl.engine.recover.claimed_ids import recorded_ids
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.record import Lockfile
from flowctl.model.resource import Resource
from flowctl.operations.duplicate_words import duplicate, similar
from flowctl.operations.record import recorded
from flowctl.operations.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Which duplicates a person allows: all, or those that a saved plan showed, by their IDs."""

    everything: bool = False
    shown: frozenset[str] = frozenset()

    def covers(self, twins: Sequence[Twin]) -> bool:
        """Whether all of these objects may get a duplicate."""
        return self.everything or all(twin.live.id in self.shown for twin in twins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """What was found: one diagnostic for each resource, and the IDs that a person has allowed."""

    diagnostics: tuple[Diagnostic, ...]
    allowed: frozenset[str]


def find_duplicates(
    session: Session,
    changes: Sequence[Change],
    desired: Mapping[Address, Resource],
    permission: Permission,
    pool: ThreadPoolExecutor,
) -> Duplicates:
    """One error for each resource whose creation would duplicate an object, a warning where that is allowed.

    An object that only shares the title is a warning. Nothing is sent where nothing is created.
    """
    if not changes:
        return Duplicates(diagnostics=(), allowed=frozenset())
    twins = find_twins(changes, recorded_ids(session.ledger.lockfile), KINDS, session.send, pool)
    if not any(twins.values()):
        return Duplicates(diagnostics=(), allowed=frozenset())
    twins = _still_unrecorded(twins, _record_by_now(session))
    parts = _parts_of_stopping(twins)
    found: list[Diagnostic] = []
    allowed: set[str] = set()
    for address, all_of_it in twins.items():
        stopping = [twin for twin in all_of_it if twin.stops]
        if stopping and not _are_parts(address, stopping, parts):
            is_allowed = permission.covers(stopping)
            allowed |= {twin.live.id for twin in stopping} if is_allowed else set()
            found.append(
                duplicate(session.environment.name, KINDS[address.kind], desired[address], stopping, allowed=is_allowed)
            )
        alike = [twin for twin in all_of_it if twin.same_title and not twin.stops]
        if alike and not stopping:
            found.append(similar(KINDS[address.kind], desired[address], alike))
    return Duplicates(diagnostics=tuple(found), allowed=frozenset(allowed))


def _record_by_now(session: Session) -> Lockfile:
    """The record as it is on disk: an apply in this folder may have gone on since the session was opened."""
    return recorded(session.workspace, session.environment.name).lockfile


def _still_unrecorded(twins: Twins, lockfile: Lockfile) -> Twins:
    """The twins without what is recorded by now, and without those of creations that are under way."""
    recorded = recorded_ids(lockfile)
    under_way = {intent.address for intent in lockfile.pending}
    return {
        address: [twin for twin in found if twin.live.id not in recorded]
        for address, found in twins.items()
        if address not in under_way
    }


def _parts_of_stopping(twins: Twins) -> Mapping[str, frozenset[str]]:
    """What the duplicates of each document refer to by identity: a flow's duplicate brings its connections along."""
    parts: dict[str, set[str]] = {}
    for address, found in twins.items():
        search = KINDS[address.kind].search
        if search is None or not search.by_title:
            continue
        for twin in found:
            if twin.stops:
                for path in search.identity:
                    parts.setdefault(address.name, set()).update(map(str, _listed(twin.live.attributes.get(path[0]))))
    return {name: frozenset(ids) for name, ids in parts.items()}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _are_parts(address: Address, twins: Sequence[Twin], parts: Mapping[str, Collection[str]]) -> bool:
    """Whether a flow's duplicate that is told of already uses all of these, and they are as the manifest says."""
    return all(twin.live.id in parts.get(address.name, ()) and not twin.differences for twin in twins)
