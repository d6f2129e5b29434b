"""The ledger: the lockfile in memory, kept durable by the journal while an apply runs. Threads may share it."""

import secrets
import threading
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry, Lockfile
from flowctl.state.durable import replace_text, sync_folder
from flowctl.state.journal import Journal, read_events
from flowctl.state.lockfile_format import entry_from_json, entry_to_json, from_text, to_text


class Ledger:
    """Reads the record of an environment, and records what an apply does, step by step."""

    def __init__(self, folder: Path, environment: str, *, organization: str, sandbox: str) -> None:
        self.path = folder / f"flowctl.{environment}.lock"
        self._journal_path = folder / f"flowctl.{environment}.lock.journal"
        self._journal: Journal | None = None
        self._mutex = threading.Lock()
        self._base = self._read(organization, sandbox)
        self._entries = dict(self._base.entries)
        self._replay()
        self._check_place(organization, sandbox, environment)

    @property
    def lockfile(self) -> Lockfile:
        """The record as it stands now, replayed journal included."""
        with self._mutex:
            return replace(self._base, entries=dict(self._entries))

    @property
    def salt(self) -> str:
        """The salt of this record's secret digests, in hexadecimal."""
        return self._base.salt

    def entry(self, address: Address) -> LockEntry | None:
        """The entry of an address."""
        return self._entries.get(address)

    def intend(self, address: Address, event: Mapping[str, Any]) -> None:
        """Records that a write is about to be sent."""
        self._append({"event": "intent", "address": address, **event})

    def record(self, address: Address, entry: LockEntry) -> None:
        """Records an object that was made or changed."""
        self._append({"event": "entry", "address": address, "entry": entry_to_json(entry)})

    def forget(self, address: Address) -> None:
        """Records that an address has no object any more."""
        self._append({"event": "gone", "address": address})

    def bury(self, address: Address, deposed: str) -> None:
        """Records that a predecessor of an address is deleted."""
        self._append({"event": "buried", "address": address, "id": deposed})

    def compact(self) -> None:
        """Writes the lockfile and removes the journal; a crash between the two is seen by the serial."""
        with self._mutex:
            if self._journal is None and not self._journal_path.exists():
                return
            self._base = replace(self._base, serial=self._base.serial + 1, entries=dict(self._entries))
            replace_text(self.path, to_text(self._base))
            if self._journal is not None:
                self._journal.close()
                self._journal = None
            self._journal_path.unlink(missing_ok=True)
            sync_folder(self._journal_path.parent)

    def _append(self, event: Mapping[str, Any]) -> None:
        with self._mutex:
            if self._journal is None:
                self._journal = Journal(self._journal_path)
                self._journal.append(_begin(self._base))
            journal = self._journal
        journal.append(event)
        with self._mutex:
            _take_in(self._entries, event)

    def _replay(self) -> None:
        for event in read_events(self._journal_path):
            if event["event"] == "begin":
                if event["lineage"] != self._base.lineage and self._base.serial > 0:
                    raise StateError.because(
                        "journal-elsewhere",
                        f"{self._journal_path.name} continues another lockfile than the one beside it",
                        hint="Restore the lockfile that it belongs to, or remove the journal if it is of no use.",
                    )
                if event["serial"] < self._base.serial:
                    return
                self._base = replace(self._base, lineage=event["lineage"], salt=event["salt"])
            _take_in(self._entries, event)

    def _read(self, organization: str, sandbox: str) -> Lockfile:
        try:
            return from_text(self.path.read_text(encoding="utf-8"), self.path.name)
        except FileNotFoundError:
            lineage, salt = str(uuid.uuid4()), secrets.token_hex(16)
            return Lockfile(organization=organization, sandbox=sandbox, lineage=lineage, salt=salt)
        except (OSError, UnicodeDecodeError) as error:
            raise StateError.because("lockfile-unreadable", f"{self.path.name} cannot be read: {error}") from error

    def _check_place(self, organization: str, sandbox: str, environment: str) -> None:
        found = (self._base.organization, self._base.sandbox)
        if found != (organization, sandbox):
            raise StateError.because(
                "lockfile-elsewhere",
                f"{self.path.name} belongs to organization {found[0]}, sandbox {found[1]}",
                detail=f"Environment {environment} is organization {organization}, sandbox {sandbox}.",
                hint="Correct the environment in flowctl.yaml; each environment has its own lockfile.",
            )


def _begin(lockfile: Lockfile) -> dict[str, Any]:
    return {
        "event": "begin",
        "lineage": lockfile.lineage,
        "salt": lockfile.salt,
        "serial": lockfile.serial,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
    }


def _take_in(entries: dict[Address, LockEntry], event: Mapping[str, Any]) -> None:
    address = Address(event.get("address", ""))
    if event["event"] == "entry":
        entries[address] = entry_from_json(event["entry"])
    elif event["event"] == "gone":
        entries.pop(address, None)
    elif event["event"] == "buried" and address in entries:
        entry = entries[address]
        left = tuple(deposed for deposed in entry.deposed if deposed != event["id"])
        entries[address] = replace(entry, deposed=left)
