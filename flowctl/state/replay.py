"""Replay: combine a lockfile and its journal into the current record; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.state.entry_format import Malformed
from flowctl.state.events import Begin, Buried, Event, Gone, Intended, Recorded, Settled
from flowctl.state.owners import Owners


@dataclass(slots=True)
class Record:
    """The record while it changes: entries by address, and intents without a result by nonce."""

    base: Lockfile
    entries: dict[Address, LockEntry] = field(default_factory=dict)
    pending: dict[str, Intent] = field(default_factory=dict)
    _owners: Owners | None = None

    @classmethod
    def of(cls, lockfile: Lockfile) -> "Record":
        """The record of a lockfile."""
        return cls(
            base=lockfile,
            entries=dict(lockfile.entries),
            pending={intent.nonce: intent for intent in lockfile.pending},
        )

    def lockfile(self) -> Lockfile:
        """The record as a lockfile of the base's serial."""
        return replace(self.base, entries=dict(self.entries), pending=tuple(self.pending.values()))

    def admit(self, event: Event) -> None:
        """Reserve what an event would record. Raises Malformed if another address has that object."""
        if not isinstance(event, Recorded):
            return
        if event.moved_from is None or (moved := self.entries.get(event.moved_from)) is None:
            other = self.owners.claim(event.address, event.entry)
        else:
            self.owners.release(event.moved_from, moved)
            other = self.owners.claim(event.address, event.entry)
            if other is not None:
                self.owners.claim(event.moved_from, moved)
        if other is not None:
            raise Malformed(f"{other} and {event.address} have the same id", event.address)

    def take_in(self, event: Event) -> None:
        """Apply one event that was admitted."""
        match event:
            case Intended(intent=intent):
                self.pending[intent.nonce] = intent
            case Recorded(address=address, entry=entry, nonce=nonce, moved_from=moved_from):
                self.pending.pop(nonce, None)
                if moved_from is not None:
                    self.entries.pop(moved_from, None)
                self.entries[address] = entry
            case Gone(address=address, nonce=nonce):
                self.pending.pop(nonce, None)
                self.owners.release(address, self.entries.pop(address, None))
            case Buried(address=address, id=object_id, nonce=nonce):
                self.pending.pop(nonce, None)
                self._bury(address, object_id)
            case Settled(nonce=nonce):
                self.pending.pop(nonce, None)

    @property
    def owners(self) -> Owners:
        """The owners of the recorded objects; a run that records nothing needs none."""
        if self._owners is None:
            self._owners = Owners(self.entries)
        return self._owners

    def _bury(self, address: Address, object_id: str) -> None:
        if address in self.entries:
            entry = self.entries[address]
            left = tuple(deposed for deposed in entry.deposed if deposed != object_id)
            self.owners.release(address, entry)
            self.entries[address] = replace(entry, deposed=left)
            self.owners.claim(address, self.entries[address])


def replay(record: Record, events: Iterable[tuple[int, Event]], name: str) -> None:
    """Apply a journal's events, each with its line, to the record of the lockfile beside it.

    Raises StateError for a journal of another lockfile, and for events that cannot be.
    """
    applies: bool | None = None
    for line, event in events:
        if isinstance(event, Begin):
            _check_continues(event, record.base, name)
            applies = event.serial == record.base.serial
            if applies:
                record.base = replace(
                    record.base,
                    lineage=event.lineage,
                    salt=event.salt,
                    organization=event.organization,
                    sandbox=event.sandbox,
                )
        elif applies is None:
            raise damaged(name, line, "it does not begin with the lockfile that it continues")
        elif applies:
            try:
                record.admit(event)
            except Malformed as error:
                raise damaged(name, line, error.words) from error
            record.take_in(event)


def damaged(name: str, line: int, why: str) -> StateError:
    """The error of a journal with a line that cannot be used."""
    return StateError.because(
        "journal-damaged",
        f"{name} is damaged at line {line}: {why}",
        detail="The journal records what an interrupted run did.",
        hint=f"Move {name} away, and run `flowctl state repair` and `flowctl state orphans`.",
    )


def _check_continues(event: Begin, base: Lockfile, name: str) -> None:
    """The journal of a first run needs no lockfile; any other one needs the lockfile it continues, or a later one."""
    if event.serial <= base.serial and (event.lineage == base.lineage or base.serial == 0):
        return
    raise StateError.because(
        "journal-elsewhere",
        f"{name} does not continue the lockfile next to it",
        detail=f"It continues serial {event.serial} of lineage {event.lineage}.",
        hint="Restore that lockfile. If it is lost, move the journal away, and run `flowctl state repair`.",
    )
