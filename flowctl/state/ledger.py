"""The ledger: the lockfile in memory, kept durable by the journal while an apply runs. Threads may share it."""

import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowctl.durable import remove, remove_leftovers, replace_text
from flowctl.model.address import Address, is_address
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.regular_file import read_regular
from flowctl.state.clear_secrets import without_clear_secrets
from flowctl.state.entry_format import Malformed, entry_to_json, intent_to_json
from flowctl.state.events import begin_to_json, event_from_json
from flowctl.state.journal import Journal, read_events
from flowctl.state.lockfile_format import from_bytes, place_of, to_text, unreadable
from flowctl.state.replay import Record, replay
from flowctl.strict_json import NotJson


class Ledger:
    """Reads the record of an environment, and records what an apply does, step by step.

    Without organization and sandbox, whatever the lockfile says they are is taken: enough to read and to tidy.
    `masked` takes secrets out of what the platform says, which is recorded too.
    """

    def __init__(
        self,
        folder: Path,
        environment: str,
        *,
        organization: str = "",
        sandbox: str = "",
        masked: Callable[[JSON], JSON] = lambda value: value,
    ) -> None:
        self._masked = masked
        self.path = folder / f"flowctl.{environment}.lock"
        self._journal_path = folder / f"flowctl.{environment}.lock.journal"
        self._journal: Journal | None = None
        self._mutex = threading.Lock()
        # The journal first: where another process compacts in between, the newer lockfile makes its events old.
        self._journal_read = _content(self._journal_path)
        events = read_events(self._journal_path)
        self._lockfile_read = _content(self.path)
        self._record = Record.of(self._read(organization, sandbox))
        replay(self._record, events, self._journal_path.name)
        self._check_place(organization, sandbox, environment)
        self._holds_secrets = self._hide_secrets()

    @property
    def lockfile(self) -> Lockfile:
        """The record as it stands now, replayed journal included."""
        with self._mutex:
            return self._record.lockfile()

    @property
    def salt(self) -> str:
        """The salt of this record's secret digests, in hexadecimal."""
        return self._record.base.salt

    @property
    def is_unfinished(self) -> bool:
        """Whether an interrupted run left something to settle or to compact."""
        return self.has_journal or bool(self._record.pending)

    @property
    def has_journal(self) -> bool:
        """Whether a run left a journal, or one is being written."""
        return self._journal is not None or self._journal_path.exists()

    def entry(self, address: Address) -> LockEntry | None:
        """The entry of an address."""
        return self._record.entries.get(address)

    def intend(self, address: Address, operation: str, entry: LockEntry, *, now: int | None) -> Intent:
        """Records that a write is about to be sent, with the entry that it would lead to.

        `now` is the platform's time in epoch milliseconds, None if that is not known.
        """
        intent = Intent(
            nonce=uuid.uuid4().hex,
            address=address,
            operation=operation,
            entry=self._recordable(entry),
            at=int(time.time() * 1000) if now is None else now,
            measured=now is not None,
        )
        self._append({"event": "intent", **intent_to_json(intent)})
        return intent

    def record(self, address: Address, entry: LockEntry, intent: Intent | None = None) -> None:
        """Records an object that was made or changed."""
        self._append(
            {"event": "entry", "address": address, "entry": entry_to_json(self._recordable(entry)), **_nonce(intent)}
        )

    def forget(self, address: Address, intent: Intent | None = None) -> None:
        """Records that an address has no object any more."""
        self._append({"event": "gone", "address": address, **_nonce(intent)})

    def bury(self, address: Address, deposed: str, intent: Intent | None = None) -> None:
        """Records that a predecessor of an address is deleted."""
        self._append({"event": "buried", "address": address, "id": deposed, **_nonce(intent)})

    def rename(self, old: Address, new: Address, entry: LockEntry) -> None:
        """Records an entry under another address; entries that depend on it follow."""
        for address, user in self.lockfile.entries.items():
            if old in user.depends_on:
                depends_on = (user.depends_on - {old}) | {new}
                self.record(address, replace(user, depends_on=depends_on))
        self._append({"event": "entry", "address": new, "entry": entry_to_json(entry), "from": old})

    def settle(self, intent: Intent) -> None:
        """Records that an intended write was not done."""
        self._append({"event": "settled", **_nonce(intent)})

    def check_current(self) -> None:
        """Raise StateError if lockfile or journal are no longer what was read: somebody else recorded something.

        A run that waits for its approval may have lost its lock to `flowctl unlock`, or `git pull` brought a lockfile.
        """
        if self._journal is not None:
            # What this run did is in it and nowhere else, unless another run has settled and removed it.
            changed = self._journal.is_removed()
        else:
            read = (self._journal_read, self._lockfile_read)
            changed = (_content(self._journal_path), _content(self.path)) != read
        if changed:
            raise StateError.because(
                "record-changed",
                f"{self.path.name} or its journal was changed by another run after this run read it",
                detail="This run writes nothing over the record of the other one.",
                hint="Wait until the other run ends, then run flowctl plan and continue from there.",
            )

    def compact(self) -> None:
        """Writes the lockfile and removes the journal; a crash between the two is seen by the serial.

        Raises StateError where that fails; then the journal still holds the record.
        """
        with self._mutex:
            if not self.has_journal and not self._holds_secrets:
                return
            self.check_current()
            base = replace(self._record.base, serial=self._record.base.serial + 1)
            try:
                # A link stays: what it leads to was read as a lockfile.
                target = Path(os.path.realpath(self.path))
                remove_leftovers(target)
                text = to_text(replace(self._record.lockfile(), serial=base.serial))
                replace_text(target, text)
                self._lockfile_read = text.encode()
                self._record.base = base
                self._holds_secrets = False
                if self._journal is not None:
                    self._journal.close()
                    self._journal = None
                remove(self._journal_path)
                self._journal_read = b""
            except OSError as error:
                raise _unwritable(self.path, error) from error

    def _recordable(self, entry: LockEntry) -> LockEntry:
        """The entry without secrets in what a reply told: a gateway may put back into it what it was sent."""
        etag, outputs = self._masked(entry.etag), self._masked(entry.outputs)
        return entry if (etag, outputs) == (entry.etag, entry.outputs) else replace(entry, etag=etag, outputs=outputs)

    def _append(self, members: Mapping[str, Any]) -> None:
        """Write an event and apply it. Nothing is written that could not be read again."""
        try:
            with self._mutex:
                event = event_from_json(members)
                if event is None:
                    raise AssertionError(f"{members['event']} is not an event")
                self._record.admit(event)
                self.check_current()
                if self._journal is None:
                    self._journal = Journal(self._journal_path)
                    self._journal.append(begin_to_json(self._record.base))
                journal = self._journal
            journal.append(members)
        except OSError as error:
            raise _unwritable(self._journal_path, error) from error
        except (Malformed, NotJson) as error:
            raise _unrecordable(error.words, members.get("address")) from error
        with self._mutex:
            self._record.take_in(event)

    def _read(self, organization: str, sandbox: str) -> Lockfile:
        try:
            return from_bytes(read_regular(self.path), self.path.name)
        except FileNotFoundError:
            lineage, salt = str(uuid.uuid4()), secrets.token_hex(16)
            return Lockfile(organization=organization, sandbox=sandbox, lineage=lineage, salt=salt)
        except OSError as error:
            raise unreadable(self.path.name, error.strerror or str(error)) from error

    def _hide_secrets(self) -> bool:
        """Takes secrets that an older flowctl recorded in clear out of the record; whether the file still has some."""
        found = False
        for address, entry in self._record.entries.items():
            hidden = without_clear_secrets(entry, self.salt)
            if hidden is not entry:
                self._record.entries[address] = hidden
                found = True
        for nonce, intent in self._record.pending.items():
            self._record.pending[nonce] = replace(intent, entry=without_clear_secrets(intent.entry, self.salt))
        return found

    def _check_place(self, organization: str, sandbox: str, environment: str) -> None:
        found = (self._record.base.organization, self._record.base.sandbox)
        if organization and found != (organization, sandbox):
            member = "organization" if found[0] != organization else "sandbox"
            raise StateError.because(
                "lockfile-elsewhere",
                f"{self.path.name} belongs to organization {found[0]}, sandbox {found[1]}",
                detail=f"Environment {environment} is organization {organization}, sandbox {sandbox}.",
                hint="Correct the environment in flowctl.yaml; each environment has its own lockfile.",
                span=place_of(member, self.path) if self.path.exists() else None,
            )


def _content(path: Path) -> bytes:
    """The bytes of a file, to see later whether it changed; none if it cannot be read."""
    try:
        return read_regular(path)
    except OSError:
        return b""


def _nonce(intent: Intent | None) -> dict[str, str]:
    return {"nonce": intent.nonce} if intent is not None else {}


def _unwritable(path: Path, error: OSError) -> StateError:
    return StateError.because(
        "record-unwritable",
        f"{path.name} cannot be written: {error.strerror or error}",
        detail="What was recorded before is safe.",
        hint="Make room or repair the permissions, and run again: the next run finds out what this one did.",
    )


def _unrecordable(why: str, address: Any) -> StateError:
    return StateError.because(
        "unrecordable",
        f"what the platform says of {address} cannot be recorded: {why}",
        detail="Nothing was written, because no later run could read it.",
        hint="Run again: the next run looks on the platform for what this one did.",
        address=address if is_address(address) else None,
    )
