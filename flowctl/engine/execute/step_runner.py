"""The runner of steps: each is built, recorded as an intent, sent, and recorded as done."""

import time
from dataclasses import dataclass, replace

from flowctl.engine import resolve
from flowctl.engine.execute.bookkeeping import bring_up_to_date
from flowctl.engine.execute.context import RunContext, Written
from flowctl.engine.execute.creation import Creation
from flowctl.engine.execute.removal import remove
from flowctl.engine.execute.states import reach_state, without_state
from flowctl.engine.execute.suspension import resume, suspend
from flowctl.engine.execute.update import update
from flowctl.engine.execute.visibility import sent_when_visible
from flowctl.engine.plan.substituted import recorded_declarations
from flowctl.kinds.kind import Created
from flowctl.model.address import Address
from flowctl.model.change import STATE
from flowctl.model.errors import FlowctlError, OutcomeUnknown
from flowctl.model.json_value import JSONObject
from flowctl.model.operation import Operation
from flowctl.model.record import LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.step import Step, StepEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRunner(RunContext):
    """Runs the steps of one plan. `run` may be called from many threads."""

    def run(self, step: Step) -> StepEnd:
        """Do one step. Raises FlowctlError if it fails."""
        if step.operation is Operation.CREATE:
            end = self._create(step)
            kind = self.kinds[step.change.kind]
            if end.status is StepStatus.DONE and end.id is not None and kind.shows_late:
                self.written[step.change.address] = Written(kind=kind, id=end.id, is_new=True)
            return end
        if step.operation is Operation.IMPORT:
            # Recorded before anything is sent: whatever fails then, the next plan knows the object.
            self.ledger.record(step.change.address, self.adopted[step.change.address])
        if step.change.resumes:
            resume(self, step.change.address)
            step = _without_state(step)
        if step.change.is_recorded_only:
            bring_up_to_date(self.ledger, [step.change], self.resources)
            return StepEnd(status=StepStatus.DONE, id=step.remote_id)
        if step.operation in (Operation.UPDATE, Operation.IMPORT):
            return sent_when_visible(self, step.change, lambda: update(self, step))
        return remove(self, step)

    def _create(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        desired = resolve.applied(change.desired, self.ledger.entry)
        old = self.ledger.entry(change.address)
        deposed = (*(old.deposed if old else ()), *((step.replaced,) if step.replaced else ()))
        now = self.clock.now()
        seconds = int(time.time() if now is None else now / 1000)
        desired, declared = kind.replacement.adapted(desired, change.on_replace, seconds)
        entry = replace(
            self.entry(change, without_state(kind, desired), Created(id=""), deposed),
            instead_of=recorded_declarations(declared),
        )
        creation = Creation(
            kind=kind,
            send=self.send,
            ledger=self.ledger,
            backoff=self.backoff,
            locks=self.locks,
            claimed=self.claimed,
            clock=self.clock,
        )
        if old is None or step.replaced is None or kind.replacement.suspension is None:
            made = sent_when_visible(self, change, lambda: creation.make(change.address, desired, entry))
            end = StepEnd(status=StepStatus.DONE, id=made.id)
        else:
            end = self._create_in_place(creation, change.address, desired, entry, old)
        if end.status is StepStatus.DONE:
            reach_state(self, change, desired)
        return end

    def _create_in_place(
        self, creation: Creation, address: Address, desired: JSONObject, entry: LockEntry, old: LockEntry
    ) -> StepEnd:
        """Create an object while the old one is stopped; if that clearly fails, the old one is started again."""
        stopped = suspend(self, address, old)
        try:
            made = creation.make(address, desired, entry)
        except OutcomeUnknown:
            raise
        except FlowctlError as error:
            note = self._resumed(address, old.id) if stopped else "The old object was not running before."
            return StepEnd(status=StepStatus.FAILED, error=error.diagnostics[0], note=note)
        return StepEnd(status=StepStatus.DONE, id=made.id)

    def _resumed(self, address: Address, old_id: str) -> str:
        """A sentence on what became of the old object."""
        try:
            resume(self, address)
        except FlowctlError as error:
            why = error.diagnostics[0].summary
            return f"The old object {old_id} is disabled, and could not be enabled: {why}. The next apply enables it."
        return "The old object is enabled again."


def _without_state(step: Step) -> Step:
    """The step with what is left to do after the object was started."""
    attributes = tuple(each for each in step.change.attributes if each.steps != (STATE,))
    return replace(step, change=replace(step.change, resumes=False, attributes=attributes))
