"""The search for live objects of desired resources whose lockfile entry is missing or outdated."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flowctl.engine.observe.adoption import adopted_entry
from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.reading import object_pages, read_objects, read_version
from flowctl.engine.observe.search import find_titled
from flowctl.engine.resolve import live_references
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry
from flowctl.model.record_report import Finding
from flowctl.model.resource import Lookup, Reference, RemoteObject, Resource
from flowctl.operations.record_choices import check_choices
from flowctl.operations.refreshing import refresh_of
from flowctl.operations.session import Session


class RecordSearch:
    """One search: the objects found, the IDs that they refer to, and the address of each ID."""

    def __init__(
        self,
        session: Session,
        desired: Mapping[Address, Resource],
        chosen: Mapping[Address, str],
        pool: ThreadPoolExecutor,
    ) -> None:
        self.findings: list[Finding] = []
        self._send = session.send
        self._live = refresh_of(session, pool)
        self._desired = desired
        self._chosen = chosen
        self._pool = pool
        self._entries = session.ledger.lockfile.entries
        self._salt = session.ledger.salt
        self._found_entries: dict[Address, LockEntry] = {}
        self._implied: dict[Address, dict[str, str]] = {}
        self._named_by_new: set[Address] = set()
        self._owners = {entry.id: address for address, entry in self._entries.items()}
        self._owners |= {old: address for address, entry in self._entries.items() for old in entry.deposed}
        check_choices(session.environment.name, chosen, desired, self._entries, self._owners)
        # A choice stands before any name: no other address finds the object first.
        self._owners |= {object_id: address for address, object_id in chosen.items()}

    def look_for(self, kind: Kind) -> None:
        """Find the objects of one kind, and notes which IDs they name."""
        addresses = [address for address in self._desired if address.kind == kind.name]
        recorded = self._recorded(kind, addresses)
        open_ones = []
        for address in addresses:
            if address not in recorded or self._is_outdated(kind, address):
                open_ones.append(address)
            elif (live := recorded[address]) is not None:
                self._note_references(address, live, is_new=False)
        by_id = self._by_id(kind, open_ones)
        by_title = self._by_title(kind, open_ones)
        for address in open_ones:
            found, why_not = self._found(kind, address, by_id, by_title)
            if found is None:
                self.findings.append(Finding(address=address, why_not=why_not))
            elif self._owners.setdefault(found.id, address) != address:
                why_not = f"{found.id} is already in the lockfile as {self._owners[found.id]}"
                self.findings.append(Finding(address=address, why_not=why_not))
            else:
                entry = self._found_entries[address] = self._entry(address, found)
                self.findings.append(Finding(address=address, entry=entry))
                self._note_references(address, found, is_new=True)

    def _recorded(self, kind: Kind, addresses: Sequence[Address]) -> dict[Address, RemoteObject | None]:
        """What is recorded and there; a version of an object that never changes is not read."""
        entries = {address: self._entries[address] for address in addresses if address in self._entries}
        if kind.versioned:
            return dict.fromkeys(entries, None)
        return dict(self._live.live(entries))

    def _read(self, kind: Kind, ids: Collection[str]) -> dict[str, RemoteObject]:
        ordered = sorted(ids)
        batches = [ordered[start : start + kind.batch_size] for start in range(0, len(ordered), kind.batch_size)]
        live: dict[str, RemoteObject] = {}
        for found in self._pool.map(lambda batch: read_objects(kind, batch, self._send), batches):
            live |= found
        return live

    def _by_id(self, kind: Kind, addresses: Sequence[Address]) -> dict[Address, RemoteObject | None]:
        """The objects whose IDs are chosen, or named by what uses them."""
        known = {address: object_id for address in addresses if (object_id := self._known_id(address)) is not None}
        if not kind.versioned:
            live = self._read(kind, set(known.values()))
            return {address: live.get(object_id) for address, object_id in known.items()}

        def read(address: Address) -> RemoteObject | None:
            return read_version(kind, known[address], kind.version(self._implied.get(address, {})), self._send)

        return dict(zip(known, self._pool.map(read, known), strict=True))

    def _is_outdated(self, kind: Kind, address: Address) -> bool:
        """Whether a version is recorded that the flow, which is found only now, does not use."""
        implied, entry = self._implied.get(address, {}), self._entries[address]
        return (
            kind.versioned
            and address in self._named_by_new
            and any(entry.output(output) != value for output, value in implied.items())
        )

    def _by_title(self, kind: Kind, addresses: Sequence[Address]) -> dict[object, list[RemoteObject]]:
        titles = {
            title
            for address in addresses
            if self._known_id(address) is None and (title := self._title(kind, address)) is not None
        }
        found: dict[object, list[RemoteObject]] = {}
        for live in self._titled(kind, titles):
            found.setdefault(live.attributes.get(kind.label), []).append(live)
        return found

    def _titled(self, kind: Kind, titles: Collection[str]) -> Iterable[RemoteObject]:
        """The live objects of these titles, or, of a kind without a search, those that a creation would have made."""
        if kind.search is not None or not kind.belongs_to:
            return find_titled(kind, titles, self._send, self._pool)
        return [
            live
            for title in sorted(titles)
            for page in object_pages(kind, kind.recall({kind.label: title}), self._send)
            for live in page
        ]

    def _title(self, kind: Kind, address: Address) -> str | None:
        """What people know an object by; the ID of the object that it belongs to, if that is found."""
        title = self._known(self._desired[address].attributes.get(kind.label))
        return None if title is None else str(title)

    def _known(self, value: JSON) -> JSON:
        """A desired value; what a reference leads to, if its object is recorded or found."""
        if not isinstance(value, Reference):
            return value
        entry = self._found_entries.get(value.address) or self._entries.get(value.address)
        return entry.output(value.output) if entry is not None else None

    def _known_id(self, address: Address) -> str | None:
        return self._chosen.get(address) or self._implied.get(address, {}).get("id")

    def _found(
        self,
        kind: Kind,
        address: Address,
        by_id: Mapping[Address, RemoteObject | None],
        by_title: Mapping[object, Sequence[RemoteObject]],
    ) -> tuple[RemoteObject | None, str]:
        """The object of an address, or why there is none."""
        if address in by_id:
            object_id, live = self._known_id(address), by_id[address]
            if live is None and address in self._chosen:
                detail, near = Candidates(KINDS, self._send).of_id(kind, str(object_id))
                raise StateError.because(
                    "not-found",
                    f"there is no {kind.title} with the ID {object_id}",
                    detail=detail,
                    hint=near or "Correct the ID: the error duplicate-object and the Experience Platform UI show it.",
                )
            return live, "" if live else f"{object_id}, which its flow uses, is not found"
        title = self._title(kind, address)
        if title is None:
            return None, "the schema that it belongs to is not found" if kind.belongs_to else "no flow uses it"
        # An object of another address is not meant.
        candidates = [
            live
            for live in by_title.get(title, ())
            if self._owners.get(live.id) in (None, address) and self._may_be(kind, address, live)
        ]
        if len(candidates) == 1:
            return candidates[0], ""
        if not candidates:
            return None, f'there is no {kind.title} with the title "{title}"'
        ids = ", ".join(live.id for live in candidates)
        return None, f'{len(candidates)} objects have the title "{title}": {ids}; choose one with {address}=ID'

    def _may_be(self, kind: Kind, address: Address, live: RemoteObject) -> bool:
        """Whether what makes an object the same beside its title is not another, as far as it is known."""
        for path in kind.search.identity if kind.search is not None and not kind.search.by_title else ():
            wanted = value_at(self._desired[address].attributes, path, kind.keyed_lists)
            if isinstance(wanted, Reference):
                entry = self._entries.get(wanted.address)
                wanted = entry.output(wanted.output) if entry is not None else None
            if isinstance(wanted, Lookup) or wanted is None:
                continue
            if wanted != value_at(live.attributes, path, kind.keyed_lists):
                return False
        return True

    def _entry(self, address: Address, live: RemoteObject) -> LockEntry:
        resource, before = self._desired[address], self._entries.get(address)
        entry = adopted_entry(resource, KINDS[resource.kind], live, self._salt)
        return replace(entry, deposed=before.deposed if before is not None else ())

    def _note_references(self, address: Address, live: RemoteObject, *, is_new: bool) -> None:
        for reference, value in live_references(self._desired[address], live, KINDS[address.kind].keyed_lists):
            self._implied.setdefault(reference.address, {})[reference.output] = value
            if is_new:
                self._named_by_new.add(reference.address)
