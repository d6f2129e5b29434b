"""Settlement: finds out what became of writes whose outcome an interrupted run did not record."""

from collections.abc import Mapping
from dataclasses import replace

from flowctl.engine.reading import Send, read_object
from flowctl.engine.recall import is_as_sent, recall
from flowctl.engine.steps import Operation
from flowctl.kinds.kind import Kind
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import StateError
from flowctl.model.record import Intent
from flowctl.model.resource import RemoteObject
from flowctl.state.ledger import Ledger


def settle_pending(ledger: Ledger, kinds: Mapping[str, Kind], send: Send) -> list[str]:
    """Settles every pending write of the record; answers a sentence for each.

    What was done is recorded, what was not is forgotten. Raises StateError with one diagnostic for each creation
    that several live objects may be the result of.
    """
    told: list[str] = []
    problems: list[Diagnostic] = []
    for intent in ledger.lockfile.pending:
        kind = kinds[intent.entry.kind]
        if intent.operation == Operation.CREATE:
            outcome = _settle_creation(intent, kind, ledger, send)
        elif intent.operation == Operation.UPDATE:
            outcome = _settle_update(intent, kind, ledger, send)
        else:
            outcome = _settle_deletion(intent, kind, ledger, send)
        if isinstance(outcome, Diagnostic):
            problems.append(outcome)
        else:
            told.append(f"{intent.address}: {outcome}")
    if problems:
        raise StateError(problems)
    return told


def adopt(ledger: Ledger, intent: Intent, live: RemoteObject) -> None:
    """Records a live object as the result of a pending write."""
    entry = replace(intent.entry, id=live.id, etag=live.etag, outputs=live.outputs)
    ledger.record(intent.address, entry, intent)


def _settle_creation(intent: Intent, kind: Kind, ledger: Ledger, send: Send) -> str | Diagnostic:
    lockfile = ledger.lockfile
    recorded = {entry.id for entry in lockfile.entries.values()}
    recorded |= {old for entry in lockfile.entries.values() for old in entry.deposed}
    found = recall(kind, intent.entry.applied, since=intent.at, recorded=recorded, send=send)
    twins = [
        other
        for other in lockfile.pending
        if other.operation == intent.operation
        and other.entry.kind == intent.entry.kind
        and other.entry.applied == intent.entry.applied
    ]
    if not found:
        ledger.settle(intent)
        return "the interrupted run did not create it"
    if len(found) > len(twins):
        return ambiguous(intent, kind, found)
    adopt(ledger, intent, found[0])
    return f"the interrupted run created {found[0].id}; recorded"


def _settle_update(intent: Intent, kind: Kind, ledger: Ledger, send: Send) -> str:
    live = read_object(kind, intent.entry.id, send)
    if live is not None and is_as_sent(kind, intent.entry.applied, live):
        adopt(ledger, intent, live)
        return "the interrupted run updated it; recorded"
    ledger.settle(intent)
    return "the interrupted run did not update it"


def _settle_deletion(intent: Intent, kind: Kind, ledger: Ledger, send: Send) -> str:
    if read_object(kind, intent.entry.id, send) is not None:
        ledger.settle(intent)
        return "the interrupted run did not delete it"
    current = ledger.entry(intent.address)
    if current is not None and current.id == intent.entry.id:
        ledger.forget(intent.address, intent)
    else:
        ledger.bury(intent.address, intent.entry.id, intent)
    return f"the interrupted run deleted {intent.entry.id}; recorded"


def ambiguous(intent: Intent, kind: Kind, found: list[RemoteObject]) -> Diagnostic:
    """The error for a creation that several live objects may be the result of."""
    ids = ", ".join(live.id for live in found)
    return Diagnostic(
        code="ambiguous-creation",
        summary=f"{len(found)} live objects may be the {kind.title} that an interrupted run created",
        detail=f"Their ids are {ids}.",
        hint=f"Choose one with flowctl state settle {intent.address} ID, or none with ... {intent.address} none.",
        address=intent.address,
    )
