"""Planning of what is recorded and no longer desired."""

from collections.abc import Mapping

from flowctl.engine.graph import in_dependency_order
from flowctl.engine.observe.observation import Observation
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Effect, Note, Reason
from flowctl.model.record import LockEntry, Lockfile
from flowctl.model.resource import OnDelete, Resource


def deletion_changes(
    desired: Mapping[Address, Resource], recorded: Lockfile, observed: Observation, kinds: Mapping[str, Kind]
) -> list[Change]:
    """Deletions in reverse dependency order, and leftovers of interrupted replacements."""
    entries = recorded.entries
    if all(address in desired and not entry.deposed for address, entry in entries.items()):
        return []
    order = in_dependency_order({address: entry.depends_on for address, entry in entries.items()})
    changes: list[Change] = []
    for address in reversed(order):
        entry = entries[address]
        changes += [_leftover(address, entry, old) for old in entry.deposed]
        if address not in desired:
            changes.append(_deletion(address, entry, observed, kinds[entry.kind]))
    return changes


def _leftover(address: Address, entry: LockEntry, old: str) -> Change:
    return Change(
        address=address,
        action=Action.DELETE,
        reason=Reason.NOT_IN_MANIFEST,
        remote_id=old,
        depends_on=entry.depends_on,
        notes=("Left over from an interrupted replacement.",),
    )


def _deletion(address: Address, entry: LockEntry, observed: Observation, kind: Kind) -> Change:
    action, reason, note = Action.DELETE, Reason.NOT_IN_MANIFEST, ""
    blocked = observed.blocked.get(address)
    if kind.delete is None:
        action, reason, note = Action.FORGET, Reason.NOT_DELETABLE, f"{kind.kept_because}."
    elif entry.lifecycle.on_delete is OnDelete.RETAIN:
        action, reason, note = Action.FORGET, Reason.RETAINED, "lifecycle.onDelete is retain."
    elif blocked:
        action, reason, note = Action.FORGET, Reason.HOLDS_DATA, f"{blocked}."
    elif entry.lifecycle.on_delete is OnDelete.DELETE:
        words = f"The {kind.title} and all its data are deleted (lifecycle.onDelete: delete)."
        note = Note(words, Effect.DELETES_DATA)
    elif address not in observed.objects:
        note = "The object is not found: it was deleted outside flowctl, or access labels hide it from this credential."
    return Change(
        address=address,
        action=action,
        reason=reason,
        observed=entry.applied,
        remote_id=entry.id,
        etag=entry.etag,
        depends_on=entry.depends_on,
        notes=(note,) if note else (),
    )
