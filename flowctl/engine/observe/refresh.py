"""Refresh: the live state, read in batches and in parallel, so that its cost grows with pages and not with objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeAlias

from flowctl.engine.observe.audit_trail import read_audit_trail
from flowctl.engine.observe.guards import blocked_deletions, released_by, why_blocked
from flowctl.engine.observe.lookups import look_up
from flowctl.engine.observe.observation import Observation
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_objects, read_version
from flowctl.engine.observe.readings import Readings, groups_of_size
from flowctl.engine.observe.unreadable import Unread
from flowctl.engine.observe.visibility import Visibility
from flowctl.kinds.audit_events import AuditEvent, is_deleted, last_at
from flowctl.kinds.kind import Kind, Pin
from flowctl.model.address import Address
from flowctl.model.containment import held
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.values import Gaps
from flowctl.systems import result_of

_NO_BODY: Final[Mapping[str, Any]] = {}
"""Shared by all objects of whose bodies nothing is kept."""
_Entries = Mapping[Address, LockEntry]
_Objects = dict[str, RemoteObject]
_Applied = dict[str, JSONObject]
Keeps: TypeAlias = Callable[[Kind, RemoteObject], bool]
IsCurrent: TypeAlias = Callable[[Kind, LockEntry, RemoteObject], bool]


def is_warned_of(kind: Kind, live: RemoteObject) -> bool:
    """Whether to keep the body of an object: its kind has a warning about it, which is read from the body."""
    return kind.warning(live) is not None


class Refresh:
    """The live state of one moment; no object is read twice. What is read is noted in `readings`, if there are any."""

    def __init__(
        self,
        *,
        kinds: Mapping[str, Kind],
        send: Send,
        pool: ThreadPoolExecutor,
        keeps: Keeps = is_warned_of,
        readings: Readings | None = None,
        unread: Unread | None = None,
        visibility: Visibility | None = None,
        is_current: IsCurrent = lambda _kind, _entry, _live: True,
    ) -> None:
        """`keeps` tells whose body is kept: it is most of an object, and nearly all objects do without.

        An object that cannot be read is told to `unread`, and is missing; without it, raises UnclearReply. A recorded
        object is read again before it is missing, for as long as `visibility` waits, and so is one that is not current:
        as it was before the last record.
        """
        self._unread = unread
        self._visibility = visibility
        self._is_current = is_current
        self._waits = visibility is not None and visibility.left > 0
        self._keeps = keeps
        self._kinds = kinds
        self._readings = readings
        self._send_for_objects = send
        self._send = send if readings is None else readings.of_answers(send)
        self._pool = pool
        self._reads: dict[str, dict[str, Future[_Objects]]] = {name: {} for name in kinds}
        self._begun: _Entries | None = None
        self._versioned = frozenset(name for name, kind in kinds.items() if kind.versioned)

    def read_ahead(self, entries: _Entries) -> None:
        """Begin to read the recorded objects of these entries; what goes wrong is raised by `observe`."""
        if entries is self._begun:
            return
        waiting: dict[str, _Applied] = {}
        for entry in entries.values():
            if entry.id not in self._reads[entry.kind] and entry.kind not in self._versioned:
                waiting.setdefault(entry.kind, {})[entry.id] = entry.applied
        self._begun = entries
        for name, applied in waiting.items():
            kind = self._kinds[name]
            for batch in groups_of_size(sorted(applied), kind.batch_size):
                self._reads[name].update(dict.fromkeys(batch, self._pool.submit(self._read, kind, batch, applied)))

    def observe(
        self, desired: Mapping[Address, Resource], entries: _Entries, gaps: Mapping[Address, Gaps]
    ) -> Observation:
        """The live state of every recorded entry, the values looked up outside, and what blocks deletions.

        Raises PlatformError where the platform cannot be read, ManifestError where a look-up finds nothing or several.
        """
        self.read_ahead(entries)
        lookups = look_up(desired, gaps, self._kinds, self._send, self._pool)
        objects = self.live(entries, desired)
        everything_stays = entries.keys() <= desired.keys()
        leaving = {} if everything_stays else {key: entry for key, entry in entries.items() if key not in desired}
        released = released_by(desired, entries, objects, self._kinds) if leaving else {}
        blocked = blocked_deletions(leaving, objects, self._kinds, self._send, self._pool, released)
        filled = self._filled(desired, entries)
        return Observation(objects=objects, lookups=lookups, blocked=blocked, filled=filled)

    def live(self, entries: _Entries, desired: Mapping[Address, Resource] | None = None) -> dict[Address, RemoteObject]:
        """The live objects of recorded entries; one that is not in it is missing. Raises PlatformError.

        `desired` tells where changes are ignored.
        """
        self.read_ahead(entries)
        objects = self._shown(entries)
        versioned = {address: entry for address, entry in entries.items() if entry.kind in self._versioned}
        return objects | self._read_versions(versioned, objects, desired or {})

    def _shown(self, entries: _Entries) -> dict[Address, RemoteObject]:
        """The live objects of recorded entries; those that may be new are waited for."""
        objects = self._recorded(entries)
        if self._visibility is None or self._visibility.left <= 0:
            return objects
        late = self._late(entries, objects, self._visibility)
        late |= self._old(entries, objects)
        while late and self._visibility.wait(late):
            for entry in late.values():
                del self._reads[entry.kind][entry.id]
            self.read_ahead(late)
            found = self._recorded(late)
            objects |= found
            late = {address: entry for address, entry in late.items() if address not in found} | self._old(late, found)
        return objects

    def _old(self, entries: _Entries, objects: Mapping[Address, RemoteObject]) -> dict[Address, LockEntry]:
        """The entries whose objects Experience Platform still shows as they were before the last record."""
        return {
            address: entries[address]
            for address, live in objects.items()
            if self._kinds[address.kind].shows_late
            and not self._is_current(self._kinds[address.kind], entries[address], live)
        }

    def _late(
        self, entries: _Entries, objects: Mapping[Address, RemoteObject], visibility: Visibility
    ) -> dict[Address, LockEntry]:
        """The missing entries that may be new.

        None where an object is missing that would be shown at once: then someone has deleted things. What the audit
        trail says is deleted, or was written long ago, is not new: a lockfile of a fresh clone only seems to be. Not
        every kind has a trail, and not everybody may read it.
        """

        def may_be_new(written: Sequence[AuditEvent]) -> bool:
            return not is_deleted(written) and not visibility.is_over(last_at(written))

        missing = {
            address: entry
            for address, entry in entries.items()
            if address not in objects and entry.kind not in self._versioned
        }
        if not all(self._kinds[entry.kind].shows_late for entry in missing.values()):
            return {}
        audited = [entry.id for entry in missing.values() if self._kinds[entry.kind].provenance.asset_type]
        events = read_audit_trail(audited, self._send_for_objects, self._pool).events
        return {address: entry for address, entry in missing.items() if may_be_new(events.get(entry.id, ()))}

    def _filled(self, desired: Mapping[Address, Resource], entries: _Entries) -> frozenset[Address]:
        """What unrecorded resources would use and leads into data; each place is read once."""
        new = (resource for address, resource in desired.items() if address not in entries)
        used = {need for resource in new for need in resource.depends_on}
        places = {
            address: place
            for address in used & entries.keys()
            if (place := self._kinds[entries[address].kind].fills(entries[address].applied)) is not None
        }
        distinct = sorted(set(places.values()))
        holds_data = dict(zip(distinct, self._pool.map(self._holds_data, distinct), strict=True))
        return frozenset(address for address, place in places.items() if holds_data[place])

    def _holds_data(self, place: tuple[str, str]) -> bool:
        guard = self._kinds[place[0]].deletion_guard
        return guard is not None and why_blocked(guard, place[1], self._send) is not None

    def _read(self, kind: Kind, ids: Sequence[str], applied: _Applied) -> _Objects:
        """The live objects of these IDs. Attributes that equal what is recorded are kept once, as it is recorded."""
        if self._readings is None:
            found = read_objects(kind, ids, self._send_for_objects, self._unread)
        else:
            found = read_objects(kind, ids, self._readings.of_objects(kind, self._send_for_objects))
            self._readings.saw(kind, found)
        return {key: self._kept(kind, live, applied[key]) for key, live in found.items()}

    def _kept(self, kind: Kind, live: RemoteObject, applied: JSONObject) -> RemoteObject:
        """The object, in most cases with no more of its body than a plan makes notes of."""
        body = live.body
        # Compared here, where the processor has just had the attributes in hand, and not when all objects are read.
        attributes = held(live.attributes, applied)
        known = applied if attributes is not None else None
        if attributes is None:
            attributes = live.attributes
        if not (self._waits and kind.shows_late) and not self._keeps(kind, live):
            body = {name: body[name] for name in kind.noted if name in body} if kind.noted else _NO_BODY
        return RemoteObject(
            id=live.id, etag=live.etag, attributes=attributes, body=body, outputs=live.outputs, known=known
        )

    def found(self, entries: _Entries) -> dict[Address, RemoteObject]:
        """The live objects of entries, without those of kinds that have versions."""
        self.read_ahead(entries)
        return self._recorded(entries)

    def deposed(self, desired: Mapping[Address, Resource], entries: _Entries) -> dict[Address, list[RemoteObject]]:
        """The live old objects of desired resources, which a replacement has not deleted yet."""
        old = {
            address: [LockEntry(kind=entry.kind, id=one) for one in entry.deposed]
            for address, entry in entries.items()
            if entry.deposed and address in desired and not self._kinds[entry.kind].versioned
        }
        found = ((address, self.found({address: one})) for address, several in old.items() for one in several)
        live: dict[Address, list[RemoteObject]] = {}
        for address, objects in found:
            live.setdefault(address, []).extend(objects.values())
        return {address: several for address, several in live.items() if several}

    def _recorded(self, entries: _Entries) -> dict[Address, RemoteObject]:
        found: dict[Address, RemoteObject] = {}
        done: dict[Future[_Objects], _Objects] = {}
        for address, entry in entries.items():
            reading = self._reads[entry.kind].get(entry.id)
            if reading is not None:
                # One wait for a batch: waiting takes longer than looking up an object.
                objects = done.get(reading)
                if objects is None:
                    objects = done[reading] = result_of(reading)
                if (live := objects.get(entry.id)) is not None:
                    found[address] = live
        return found

    def _read_versions(
        self, entries: _Entries, objects: Mapping[Address, RemoteObject], desired: Mapping[Address, Resource]
    ) -> dict[Address, RemoteObject]:
        """A recorded version never changes, so it is read only where no live object pins it.

        Where changes are ignored, the version counts that is pinned, whatever is recorded.
        """
        pins = frozenset(_pins(objects, self._kinds))
        used = {(pin.kind, pin.id): pin.version for pin in pins}
        found: dict[Address, RemoteObject] = {}
        unpinned: list[Address] = []
        for address, entry in entries.items():
            if Pin(kind=entry.kind, id=entry.id, version=self._kinds[entry.kind].version(entry.outputs)) in pins:
                found[address] = RemoteObject(
                    id=entry.id, etag=None, attributes=entry.applied, body={}, outputs=entry.outputs
                )
            else:
                unpinned.append(address)

        def read(address: Address) -> RemoteObject | None:
            entry = entries[address]
            kind = self._kinds[entry.kind]
            version = kind.version(entry.outputs)
            if address in desired and desired[address].ignored:
                version = used.get((entry.kind, entry.id), version)
            return read_version(kind, entry.id, version, self._send, self._unread)

        for address, live in zip(unpinned, self._pool.map(read, unpinned), strict=True):
            if live is not None:
                found[address] = live
        return found


def _pins(objects: Mapping[Address, RemoteObject], kinds: Mapping[str, Kind]) -> Iterable[Pin]:
    for address, live in objects.items():
        yield from kinds[address.kind].pins(live.attributes)
