"""Recovery of pending writes: those whose outcome an interrupted run did not record."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.engine.plan.diff import is_as_sent
from flowctl.engine.recover.backoff import Backoff
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.engine.recover.recall import Recalled, recall_unrecorded
from flowctl.kinds.kind import Kind
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import OutcomeUnknown, StateError
from flowctl.model.operation import Operation
from flowctl.model.record import Intent, LockEntry
from flowctl.model.resource import RemoteObject
from flowctl.state.ledger import Ledger


def recover_pending(
    ledger: Ledger, kinds: Mapping[str, Kind], send: Send, backoff: Backoff, clock: PlatformClock
) -> list[str]:
    """Find out what became of every pending write, and return a sentence for each.

    What was done is recorded, what was not is abandoned. A creation that is very young may still be under way on the
    platform, so it is abandoned only after a second look. Raises StateError with one diagnostic for each creation that
    several live objects may be the result of.
    """
    recovered: list[str] = []
    problems: list[Diagnostic] = []
    for intent in ledger.lockfile.pending:
        kind = kinds[intent.entry.kind]
        if intent.operation == Operation.CREATE:
            outcome = _recover_creation(intent, kind, ledger, send, backoff, clock)
        elif intent.operation == Operation.UPDATE:
            outcome = _recover_update(intent, kind, ledger, send, backoff, clock)
        else:
            outcome = _recover_deletion(intent, kind, ledger, send)
        if isinstance(outcome, Diagnostic):
            problems.append(outcome)
        else:
            recovered.append(f"{intent.address}: {outcome}")
    if problems:
        raise StateError(problems)
    return recovered


def adopt(ledger: Ledger, intent: Intent, live: RemoteObject) -> None:
    """Record a live object as the result of a pending write."""
    entry = replace(as_it_stands(ledger, intent), id=live.id, etag=live.etag, outputs=live.outputs)
    ledger.record(intent.address, entry, intent)


def as_it_stands(ledger: Ledger, intent: Intent) -> LockEntry:
    """The entry of an intent; predecessors that were deleted since it was made are left out."""
    current = ledger.entry(intent.address)
    if current is None:
        return intent.entry
    still_there = tuple(old for old in intent.entry.deposed if old == current.id or old in current.deposed)
    return replace(intent.entry, deposed=still_there)


@contextmanager
def unknown_where_unwritable() -> Iterator[None]:
    """What was done and cannot be recorded is unknown: the intent is all that is left of it.

    Raises OutcomeUnknown in place of StateError.
    """
    try:
        yield
    except StateError as error:
        raise OutcomeUnknown(error.diagnostics) from error


def _recover_creation(
    intent: Intent, kind: Kind, ledger: Ledger, send: Send, backoff: Backoff, clock: PlatformClock
) -> str | Diagnostic:
    lockfile = ledger.lockfile
    found = recall_unrecorded(kind, intent, lockfile, send, clock)
    if kind.shows_late:
        wait = backoff.uncertain(intent, clock.now())
        while not found.since and wait.wait([intent.address]):
            found = recall_unrecorded(kind, intent, lockfile, send, clock)
    elif not found.since and backoff.since(intent, clock.now()):
        found = recall_unrecorded(kind, intent, lockfile, send, clock)
    twins = [
        other
        for other in lockfile.pending
        if other.operation == intent.operation
        and other.entry.kind == intent.entry.kind
        and other.entry.applied == intent.entry.applied
    ]
    if not found.candidates:
        ledger.abandon(intent)
        return "the interrupted run did not create the object"
    if not found.are_in_time or len(found.candidates) > len(twins):
        return ambiguous(intent, kind, found)
    adopt(ledger, intent, found.candidates[0])
    return f"the interrupted run created {found.candidates[0].id}; recorded in the lockfile"


def _recover_update(
    intent: Intent, kind: Kind, ledger: Ledger, send: Send, backoff: Backoff, clock: PlatformClock
) -> str:
    """Secrets cannot be read back: a secret that was about to change keeps its old digest, and so is sent again."""
    live = read_object(kind, intent.entry.id, send)
    wait = backoff.uncertain(intent, clock.now())
    while kind.shows_late and not _is_updated(intent, kind, live) and wait.wait([intent.address]):
        live = read_object(kind, intent.entry.id, send)
    if live is None or not _is_updated(intent, kind, live):
        ledger.abandon(intent)
        return "the interrupted run did not update the object"
    current = ledger.entry(intent.address)
    known = current.secret_digests if current is not None else {}
    adopt(ledger, replace(intent, entry=replace(intent.entry, secret_digests=known)), live)
    return "the interrupted run updated the object; recorded in the lockfile"


def _is_updated(intent: Intent, kind: Kind, live: RemoteObject | None) -> bool:
    return live is not None and is_as_sent(kind, intent.entry.applied, live)


def _recover_deletion(intent: Intent, kind: Kind, ledger: Ledger, send: Send) -> str:
    if read_object(kind, intent.entry.id, send) is not None:
        ledger.abandon(intent)
        return "the interrupted run did not delete the object"
    current = ledger.entry(intent.address)
    if current is not None and current.id == intent.entry.id:
        ledger.forget(intent.address, intent)
    else:
        ledger.drop_deposed(intent.address, intent.entry.id, intent)
    return f"the interrupted run deleted {intent.entry.id}; removed from the lockfile"


def _candidates(count: int) -> str:
    return "a live object" if count == 1 else f"one of {count} live objects"


def ambiguous(intent: Intent, kind: Kind, found: Recalled) -> Diagnostic:
    """The error for a creation if flowctl cannot tell which live object it created, or whether it created one."""
    count = len(found.candidates)
    ids = ", ".join(live.id for live in found.candidates)
    settle = shlex.join(["flowctl", "state", "settle", intent.address])
    chosen = f"`{settle} {ids}` if the request created it" if count == 1 else f"`{settle} ID` with the one it created"
    detail = f"Found: {ids}."
    if not found.are_in_time:
        verb = "was" if len(found.earlier) == 1 else "were"
        older = "it" if count == 1 else ", ".join(live.id for live in found.earlier)
        detail += (
            f" According to their times of creation, which may be wrong, {older} {verb} created before the request."
        )
    return Diagnostic(
        code="ambiguous-creation",
        summary=f"flowctl cannot tell whether {_candidates(count)} is the {kind.title} that an interrupted request "
        "created",
        detail=detail,
        hint=f"Run {chosen}, or `{settle} none` if it created none.",
        address=intent.address,
    )
