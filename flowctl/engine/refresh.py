"""Refresh: reads live state in batches, in parallel, so that its cost grows with pages and not with objects."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.guards import blocked_deletions
from flowctl.engine.lookups import look_up
from flowctl.engine.observation import Observation
from flowctl.engine.reading import Send, read_objects, read_version
from flowctl.kinds.kind import Kind, Pin
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource

_Entries = Mapping[Address, LockEntry]


def refresh(
    *,
    desired: Mapping[Address, Resource],
    entries: _Entries,
    kinds: Mapping[str, Kind],
    send: Send,
    parallelism: int,
) -> Observation:
    """The live state of every recorded entry, the values looked up outside, and what blocks deletions.

    Raises PlatformError where the platform cannot be read, ManifestError where a look-up finds nothing or several.
    """
    with ThreadPoolExecutor(max_workers=parallelism, thread_name_prefix="refresh") as pool:
        lookups = look_up(desired, kinds, send, pool)
        plain = {address: entry for address, entry in entries.items() if not kinds[entry.kind].versioned}
        objects = _read_all(plain, kinds, send, pool)
        versioned = {address: entry for address, entry in entries.items() if kinds[entry.kind].versioned}
        objects |= _read_versions(versioned, objects, kinds, send, pool)
        leaving = {address: entry for address, entry in entries.items() if address not in desired}
        blocked = blocked_deletions(leaving, objects, kinds, send, pool)
    return Observation(objects=objects, lookups=lookups, blocked=blocked)


def _read_all(
    entries: _Entries, kinds: Mapping[str, Kind], send: Send, pool: ThreadPoolExecutor
) -> dict[Address, RemoteObject]:
    batches = [
        (kinds[name], batch)
        for name in dict.fromkeys(entry.kind for entry in entries.values())
        for batch in _batches(
            sorted({entry.id for entry in entries.values() if entry.kind == name}), kinds[name].batch_size
        )
    ]
    found: dict[tuple[str, str], RemoteObject] = {}
    for kind_name, live in pool.map(lambda work: (work[0].name, read_objects(work[0], work[1], send)), batches):
        found |= {(kind_name, object_id): remote for object_id, remote in live.items()}
    return {
        address: found[entry.kind, entry.id] for address, entry in entries.items() if (entry.kind, entry.id) in found
    }


def _read_versions(
    entries: _Entries,
    objects: Mapping[Address, RemoteObject],
    kinds: Mapping[str, Kind],
    send: Send,
    pool: ThreadPoolExecutor,
) -> dict[Address, RemoteObject]:
    """A recorded version never changes, so it is read only where no live object pins it."""
    pins = frozenset(_pins(objects, kinds))
    found: dict[Address, RemoteObject] = {}
    unpinned: list[Address] = []
    for address, entry in entries.items():
        if Pin(kind=entry.kind, id=entry.id, version=entry.outputs.get("version", "")) in pins:
            found[address] = RemoteObject(
                id=entry.id, etag=None, attributes=entry.applied, body={}, outputs=entry.outputs
            )
        else:
            unpinned.append(address)

    def read(address: Address) -> RemoteObject | None:
        entry = entries[address]
        return read_version(kinds[entry.kind], entry.id, entry.outputs.get("version", ""), send)

    for address, live in zip(unpinned, pool.map(read, unpinned), strict=True):
        if live is not None:
            found[address] = live
    return found


def _pins(objects: Mapping[Address, RemoteObject], kinds: Mapping[str, Kind]) -> Iterable[Pin]:
    for address, live in objects.items():
        yield from kinds[address.kind].pins(live.attributes)


def _batches(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
