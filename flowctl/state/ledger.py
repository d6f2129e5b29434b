"""The ledger: the lockfile in memory, kept durable by the journal in a store while an apply runs.

Threads may share it.
"""

import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flowctl.model.address import Address, is_address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.state.clear_secrets import without_clear_secrets
from flowctl.state.entry_format import Malformed, entry_to_json, intent_to_json
from flowctl.state.events import begin_to_json, event_from_json
from flowctl.state.journal import events_in, line_of
from flowctl.state.known_lockfile import KnownLockfile
from flowctl.state.lockfile_format import from_bytes, from_known_bytes, parts_of, place_of, unreadable
from flowctl.state.replay import Record, replay
from flowctl.state.store import Changed, StateStore
from flowctl.strict_json import NotJson


class Ledger:
    """Read the record of an environment, and record what an apply does, step by step.

    Without organization and sandbox, whatever the lockfile says they are is taken: enough to read and to tidy.
    `masked` takes secrets out of what the platform says, which is recorded too. A lockfile that is `known` to be good
    is not checked again, and decoded only once an entry is asked for.
    """

    def __init__(
        self,
        store: StateStore,
        *,
        organization: str = "",
        sandbox: str = "",
        masked: Callable[[JSON], JSON] = lambda value: value,
        known: KnownLockfile | None = None,
    ) -> None:
        self._masked = masked
        self._store = store
        self._has_begun = False
        self._mutex = threading.Lock()
        # The journal first: if another process compacts in between, the newer lockfile makes its events old.
        journal = self._read_journal()
        events = events_in(journal, store.journal_name)
        stored = self._read_lockfile()
        is_kept = known is not None and known.is_kept
        digest = store.lockfile_digest if is_kept else ""
        is_known = known is not None and stored is not None and known.is_good(digest)
        self._is_known = is_known and not journal
        self._stored = stored if self._is_known else None
        self._known, self._read, self._size = known, digest, len(stored or b"")
        self._digest = digest if is_kept and stored is not None and not journal else ""
        self._decoded: Record | None = None
        self._decoding = threading.Lock()
        self._holds_secrets = False
        if self._is_known:
            return
        self._decoded = Record.of(
            _first_lockfile(organization, sandbox)
            if stored is None
            else from_known_bytes(stored)
            if is_known
            else from_bytes(stored, store.lockfile_name)
        )
        replay(self._record, events, store.journal_name)
        self._check_place(organization, sandbox, stored)
        self._holds_secrets = self._hide_secrets()

    @property
    def _record(self) -> Record:
        """The record; that of a lockfile which is known to be good is decoded here, when it is first asked for."""
        if self._decoded is None:
            with self._decoding:
                if self._decoded is None:
                    self._decoded = Record.of(from_known_bytes(self._stored or b""))
                    self._stored = None
        return self._decoded

    @property
    def name(self) -> str:
        """The name of the lockfile in messages."""
        return self._store.lockfile_name

    @property
    def is_known(self) -> bool:
        """Whether this is a whole record that was found good before, and nothing of it has to be checked."""
        return self._is_known

    @property
    def digest(self) -> str:
        """A digest of the bytes of the lockfile, for what is kept about it.

        Empty if there is none, if this run or a journal adds to it, or if nothing is kept.
        """
        return self._digest

    def keep_verdict(self) -> None:
        """Let a later run know that this lockfile is good, if nothing in it has to be recovered or hidden."""
        is_whole = not (self.is_known or self.is_unfinished or self._holds_secrets)
        if self._known is not None and self._size and is_whole:
            self._known.put(self._read, self._size)

    @property
    def lockfile(self) -> Lockfile:
        """The current record, with the replayed journal."""
        with self._mutex:
            return self._record.lockfile()

    @property
    def salt(self) -> str:
        """The salt of this record's secret digests, in hexadecimal."""
        return self._record.base.salt

    @property
    def is_unfinished(self) -> bool:
        """Whether an interrupted run left something to settle or to compact."""
        return self.has_journal or (self._decoded is not None and bool(self._decoded.pending))

    @property
    def has_journal(self) -> bool:
        """Whether a run left a journal, or one is being written."""
        return self._store.has_journal()

    @property
    def age(self) -> float | None:
        """How many seconds ago something was recorded last; None if nothing was."""
        return self._store.age()

    def learn_tenant(self, tenant: str) -> None:
        """Keep the tenant ID of the organization; it is written with the next change of the lockfile."""
        with self._mutex:
            self._record.base = replace(self._record.base, tenant=tenant)

    def entry(self, address: Address) -> LockEntry | None:
        """The entry of an address."""
        return self._record.entries.get(address)

    def intend(self, address: Address, operation: str, entry: LockEntry, *, now: int | None) -> Intent:
        """Record that a write is about to be sent, with the entry that it would lead to.

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
        """Record an object that was created or changed."""
        self._append(
            {"event": "entry", "address": address, "entry": entry_to_json(self._recordable(entry)), **_nonce(intent)}
        )

    def forget(self, address: Address, intent: Intent | None = None) -> None:
        """Record that an address no longer has an object."""
        self._append({"event": "gone", "address": address, **_nonce(intent)})

    def drop_deposed(self, address: Address, deposed: str, intent: Intent | None = None) -> None:
        """Record that an old object of an address is deleted."""
        self._append({"event": "buried", "address": address, "id": deposed, **_nonce(intent)})

    def rename(self, old: Address, new: Address, entry: LockEntry) -> None:
        """Record an entry under another address; entries that depend on it follow."""
        for address, user in self.lockfile.entries.items():
            if old in user.depends_on:
                depends_on = (user.depends_on - {old}) | {new}
                self.record(address, replace(user, depends_on=depends_on))
        self._append({"event": "entry", "address": new, "entry": entry_to_json(entry), "from": old})

    def abandon(self, intent: Intent) -> None:
        """Record that an intended write was not done."""
        self._append({"event": "settled", **_nonce(intent)})

    def check_current(self) -> None:
        """Raise StateError if lockfile or journal changed after they were read: another run recorded something.

        A run that waits for its approval may have lost its lock to `flowctl unlock`, or `git pull` brought a lockfile.
        """
        if not self._store.is_current():
            raise self._changed()

    def compact(self) -> None:
        """Write the lockfile and remove the journal; the serial shows a crash between the two.

        Raises StateError where that fails; then the journal still holds the record.
        """
        with self._mutex:
            if not self.has_journal and not self._holds_secrets:
                return
            base = replace(self._record.base, serial=self._record.base.serial + 1)
            try:
                self._store.replace(parts_of(replace(self._record.lockfile(), serial=base.serial)))
                self._record.base = base
                self._digest = ""
                self._holds_secrets = False
                self._has_begun = False
                self._store.drop_journal()
            except Changed:
                raise self._changed() from None
            except OSError as error:
                raise _unwritable(self.name, error) from error

    def place_of(self, member: str) -> SourceSpan:
        """The place of a member in the lockfile; its beginning if the file is gone or the member is not in it."""
        try:
            stored = self._store.read_lockfile()
        except OSError:
            stored = None
        return place_of(member, stored or b"", self.name)

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
                line = line_of(members)
                self._record.admit(event)
                self.check_current()
                if not self._has_begun:
                    self._store.append(line_of(begin_to_json(self._record.base)))
                    self._has_begun = True
            self._store.append(line)
        except OSError as error:
            raise _unwritable(self._store.journal_name, error) from error
        except (Malformed, NotJson) as error:
            raise _unrecordable(error.words, members.get("address")) from error
        with self._mutex:
            self._digest = ""
            self._record.take_in(event)

    def _read_journal(self) -> bytes:
        try:
            return self._store.read_journal()
        except OSError as error:
            raise StateError.because(
                "journal-unreadable",
                f"{self._store.journal_name} cannot be read: {error.strerror or error}",
                hint="Give your user permission to read it. If it is not the journal, move it away, and run "
                "`flowctl state repair` and `flowctl state orphans`.",
            ) from error

    def _read_lockfile(self) -> bytes | None:
        try:
            return self._store.read_lockfile()
        except OSError as error:
            raise unreadable(self.name, error.strerror or str(error)) from error

    def _hide_secrets(self) -> bool:
        """Remove secrets that an older flowctl recorded in clear; return whether the file still has some."""
        found, record, salt = False, self._record, self.salt
        for address, entry in record.entries.items():
            hidden = without_clear_secrets(entry, salt)
            if hidden is not entry:
                record.entries[address] = hidden
                found = True
        for nonce, intent in record.pending.items():
            record.pending[nonce] = replace(intent, entry=without_clear_secrets(intent.entry, salt))
        return found

    def _check_place(self, organization: str, sandbox: str, stored: bytes | None) -> None:
        found = (self._record.base.organization, self._record.base.sandbox)
        if organization and found != (organization, sandbox):
            member = "organization" if found[0] != organization else "sandbox"
            raise StateError.because(
                "lockfile-elsewhere",
                f"{self.name} belongs to organization {found[0]}, sandbox {found[1]}",
                detail=f"Environment `{self._store.environment}` is organization {organization}, sandbox {sandbox}.",
                hint="Correct the environment in flowctl.yaml. Each environment has its own lockfile.",
                span=place_of(member, stored, self.name) if stored is not None else None,
            )

    def _changed(self) -> StateError:
        return StateError.because(
            "record-changed",
            f"another run changed {self.name} or its journal after this run read it",
            detail="This run does not overwrite the lockfile of the other run.",
            hint="Wait until the other run ends, and run `flowctl plan` again.",
        )


def _first_lockfile(organization: str, sandbox: str) -> Lockfile:
    """The lockfile of an environment that has recorded nothing yet."""
    lineage, salt = str(uuid.uuid4()), os.urandom(16).hex()
    return Lockfile(organization=organization, sandbox=sandbox, lineage=lineage, salt=salt)


def _nonce(intent: Intent | None) -> dict[str, str]:
    return {"nonce": intent.nonce} if intent is not None else {}


def _unwritable(name: str, error: OSError) -> StateError:
    return StateError.because(
        "record-unwritable",
        f"{name} cannot be written: {error.strerror or error}",
        detail="Everything that was recorded before is safe.",
        hint="Free disk space or correct the permissions, and run the command again: it finds out what this run did.",
    )


def _unrecordable(why: str, address: Any) -> StateError:
    return StateError.because(
        "unrecordable",
        f"the reply of Experience Platform about {address} cannot be recorded: {why}",
        detail="It was not recorded, because no later run could read it.",
        hint="Run the command again: it looks on Experience Platform for what this run did.",
        address=address if is_address(address) else None,
    )
