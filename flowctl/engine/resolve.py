"""Resolution: what references, look-ups and secrets in attributes stand for; pure.

A reference is an output of the lockfile entry of its address, if nothing changes. Within a plan it is unknown as long
as a change is going to set it; an apply resolves it once that change is done; and a live object shows in its place what
the reference stands for.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, Final, TypeAlias

from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.change import Action, Change
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lookup, Reference, RemoteObject, Resource, Sensitive, Unknown
from flowctl.model.values import Gaps, gaps, transform, walk, with_gaps_filled

EntryOf: TypeAlias = Callable[[Address], LockEntry | None]
_HOLDERS: Final = frozenset({dict, list})
_MISSING: Final = object()


def as_recorded(desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry]) -> frozenset[Address]:
    """The resources that the manifests describe as they are recorded, as long as nothing that they refer to changes.

    Nearly every resource of a plan is one of them, and all that this needs is known before the platform has replied.
    Of these, only the live object is looked at. A resource that holds a look-up, or that has or had a secret, is not
    among them.
    """
    return frozenset(
        address
        for address, resource in desired.items()
        if (entry := entries.get(address)) is not None
        and not entry.secret_digests
        and entry.lifecycle == resource.lifecycle
        and _is_recorded(resource.attributes, entry.applied, entries)
    )


def _is_recorded(value: Any, recorded: Any, entries: Mapping[Address, LockEntry]) -> bool:
    """Whether a desired value equals a recorded one once each reference stands for what is recorded of its resource."""
    kind = type(value)
    if kind is Reference:
        entry = entries.get(value.address)
        return entry is not None and bool(entry.output(value.output) == recorded)
    if kind is not type(recorded) or kind not in _HOLDERS or len(value) != len(recorded):
        return bool(value == recorded)
    # A part without references is compared as a whole, and not member by member.
    if kind is list:
        for item, other in zip(value, recorded, strict=True):
            if (type(item) is Reference or item != other) and not _is_recorded(item, other, entries):
                return False
        return True
    for name, member in value.items():
        other = recorded.get(name, _MISSING)
        if (type(member) is Reference or member != other) and not _is_recorded(member, other, entries):
            return False
    return True


def resource_gaps(desired: Mapping[Address, Resource], without: Set[Address] = frozenset()) -> dict[Address, Gaps]:
    """The references, look-ups and secrets of resources, found in one walk for all that needs them.

    Those of `without` need not be known.
    """
    return {address: gaps(resource.attributes) for address, resource in desired.items() if address not in without}


def planned(
    resource: Resource,
    found: Gaps,
    *,
    changes: Mapping[Address, Change],
    lookups: Mapping[Lookup, str],
    entries: Mapping[Address, LockEntry],
    kinds: Mapping[str, Kind],
) -> JSONObject:
    """The attributes within a plan; `changes` are those of what the resource depends on. Secrets stay as they are."""

    def fill(gap: Any) -> Any:
        if isinstance(gap, Reference):
            entry, change = entries.get(gap.address), changes[gap.address]
            if entry is None or _sets(change, gap, kinds[gap.address.kind]):
                return Unknown(gap.address, gap.output)
            return entry.output(gap.output)
        return lookups[gap] if isinstance(gap, Lookup) else gap

    attributes: JSONObject = with_gaps_filled(resource.attributes, found, fill)
    return attributes


def _sets(change: Change, reference: Reference, kind: Kind) -> bool:
    """Whether a change leads to another value of the output that is referred to."""
    if change.action in (Action.CREATE, Action.REPLACE):
        return True
    is_sent = change.action in (Action.UPDATE, Action.IMPORT) and not change.is_recorded_only
    return is_sent and reference.output in kind.volatile_outputs


def unset_secrets(attributes: JSONObject) -> Iterator[tuple[str, Sensitive]]:
    """The secrets whose environment variable is not set, by dotted path."""
    for path, secret in walk(attributes):
        if isinstance(secret, Sensitive) and secret.value is None:
            yield dotted(path), secret


def applied(attributes: JSONObject, entry_of: EntryOf) -> JSONObject:
    """The attributes once everything that they depend on is done and recorded."""

    def fill(value: Any) -> Any:
        if not isinstance(value, Unknown):
            return value
        entry = entry_of(value.address)
        return entry.output(value.output) if entry else None

    resolved: JSONObject = transform(attributes, fill)
    return resolved


def live_references(
    resource: Resource, live: RemoteObject, keyed_lists: Mapping[Path, str]
) -> list[tuple[Reference, str]]:
    """Each reference of a resource with the value that stands in its place in the live object."""
    found = []
    for path, value in walk(resource.attributes):
        if isinstance(value, Reference):
            observed = _live_value(resource.attributes, live.attributes, path, keyed_lists)
            if observed is not None:
                found.append((value, str(observed)))
    return found


def _live_value(desired: object, observed: object, path: Path, keyed_lists: Mapping[Path, str]) -> object:
    """The live value at the place of a reference; items of keyed lists are found by key, others by position.

    A list of several references, such as the field groups of a schema, may have any order: it tells nothing.
    """
    for depth, step in enumerate(path):
        if step.startswith("[") and isinstance(desired, list):
            index = int(step[1:-1])
            if len(desired) > 1 and isinstance(desired[index], Reference):
                return None
            desired = desired[index]
            key = keyed_lists.get(path[:depth])
            items = observed if isinstance(observed, list) else []
            if key is not None and isinstance(desired, Mapping):
                name = desired.get(key)
                observed = next((item for item in items if item.get(key) == name), None)
            else:
                observed = items[index] if index < len(items) else None
        else:
            desired = desired.get(step) if isinstance(desired, Mapping) else None
            observed = observed.get(step) if isinstance(observed, Mapping) else None
    return observed
