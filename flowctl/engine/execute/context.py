"""What every step of a run needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flowctl.engine.execute.creation import KeyedLocks
from flowctl.engine.observe.paging import Send
from flowctl.engine.recover.backoff import Backoff
from flowctl.engine.recover.claimed_ids import ClaimedIds
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.kinds.kind import Created, Kind
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.values import secret_digests, without_secrets
from flowctl.state.ledger import Ledger

TRIES = 4
"""How often an update is sent if the etag moves or its outcome is not known, and how often a deleted object is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An object that this run created or changed; `is_shown` checks whether a live object has what was written."""

    kind: Kind
    id: str
    is_new: bool
    is_shown: Callable[[RemoteObject], bool] = lambda _live: True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The platform, the lockfile, and what is planned; steps share it among threads.

    `adopted` holds the entries of objects that the plan imports, `written` the objects so far whose kinds show late.
    """

    send: Send
    ledger: Ledger
    kinds: Mapping[str, Kind]
    resources: Mapping[Address, Resource]
    backoff: Backoff
    clock: PlatformClock
    claimed: ClaimedIds
    adopted: Mapping[Address, LockEntry] = field(default_factory=dict)
    locks: KeyedLocks = field(default_factory=KeyedLocks)
    written: dict[Address, Written] = field(default_factory=dict)

    def entry(self, change: Change, desired: JSONObject, made: Created, deposed: tuple[str, ...]) -> LockEntry:
        """What to record of an object with these attributes."""
        return LockEntry(
            kind=change.kind,
            id=made.id,
            etag=made.etag,
            applied=without_secrets(desired),
            secret_digests=secret_digests(desired, self.ledger.salt),
            outputs=made.outputs,
            depends_on=change.depends_on,
            lifecycle=self.resources[change.address].lifecycle,
            deposed=deposed,
        )
