"""Runs one step: builds the request, sends it, and records intent and result."""

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowctl.engine import diff
from flowctl.engine.executor import StepEnd
from flowctl.engine.guards import is_guarded, why_blocked
from flowctl.engine.reading import Send, read_object, understood
from flowctl.engine.steps import Operation, Step
from flowctl.engine.values import secret_digests, transform, without_secrets
from flowctl.kinds.kind import Created, Kind, Update
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject, Resource, Sensitive, Unknown
from flowctl.state.ledger import Ledger

_SETTLE_TIMEOUT = 300.0
"""Seconds that an object may take until it can be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRunner:
    """What every step needs. `run` may be called from many threads."""

    send: Send
    ledger: Ledger
    kinds: Mapping[str, Kind]
    resources: Mapping[Address, Resource]
    sleep: Callable[[float], None] = time.sleep

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
        request = kind.create(_revealed(desired))
        self._intend(change, step.operation, request)
        made = understood(request, self.send(request), kind.written)
        old = self.ledger.entry(change.address)
        deposed = (*(old.deposed if old else ()), *((step.replaced,) if step.replaced else ()))
        self.ledger.record(change.address, self._entry(change, desired, made, deposed))
        self._settle(kind, made)
        return StepEnd(status=StepStatus.DONE, id=made.id)

    def _update(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        if kind.update is None or step.remote_id is None:
            raise AssertionError(f"{change.address} cannot be updated in place")
        desired = self._known(change.desired)
        for last in (False, False, True):
            live = self._live(kind, change, step.remote_id)
            request = kind.update(Update(live=live, desired=_revealed(desired), changes=change.attributes))
            self._intend(change, step.operation, request)
            try:
                made = understood(request, self.send(request), kind.written)
                break
            except Refused as error:
                if error.status != 412 or last:
                    raise
        old = self.ledger.entry(change.address)
        entry = self._entry(change, desired, made, old.deposed if old else ())
        kept = {**(old.secret_digests if old else {}), **entry.secret_digests}
        self.ledger.record(change.address, replace(entry, secret_digests=kept))
        return StepEnd(status=StepStatus.DONE, id=made.id)

    def _remove(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        entry = self.ledger.entry(change.address)
        if step.remote_id is None or entry is None:
            return StepEnd(status=StepStatus.DONE)
        note = change.notes[0] if change.notes else ""
        if step.operation is Operation.DELETE and kind.delete is not None:
            note = self._delete(kind, kind.delete(step.remote_id), step.remote_id, entry, change)
        if entry.id == step.remote_id:
            self.ledger.forget(change.address)
        else:
            self.ledger.bury(change.address, step.remote_id)
        return StepEnd(status=StepStatus.DONE, id=step.remote_id, note=note)

    def _delete(self, kind: Kind, request: Request, object_id: str, entry: LockEntry, change: Change) -> str:
        """Deletes unless data or use forbid it now; answers what a person should know. Gone already is done."""
        if kind.deletion_guard is not None and is_guarded(self.kinds, entry):
            blocked = why_blocked(kind.deletion_guard, object_id, self.send)
            if blocked is not None:
                return f"It stays: {blocked}."
        self._intend(change, Operation.DELETE, request)
        try:
            self.send(request)
        except Refused as error:
            if error.status != 404:
                raise
            return "It was gone already."
        return ""

    def _live(self, kind: Kind, change: Change, object_id: str) -> RemoteObject:
        """The live object right before an update; its etag may have moved without a change that matters here."""
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
        managed = {path for path, _ in diff.leaves(change.desired, kind.keyed_lists)}
        managed |= {attribute.steps for attribute in change.attributes}
        drift = diff.drift(applied=change.observed, observed=live.attributes, keyed_lists=kind.keyed_lists)
        moved = [place for place in drift if place.steps in managed]
        if moved:
            by = live.body.get("updatedClient") or live.body.get("updatedBy") or "someone"
            raise PlatformError.because(
                "changed-since-plan",
                f"{change.address} was changed by {by} after it was planned",
                detail="Changed: " + ", ".join(place.path for place in moved) + ".",
                hint="Plan again.",
                address=change.address,
            )
        return live

    def _settle(self, kind: Kind, made: Created) -> None:
        """Waits for an object that the platform makes in the background; it shows no etag until it is ready."""
        if kind.settling is None or made.etag is not None:
            return
        waited, pause = 0.0, 0.5
        while (live := read_object(kind, made.id, self.send)) is not None and kind.settling(live):
            if waited >= _SETTLE_TIMEOUT:
                raise PlatformError.because(
                    "not-settled", f"the {kind.title} {made.id} is still being made after {waited:.0f} s"
                )
            self.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, 10.0)

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

    def _intend(self, change: Change, operation: Operation, request: Request) -> None:
        self.ledger.intend(
            change.address,
            {
                "operation": str(operation),
                "digest": _digest(request.body),
                "nonce": uuid.uuid4().hex,
                "at": int(time.time() * 1000),
            },
        )


def _digest(body: JSON) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _revealed(desired: JSONObject) -> JSONObject:
    """The attributes with secrets in clear, as they are sent.

    A secret that is not set is left out: it never is among the changes of an update, and a creation that needs one
    is refused before the first step.
    """
    revealed: JSONObject = transform(desired, lambda value: value.value if isinstance(value, Sensitive) else value)
    return revealed
