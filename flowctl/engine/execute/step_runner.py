"""Runs one step: builds the request, records the intent, sends it, records the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flowctl.engine.execute.bookkeeping import bring_up_to_date
from flowctl.engine.execute.creation import Creation
from flowctl.engine.execute.keyed_locks import KeyedLocks
from flowctl.engine.execute.update_check import remaining_changes
from flowctl.engine.observe.guards import is_guarded, why_blocked
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.understood import unclear, understood
from flowctl.engine.recover.claimed_ids import ClaimedIds
from flowctl.engine.recover.patience import Patience
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.engine.recover.settlement import unknown_where_unwritable
from flowctl.kinds.kind import Created, Kind, Update
from flowctl.model.address import Address
from flowctl.model.change import AttributeChange, Change
from flowctl.model.errors import OutcomeUnknown, PlatformError, Refused
from flowctl.model.json_value import JSONObject
from flowctl.model.operation import Operation
from flowctl.model.record import Intent, LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject, Resource, Unknown
from flowctl.model.step import Step, StepEnd
from flowctl.model.values import revealed, secret_digests, still_secret, transform, without_secrets
from flowctl.state.ledger import Ledger

_TRIES = 4
"""How often an update is sent if the etag moves or its outcome is not known, and how often a deleted object is read."""
_DELETED = (200, 204)
"""Statuses that say that a deletion is done: others of success only say that it was accepted, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRunner:
    """What every step needs. `run` may be called from many threads."""

    send: Send
    ledger: Ledger
    kinds: Mapping[str, Kind]
    resources: Mapping[Address, Resource]
    patience: Patience
    clock: PlatformClock
    claimed: ClaimedIds
    locks: KeyedLocks = field(default_factory=KeyedLocks)

    def run(self, step: Step) -> StepEnd:
        """Does one step; raises FlowctlError where it fails."""
        if step.operation is Operation.CREATE:
            return self._create(step)
        if step.change.is_recorded_only:
            bring_up_to_date(self.ledger, [step.change], self.resources)
            return StepEnd(status=StepStatus.DONE, id=step.remote_id)
        if step.operation is Operation.UPDATE:
            return self._update(step)
        return self._remove(step)

    def _create(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        desired = self._known(change.desired)
        old = self.ledger.entry(change.address)
        deposed = (*(old.deposed if old else ()), *((step.replaced,) if step.replaced else ()))
        entry = self._entry(change, desired, Created(id=""), deposed)
        creation = Creation(
            kind=kind,
            send=self.send,
            ledger=self.ledger,
            patience=self.patience,
            locks=self.locks,
            claimed=self.claimed,
            clock=self.clock,
        )
        made = creation.make(change.address, desired, entry)
        return StepEnd(status=StepStatus.DONE, id=made.id)

    def _update(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        if kind.update is None or step.remote_id is None:
            raise AssertionError(f"{change.address} cannot be updated in place")
        desired = self._known(change.desired)
        old = self.ledger.entry(change.address)
        intent: Intent | None = None
        tried = 0
        while True:
            tried += 1
            live, changes = self._remaining(kind, step, desired, intent)
            entry = self._entry(change, desired, Created(id=live.id, etag=live.etag), old.deposed if old else ())
            known = still_secret(old.secret_digests, desired) if old else {}
            entry = replace(entry, secret_digests={**known, **entry.secret_digests})
            if not changes:
                made = Created(id=live.id, etag=live.etag, outputs=live.outputs)
                break
            request = kind.update(Update(live=live, desired=revealed(desired), changes=changes))
            intent = intent or self.ledger.intend(change.address, Operation.UPDATE, entry, now=self.clock.now())
            try:
                made = self._updated(kind, request, live.id, old)
                break
            except PlatformError as error:
                if not self._may_update_again(error, intent, tried):
                    raise
                intent = intent if error.maybe_done else None
        with unknown_where_unwritable():
            self.ledger.record(change.address, replace(entry, etag=made.etag, outputs=made.outputs), intent)
        return StepEnd(status=StepStatus.DONE, id=step.remote_id)

    def _updated(self, kind: Kind, request: Request, object_id: str, old: LockEntry | None) -> Created:
        """What the reply to an update tells; raises UnclearReply if that is about another object or an old version."""
        reply = self.send(request)
        made = understood(request, reply, kind.written)
        if made.id != object_id:
            raise unclear(request, reply, "it names another object")
        if old is not None and any(made.outputs[name] == old.outputs.get(name) for name in kind.volatile_outputs):
            raise unclear(request, reply, "it shows the version from before the update")
        return made

    def _remaining(
        self, kind: Kind, step: Step, desired: JSONObject, intent: Intent | None
    ) -> tuple[RemoteObject, Sequence[AttributeChange]]:
        """The live object and what is left to change; `intent` is that of an earlier try whose outcome is not known."""
        try:
            live = self._live(kind, step.change, step.remote_id or "")
            return live, remaining_changes(kind, step.change, desired, live)
        except PlatformError as error:
            if intent is not None:
                raise OutcomeUnknown(error.diagnostics) from error
            raise

    def _may_update_again(self, error: PlatformError, intent: Intent, tried: int) -> bool:
        """Whether to read again and send what is left; where not, a clear refusal ends the intent.

        Raises OutcomeUnknown where it stays unknown whether the update was done.
        """
        if not error.maybe_done:
            self.ledger.settle(intent)
            return isinstance(error, Refused) and error.status == 412 and tried < _TRIES
        if tried < _TRIES and self.patience.after(error, tried):
            return True
        raise OutcomeUnknown(error.diagnostics) from error

    def _remove(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        entry = self.ledger.entry(change.address)
        if step.remote_id is None or entry is None:
            return StepEnd(status=StepStatus.DONE)
        note = change.notes[0] if change.notes else ""
        intent = None
        if step.operation is Operation.DELETE and kind.delete is not None:
            note = self._why_kept(kind, step.remote_id, entry)
            if not note:
                gone = LockEntry(kind=entry.kind, id=step.remote_id)
                intent = self.ledger.intend(change.address, Operation.DELETE, gone, now=self.clock.now())
                try:
                    self._delete(kind, kind.delete(step.remote_id), step.remote_id, intent)
                except Refused as error:
                    if error.status != 404:
                        raise
                    note = "It was gone already."
        with unknown_where_unwritable():
            if entry.id == step.remote_id:
                self.ledger.forget(change.address, intent)
            else:
                self.ledger.bury(change.address, step.remote_id, intent)
        return StepEnd(status=StepStatus.DONE, id=step.remote_id, note=note)

    def _delete(self, kind: Kind, request: Request, object_id: str, intent: Intent) -> None:
        """Sends a deletion; a clear refusal ends its intent, anything else keeps it for the next run."""
        try:
            reply = self.send(request)
            if reply.status not in _DELETED and not self._is_gone(kind, object_id):
                raise unclear(request, reply, "it does not say that the object was deleted, and it is still there")
        except PlatformError as error:
            if isinstance(error, Refused) and error.status == 404:
                raise
            if not error.maybe_done:
                self.ledger.settle(intent)
                raise
            raise OutcomeUnknown(error.diagnostics) from error

    def _is_gone(self, kind: Kind, object_id: str) -> bool:
        """Whether a deletion that was only accepted (202) is done within some seconds."""
        try:
            tried = 1
            while read_object(kind, object_id, self.send) is not None:
                if tried == _TRIES or not self.patience.pause(self.patience.first * 2 ** (tried - 1)):
                    return False
                tried += 1
        except PlatformError as error:
            # Here the refusal is one of the look, not of the deletion.
            raise OutcomeUnknown(error.diagnostics) from error
        return True

    def _why_kept(self, kind: Kind, object_id: str, entry: LockEntry) -> str:
        """Data or use may forbid a deletion by now, whatever the plan saw."""
        if kind.deletion_guard is None or not is_guarded(self.kinds, entry):
            return ""
        blocked = why_blocked(kind.deletion_guard, object_id, self.send)
        return f"It stays: {blocked}." if blocked else ""

    def _live(self, kind: Kind, change: Change, object_id: str) -> RemoteObject:
        """The live object right before an update: the service itself moves etags."""
        if not kind.reread:
            return RemoteObject(id=object_id, etag=None, attributes=change.observed, body={})
        live = read_object(kind, object_id, self.send)
        if live is None:
            raise PlatformError.because(
                "gone-since-plan",
                f"{change.address} is not found any more",
                hint="Plan again.",
                address=change.address,
            )
        return live

    def _known(self, desired: JSONObject) -> JSONObject:
        def fill(value: Any) -> Any:
            if not isinstance(value, Unknown):
                return value
            entry = self.ledger.entry(value.address)
            return entry.output(value.output) if entry else None

        known: JSONObject = transform(desired, fill)
        return known

    def _entry(self, change: Change, desired: JSONObject, made: Created, deposed: tuple[str, ...]) -> LockEntry:
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
