"""The runner of steps: each is built, recorded as an intent, sent, and recorded as done."""

from dataclasses import dataclass

from flowctl.engine import resolve
from flowctl.engine.execute.bookkeeping import bring_up_to_date
from flowctl.engine.execute.context import RunContext
from flowctl.engine.execute.creation import Creation
from flowctl.engine.execute.removal import remove
from flowctl.engine.execute.states import reach_state, without_state
from flowctl.engine.execute.update import update
from flowctl.kinds.kind import Created
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus
from flowctl.model.step import Step, StepEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRunner(RunContext):
    """Runs the steps of one plan. `run` may be called from many threads."""

    def run(self, step: Step) -> StepEnd:
        """Do one step. Raises FlowctlError if it fails."""
        if step.operation is Operation.CREATE:
            return self._create(step)
        if step.operation is Operation.IMPORT:
            # Recorded before anything is sent: whatever fails then, the next plan knows the object.
            self.ledger.record(step.change.address, self.adopted[step.change.address])
        if step.change.is_recorded_only:
            bring_up_to_date(self.ledger, [step.change], self.resources)
            return StepEnd(status=StepStatus.DONE, id=step.remote_id)
        if step.operation in (Operation.UPDATE, Operation.IMPORT):
            return update(self, step)
        return remove(self, step)

    def _create(self, step: Step) -> StepEnd:
        change, kind = step.change, self.kinds[step.change.kind]
        desired = resolve.applied(change.desired, self.ledger.entry)
        old = self.ledger.entry(change.address)
        deposed = (*(old.deposed if old else ()), *((step.replaced,) if step.replaced else ()))
        entry = self.entry(change, without_state(kind, desired), Created(id=""), deposed)
        creation = Creation(
            kind=kind,
            send=self.send,
            ledger=self.ledger,
            backoff=self.backoff,
            locks=self.locks,
            claimed=self.claimed,
            clock=self.clock,
        )
        made = creation.make(change.address, desired, entry)
        reach_state(self, change, desired, made)
        return StepEnd(status=StepStatus.DONE, id=made.id)
