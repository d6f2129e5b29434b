"""Recall: finds an object that may have been made although no reply came.

The platform has no idempotency keys and allows equal names, so an object is taken for ours only if it has every
attribute that was sent, IDs of its parents included, was made since, and is recorded nowhere.
"""

from dataclasses import dataclass

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import object_pages
from flowctl.engine.observe.visibility import CLOCK_TOLERANCE
from flowctl.engine.plan.diff import is_as_sent
from flowctl.engine.recover.claimed_ids import recorded_ids
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.kinds.kind import Kind
from flowctl.model.record import Intent, Lockfile
from flowctl.model.resource import RemoteObject

_JUMP = 60_000
"""Milliseconds by which a slow reply may make the platform's clock seem to go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The live objects that a creation may have made, the newest first.

    `since` are those made after the intent. `earlier` are equal ones that nothing records either and whose time is
    before it: the creation made one of them only if a clock is wrong. `clock_is_known` says whether the platform's
    clock was measured when the intent was recorded, and has not gone back since.
    """

    since: list[RemoteObject]
    earlier: list[RemoteObject]
    clock_is_known: bool

    @property
    def candidates(self) -> list[RemoteObject]:
        """The objects that cannot be ruled out."""
        return self.since if self.since and self.clock_is_known else self.since + self.earlier

    @property
    def are_in_time(self) -> bool:
        """Whether every candidate was made after the intent."""
        return len(self.candidates) == len(self.since)


def recall_unrecorded(kind: Kind, intent: Intent, lockfile: Lockfile, send: Send, clock: PlatformClock) -> Recalled:
    """The objects that may be what this intent made, among those that the lockfile does not hold.

    Equal objects of a kind with versions that never change are as good as each other: the newest is taken, whenever
    it was made.
    """
    recorded = recorded_ids(lockfile)
    earliest = intent.at - CLOCK_TOLERANCE
    since: list[RemoteObject] = []
    earlier: list[RemoteObject] = []
    newest = 0.0
    for page in object_pages(kind, kind.recall(intent.entry.applied), send):
        made = [_made_at(kind, live, intent.at) for live in page]
        newest = max([newest, *made])
        for live, at in zip(page, made, strict=True):
            if live.id not in recorded and is_as_sent(kind, intent.entry.applied, live):
                (since if at >= earliest else earlier).append(live)
        if kind.versioned and (since or earlier or (made and max(made) < earliest)):
            return Recalled(since=(since + earlier)[:1], earlier=[], clock_is_known=True)
    now = clock.now()
    known = intent.measured and now is not None and now >= intent.at - _JUMP and newest <= now + CLOCK_TOLERANCE
    return Recalled(since=since, earlier=earlier, clock_is_known=known)


def _made_at(kind: Kind, live: RemoteObject, otherwise: int) -> float:
    """When an object was created, in epoch milliseconds; `otherwise` if it does not say."""
    at = kind.provenance.created_at(live.body)
    return at if isinstance(at, int | float) and not isinstance(at, bool) else otherwise
