"""An update in place: read again, sent as often as its outcome needs it, recorded."""

from collections.abc import Sequence
from dataclasses import replace

from flowctl.engine import resolve
from flowctl.engine.execute.context import TRIES, RunContext, Written
from flowctl.engine.execute.readiness import wait_until_ready
from flowctl.engine.execute.update_check import remaining_changes, unreached
from flowctl.engine.execute.visibility import wait_until_certain, wait_until_shown
from flowctl.engine.observe.reading import read_object, read_version
from flowctl.engine.observe.understood import unclear, understood
from flowctl.engine.plan.ignoring import with_live_values
from flowctl.engine.recover.pending import unknown_where_unwritable
from flowctl.kinds.kind import Created, Kind, Update
from flowctl.model.change import AttributeChange, Change
from flowctl.model.errors import OutcomeUnknown, PlatformError, Refused
from flowctl.model.json_value import JSONObject
from flowctl.model.operation import Operation
from flowctl.model.record import Intent, LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject
from flowctl.model.step import Step, StepEnd
from flowctl.model.values import revealed, still_secret

_SEVERAL = 2


def update(run: RunContext, step: Step) -> StepEnd:
    """Do what is left of an update. Raises FlowctlError if it fails or its outcome stays unknown."""
    change, kind = step.change, run.kinds[step.change.kind]
    if kind.update is None or step.remote_id is None:
        raise AssertionError(f"{change.address} cannot be updated in place")
    desired = resolve.applied(change.desired, run.ledger.entry)
    old = run.ledger.entry(change.address)
    intent: Intent | None = None
    tried = 0
    while True:
        tried += 1
        live, wanted, changes = _remaining(run, kind, step, desired, intent)
        part = next_part(kind, changes)
        later = [each.path for each in changes if each not in part]
        reached = with_live_values(wanted, live.attributes, later, kind.keyed_lists) if later else wanted
        entry = run.entry(change, reached, Created(id=live.id, etag=live.etag), old.deposed if old else ())
        known = still_secret(old.secret_digests, reached) if old else {}
        declared = old.instead_of if old else {}
        entry = replace(entry, secret_digests={**known, **entry.secret_digests}, instead_of=declared)
        made = Created(id=live.id, etag=live.etag, outputs=live.outputs)
        if part:
            request = kind.update(Update(live=live, desired=revealed(wanted), changes=part))
            intent = intent or run.ledger.intend(change.address, Operation.UPDATE, entry, now=run.clock.now())
            try:
                made = _sent(run, kind, request, live.id, old)
            except PlatformError as error:
                if not _may_update_again(run, error, intent, tried):
                    raise
                intent = intent if error.maybe_done else None
                if error.maybe_done and kind.shows_late:
                    wait_until_certain(run, change.address, _written(kind, step, wanted))
                continue
        with unknown_where_unwritable():
            run.ledger.record(change.address, replace(entry, etag=made.etag, outputs=made.outputs), intent)
        if not later:
            if _changes_state(change, kind):
                wait_until_ready(kind, live.id, run.send, run.backoff)
            shown = wait_until_shown(run, change.address, _written(kind, step, wanted)) if kind.shows_late else ""
            return StepEnd(status=StepStatus.DONE, id=step.remote_id, note=shown)
        intent, tried = None, 0


def _changes_state(change: Change, kind: Kind) -> bool:
    return kind.state is not None and any(each.steps == kind.state.path for each in change.attributes)


def _written(kind: Kind, step: Step, wanted: JSONObject) -> Written:
    attributes = [each for each in step.change.attributes if not each.sensitive]
    return Written(
        kind=kind,
        id=step.remote_id or "",
        is_new=False,
        is_shown=lambda live: not unreached(kind, attributes, wanted, live),
    )


def next_part(kind: Kind, changes: Sequence[AttributeChange]) -> Sequence[AttributeChange]:
    """The changes that the next request makes: all of them, but a change of the state goes alone."""
    if kind.state is None or len(changes) < _SEVERAL:
        return changes
    path, goes_first = kind.state.path, kind.state.goes_first
    states = [each for each in changes if each.steps == path]
    others = [each for each in changes if each.steps != path]
    return states if states and goes_first(states[0].after) else others


def _sent(run: RunContext, kind: Kind, request: Request, object_id: str, old: LockEntry | None) -> Created:
    """What the reply to an update tells; raises UnclearReply if that is about another object or an old version."""
    reply = run.send(request)
    made = understood(request, reply, kind.written)
    if made.id != object_id:
        raise unclear(request, reply, "it returns another object")
    if old is not None and any(made.outputs[name] == old.outputs.get(name) for name in kind.volatile_outputs):
        raise unclear(request, reply, "it returns the version from before the update")
    return made


def _remaining(
    run: RunContext, kind: Kind, step: Step, desired: JSONObject, intent: Intent | None
) -> tuple[RemoteObject, JSONObject, Sequence[AttributeChange]]:
    """The live object, the desired attributes with what is ignored as it is live, and what is left to change.

    `intent` is that of an earlier try whose outcome is not known.
    """
    ignored = run.resources[step.change.address].ignored
    try:
        live = _live(run, kind, step.change, step.remote_id or "")
        wanted = with_live_values(desired, live.attributes, ignored, kind.keyed_lists) if ignored else desired
        return live, wanted, remaining_changes(kind, step.change, wanted, live, ignored)
    except PlatformError as error:
        if intent is not None:
            raise OutcomeUnknown(error.diagnostics) from error
        raise


def _may_update_again(run: RunContext, error: PlatformError, intent: Intent, tried: int) -> bool:
    """Whether to read again and send what is left; where not, a clear refusal ends the intent.

    Raises OutcomeUnknown where it stays unknown whether the update was done.
    """
    if not error.maybe_done:
        run.ledger.abandon(intent)
        return isinstance(error, Refused) and error.status == 412 and tried < TRIES
    if tried < TRIES and run.backoff.after(error, tried):
        return True
    raise OutcomeUnknown(error.diagnostics) from error


def _live(run: RunContext, kind: Kind, change: Change, object_id: str) -> RemoteObject:
    """The live object right before an update: the service itself moves etags."""
    live = _newest(run, kind, change, object_id) if kind.versioned else read_object(kind, object_id, run.send)
    if live is None:
        raise PlatformError.because(
            "gone-since-plan",
            f"`{change.address}` is no longer found on Experience Platform",
            detail="The object was deleted, or hidden by access labels, after the plan was made.",
            hint="Run `flowctl plan` and review the new plan.",
            address=change.address,
        )
    return live


def _newest(run: RunContext, kind: Kind, change: Change, object_id: str) -> RemoteObject | None:
    """The newest version of an object, with the attributes of the recorded one, which never change.

    What flowctl does not manage may have changed since. Asked for no version, some services return the first one.
    """
    recorded = run.ledger.entry(change.address)
    version = kind.version(recorded.outputs) if recorded is not None else ""
    live = read_version(kind, object_id, "", run.send)
    if live is not None and version.isdecimal() and int(kind.version(live.outputs) or 0) < int(version):
        live = read_version(kind, object_id, version, run.send)
    return replace(live, attributes=change.observed) if live is not None else None
