"""Runs one step: builds the request, records the intent, sends it, records the result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowctl.engine.creation import Creation, is_refusal
from flowctl.engine.executor import StepEnd
from flowctl.engine.guards import is_guarded, why_blocked
from flowctl.engine.keyed_locks import KeyedLocks
from flowctl.engine.reading import Send, read_object, understood
from flowctl.engine.steps import Operation, Step
from flowctl.engine.update_check import remaining_changes
from flowctl.engine.values import revealed, secret_digests, transform, without_secrets
from flowctl.kinds.kind import Created, Kind, Update
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.errors import OutcomeUnknown, PlatformError, Refused
from flowctl.model.json_value import JSONObject
from flowctl.model.record import Intent, LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject, Resource, Unknown
from flowctl.state.ledger import Ledger

_TRIES_ON_STALE_ETAG = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRunner:
    """What every step needs. `run` may be called from many threads; `pause` waits seconds."""

    send: Send
    ledger: Ledger
    kinds: Mapping[str, Kind]
    resources: Mapping[Address, Resource]
    pause: Callable[[float], object]
    locks: KeyedLocks = field(default_factory=KeyedLocks)

    def run(self, step: Step) -> StepEnd:
        """Does one step; raises FlowctlError where it fails."""
        if step.operation is Operation.CREATE:
            return self._create(step)
        if step.operation is Operation.UPDATE:
            return self._update(step)
        return self._remove(step)

    def _create(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        desired = self._known(change.desired)
        old = self.ledger.entry(change.address)
        deposed = (*(old.deposed if old else ()), *((step.replaced,) if step.replaced else ()))
        entry = self._entry(change, desired, Created(id=""), deposed)
        creation = Creation(kind=kind, send=self.send, ledger=self.ledger, pause=self.pause, locks=self.locks)
        made = creation.make(change.address, revealed(desired), entry)
        return StepEnd(status=StepStatus.DONE, id=made.id)

    def _update(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        if kind.update is None or step.remote_id is None:
            raise AssertionError(f"{change.address} cannot be updated in place")
        desired = self._known(change.desired)
        old = self.ledger.entry(change.address)
        for tried in range(1, _TRIES_ON_STALE_ETAG + 1):
            live = self._live(kind, change, step.remote_id)
            changes = remaining_changes(kind, change, desired, live)
            entry = self._entry(change, desired, Created(id=live.id, etag=live.etag), old.deposed if old else ())
            entry = replace(entry, secret_digests={**(old.secret_digests if old else {}), **entry.secret_digests})
            if not changes:
                self.ledger.record(change.address, replace(entry, outputs=live.outputs))
                break
            request = kind.update(Update(live=live, desired=revealed(desired), changes=changes))
            intent = self.ledger.intend(change.address, Operation.UPDATE, entry)
            try:
                made = understood(request, self._write(request, intent), kind.written)
            except Refused as error:
                if error.status == 412 and tried < _TRIES_ON_STALE_ETAG:
                    continue
                raise
            self.ledger.record(change.address, replace(entry, id=made.id, etag=made.etag, outputs=made.outputs), intent)
            break
        return StepEnd(status=StepStatus.DONE, id=step.remote_id)

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
                intent = self.ledger.intend(
                    change.address, Operation.DELETE, LockEntry(kind=entry.kind, id=step.remote_id)
                )
                try:
                    self._write(kind.delete(step.remote_id), intent)
                except Refused as error:
                    if error.status != 404:
                        raise
                    note = "It was gone already."
        if entry.id == step.remote_id:
            self.ledger.forget(change.address, intent)
        else:
            self.ledger.bury(change.address, step.remote_id, intent)
        return StepEnd(status=StepStatus.DONE, id=step.remote_id, note=note)

    def _write(self, request: Request, intent: Intent) -> Reply:
        """Sends an update or a deletion; a clear refusal ends its intent, anything else keeps it for the next run."""
        try:
            return self.send(request)
        except PlatformError as error:
            if is_refusal(error):
                self.ledger.settle(intent)
                raise
            raise OutcomeUnknown(error.diagnostics) from error

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
