"""A removal: an object is deleted unless it must stay, and its lockfile entry is removed."""

from flowctl.engine.execute.context import TRIES, RunContext
from flowctl.engine.observe.guards import has_deletion_guard, why_blocked
from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.understood import unclear
from flowctl.engine.recover.pending import unknown_where_unwritable
from flowctl.kinds.kind import Kind
from flowctl.model.errors import OutcomeUnknown, PlatformError, Refused
from flowctl.model.operation import Operation
from flowctl.model.record import Intent, LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Request
from flowctl.model.step import Step, StepEnd

_DELETED = (200, 204)
"""Statuses that confirm a deletion: other statuses of success only say that it was accepted, or nothing."""


def remove(run: RunContext, step: Step) -> StepEnd:
    """Delete or forget one object. Raises FlowctlError if that fails or its outcome is unknown."""
    change, kind = step.change, run.kinds[step.change.kind]
    entry = run.ledger.entry(change.address)
    if step.remote_id is None or entry is None:
        return StepEnd(status=StepStatus.DONE)
    kept, note, intent = True, "", None
    if step.operation is Operation.DELETE and kind.delete is not None:
        note = _why_kept(run, kind, step.remote_id, entry)
        kept = bool(note)
        if not kept:
            gone = LockEntry(kind=entry.kind, id=step.remote_id)
            intent = run.ledger.intend(change.address, Operation.DELETE, gone, now=run.clock.now())
            try:
                _delete(run, kind, kind.delete(step.remote_id), step.remote_id, intent)
            except Refused as error:
                if error.status != 404:
                    raise
                note = "The object was already deleted."
    with unknown_where_unwritable():
        if entry.id == step.remote_id:
            run.ledger.forget(change.address, intent)
        else:
            run.ledger.drop_deposed(change.address, step.remote_id, intent)
    return StepEnd(status=StepStatus.DONE, id=step.remote_id, kept=kept, note=note)


def _delete(run: RunContext, kind: Kind, request: Request, object_id: str, intent: Intent) -> None:
    """Send a deletion; a clear refusal ends its intent, anything else keeps it for the next run."""
    try:
        reply = run.send(request)
        if reply.status not in _DELETED and not _is_gone(run, kind, object_id):
            raise unclear(request, reply, "it does not confirm the deletion, and the object still exists")
    except PlatformError as error:
        if isinstance(error, Refused) and error.status == 404:
            raise
        if not error.maybe_done:
            run.ledger.abandon(intent)
            raise
        raise OutcomeUnknown(error.diagnostics) from error


def _is_gone(run: RunContext, kind: Kind, object_id: str) -> bool:
    """Whether a deletion that was only accepted (202) is done within some seconds."""
    try:
        tried = 1
        while read_object(kind, object_id, run.send) is not None:
            if tried == TRIES or not run.backoff.pause(run.backoff.first * 2 ** (tried - 1)):
                return False
            tried += 1
    except PlatformError as error:
        # Here the refusal is one of the look, not of the deletion.
        raise OutcomeUnknown(error.diagnostics) from error
    return True


def _why_kept(run: RunContext, kind: Kind, object_id: str, entry: LockEntry) -> str:
    """Why an object must stay after all: since the plan it may have received data or a user."""
    if kind.deletion_guard is None or not has_deletion_guard(run.kinds, entry):
        return ""
    blocked = why_blocked(kind.deletion_guard, object_id, run.send)
    return f"{blocked}. The object stays on Experience Platform and is no longer managed." if blocked else ""
