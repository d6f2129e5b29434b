"""Creation: a POST that is never blindly repeated."""

import json
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flowctl.engine.execute.readiness import wait_until_ready
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.understood import unclear, understood
from flowctl.engine.recover.backoff import Backoff
from flowctl.engine.recover.claimed_ids import ClaimedIds
from flowctl.engine.recover.pending import adopt, ambiguous, as_it_stands, unknown_where_unwritable
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.engine.recover.recall import recall_unrecorded
from flowctl.kinds.kind import Created, Kind
from flowctl.model.address import Address
from flowctl.model.errors import OutcomeUnknown, PlatformError
from flowctl.model.json_value import JSONObject
from flowctl.model.operation import Operation
from flowctl.model.record import Intent, LockEntry
from flowctl.model.values import revealed
from flowctl.state.ledger import Ledger

_TRIES = 5


class KeyedLocks:
    """One lock for each key, made at first use: threads that hold different keys do not wait for each other."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locks: dict[Hashable, threading.Lock] = {}

    @contextmanager
    def hold(self, key: Hashable) -> Iterator[None]:
        """Hold the lock of a key."""
        with self._mutex:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """Creates objects of one kind."""

    kind: Kind
    send: Send
    ledger: Ledger
    backoff: Backoff
    locks: KeyedLocks
    claimed: ClaimedIds
    clock: PlatformClock

    def make(self, address: Address, desired: JSONObject, entry: LockEntry) -> Created:
        """Create one object of the desired attributes and record it; `entry` is what to record, without its id.

        Where no clear reply came, the object is looked up before anything is sent again. Raises PlatformError: a
        clear refusal leaves no trace, otherwise the intent stays for the next command to recover.
        """
        # Two equal objects in flight could not be told apart if a reply got lost, so equal ones are created in turn.
        # The key is a hash: it takes less room, and different objects of the same hash merely wait for each other.
        with self.locks.hold((self.kind.name, hash(json.dumps(entry.applied, sort_keys=True)))):
            made = self._make(address, desired, entry)
        if made.etag is None:  # an object shows no etag until it is ready
            wait_until_ready(self.kind, made.id, self.send, self.backoff)
        return made

    def _make(self, address: Address, desired: JSONObject, entry: LockEntry) -> Created:
        intent = self.ledger.intend(address, Operation.CREATE, entry, now=self.clock.now())
        tried = 0
        while True:
            tried += 1
            try:
                made = self._post(desired)
                break
            except PlatformError as error:
                if not error.maybe_done:
                    self.ledger.abandon(intent)
                    raise
                may_try_again = tried < _TRIES and self.backoff.after(error, tried)
                found = self._recalled(intent, error)
                if found is not None:
                    return found
                if not may_try_again:
                    raise OutcomeUnknown(error.diagnostics) from error
        with unknown_where_unwritable():
            entry = as_it_stands(self.ledger, intent)
            self.ledger.record(address, replace(entry, id=made.id, etag=made.etag, outputs=made.outputs), intent)
        return made

    def _post(self, desired: JSONObject) -> Created:
        request = self.kind.create(revealed(desired))
        reply = self.send(request)
        made = understood(request, reply, self.kind.written)
        if not self.claimed.claim(made.id):
            raise unclear(request, reply, "it returns the ID of an object that is already in the lockfile")
        return made

    def _recalled(self, intent: Intent, error: PlatformError) -> Created | None:
        """The object that the lost reply was about, recorded; None if none was created."""
        try:
            found = recall_unrecorded(self.kind, intent, self.ledger.lockfile, self.send, self.clock)
            wait = self.backoff.uncertain()
            while self.kind.shows_late and not found.candidates and wait.wait([intent.address]):
                found = recall_unrecorded(self.kind, intent, self.ledger.lockfile, self.send, self.clock)
        except PlatformError:
            raise OutcomeUnknown(error.diagnostics) from error
        if not found.candidates:
            return None
        if len(found.candidates) > 1 or not found.are_in_time:
            raise OutcomeUnknown([ambiguous(intent, self.kind, found)]) from error
        live = found.candidates[0]
        self.claimed.claim(live.id)
        with unknown_where_unwritable():
            adopt(self.ledger, intent, live)
        return Created(id=live.id, etag=live.etag, outputs=live.outputs)
