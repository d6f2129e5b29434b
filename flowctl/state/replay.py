"""Replay: a lockfile and its journal into the record as it stands; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.state.lockfile_format import entry_from_json, intent_from_json

VERSION = 1
"""The version of the journal's events."""


@dataclass(slots=True)
class Record:
    """The record while it changes: entries by address, and intents without a result by nonce."""

    base: Lockfile
    entries: dict[Address, LockEntry] = field(default_factory=dict)
    pending: dict[str, Intent] = field(default_factory=dict)

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

    def take_in(self, event: Mapping[str, Any]) -> None:
        """Applies one event."""
        address = Address(event.get("address", ""))
        self.pending.pop(event.get("nonce", ""), None)
        if event["event"] == "intent":
            self.pending[event["nonce"]] = intent_from_json(event)
        elif event["event"] == "entry":
            self.entries[address] = entry_from_json(event["entry"])
        elif event["event"] == "gone":
            self.entries.pop(address, None)
        elif event["event"] == "buried" and address in self.entries:
            entry = self.entries[address]
            left = tuple(deposed for deposed in entry.deposed if deposed != event["id"])
            self.entries[address] = replace(entry, deposed=left)


def begin_event(lockfile: Lockfile) -> dict[str, Any]:
    """The event that starts a run's part of the journal."""
    return {
        "event": "begin",
        "version": VERSION,
        "lineage": lockfile.lineage,
        "salt": lockfile.salt,
        "serial": lockfile.serial,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
    }


def replay(record: Record, events: Iterable[Mapping[str, Any]], name: str) -> None:
    """Applies a journal's events to the record of the lockfile beside it.

    Raises StateError for a journal of another lockfile, one that a newer flowctl wrote, or one that lacks members.
    """
    try:
        _replay(record, events, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StateError.because(
            "journal-damaged",
            f"{name} holds an event that cannot be understood ({type(error).__name__}: {error})",
            hint=f"Move {name} away and run flowctl state repair and flowctl state orphans: they look on the platform.",
        ) from error


def _replay(record: Record, events: Iterable[Mapping[str, Any]], name: str) -> None:
    applies = False
    for event in events:
        if event["event"] == "begin":
            _check_version(event, name)
            _check_continues(event, record.base, name)
            applies = event["serial"] == record.base.serial
            if applies:
                record.base = replace(
                    record.base,
                    lineage=event["lineage"],
                    salt=event["salt"],
                    organization=event["organization"],
                    sandbox=event["sandbox"],
                )
        elif applies:
            record.take_in(event)


def _check_continues(event: Mapping[str, Any], base: Lockfile, name: str) -> None:
    """A first run's journal stands alone; any other one needs the lockfile that it continues, or a later one of it."""
    if event["serial"] <= base.serial and (event["lineage"] == base.lineage or base.serial == 0):
        return
    raise StateError.because(
        "journal-elsewhere",
        f"{name} continues another lockfile than the one beside it",
        detail=f"It continues serial {event['serial']} of lineage {event['lineage']}.",
        hint="Restore the lockfile that it belongs to. If that is lost, move the journal away and run "
        "flowctl state repair.",
    )


def _check_version(event: Mapping[str, Any], name: str) -> None:
    if event.get("version", 0) > VERSION:
        raise StateError.because(
            "journal-newer",
            f"{name} was written by a newer flowctl (version {event['version']} of its events)",
            hint="Install a newer release of flowctl.",
        )
