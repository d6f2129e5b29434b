"""Apply: run the steps of a plan and record them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flowctl.engine.execute.bookkeeping import bring_up_to_date
from flowctl.engine.execute.executor import execute
from flowctl.engine.execute.step_runner import StepRunner
from flowctl.engine.execute.steps import steps_of
from flowctl.engine.recover.claimed_ids import ClaimedIds
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.errors import ManifestError, StateError
from flowctl.model.operation import Operation
from flowctl.model.report import ApplyReport, StepResult, StepStatus
from flowctl.model.resource import Resource
from flowctl.model.step import Progress, Step, StepEnd
from flowctl.operations.moving import record_moves
from flowctl.operations.planning import PlannedRun
from flowctl.operations.refusals import missing_secrets
from flowctl.operations.session import Session


def planned_steps(session: Session, run: PlannedRun) -> tuple[Step, ...]:
    """The steps that applying this plan takes."""
    return steps_of(run.plan.changes, session.ledger.lockfile.entries, KINDS, run.plan.kept)


def apply_plan(session: Session, run: PlannedRun, *, progress: Progress) -> ApplyReport:
    """Run the steps of a plan; completed steps are in the lockfile afterwards, whatever failed.

    Raises ManifestError if the plan has errors or needs a secret that is not set, StateError if another run has
    changed the lockfile meanwhile: then nothing is sent.
    """
    problems = [*run.plan.diagnostics, *missing_secrets(run.plan.changes, run.desired)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ManifestError(errors)
    session.ledger.check_current()
    record_moves(session.ledger, run.plan.moved)
    steps = planned_steps(session, run)
    stop = session.stop
    runner = StepRunner(
        send=session.send,
        ledger=session.ledger,
        kinds=KINDS,
        resources=run.desired,
        backoff=session.backoff,
        clock=session.clock,
        claimed=ClaimedIds.of(session.ledger.lockfile),
        adopted=run.adopted,
    )
    started = time.monotonic()
    ends = execute(steps, runner.run, parallelism=session.parallelism, progress=progress, stop=stop)
    problem = None
    try:
        bring_up_to_date(session.ledger, run.plan.kept, run.desired)
        session.ledger.compact()
    except StateError as error:
        problem = error.diagnostics[0]
    return ApplyReport(
        steps=tuple(_placed(result, run.desired) for result in _results(steps, ends)),
        seconds=time.monotonic() - started,
        interrupted=stop.is_set(),
        problem=problem,
        moved=len(run.plan.moved),
    )


def _results(steps: Sequence[Step], ends: Mapping[str, StepEnd]) -> tuple[StepResult, ...]:
    """One result for each change: a replacement's two steps count as one, the worse of them."""
    by_change: dict[int, list[tuple[Step, StepEnd]]] = {}
    for step in steps:
        by_change.setdefault(id(step.change), []).append((step, ends[step.key]))
    return tuple(_result(parts) for parts in by_change.values())


def _torn(parts: Sequence[tuple[Step, StepEnd]]) -> Iterator[str]:
    """A sentence for a replacement that stopped between its halves."""
    status = {step.operation: end.status for step, end in parts}
    removed = status.get(Operation.DELETE) is StepStatus.DONE
    created = status.get(Operation.CREATE) is StepStatus.DONE
    if removed and Operation.CREATE in status and not created:
        yield "The old object is deleted and the new one is not created yet: nothing runs until the next apply."
    if created and Operation.DELETE in status and not removed:
        yield "The new object is created; the next apply deletes the old one."


def _placed(result: StepResult, desired: Mapping[Address, Resource]) -> StepResult:
    """The result with the place of its manifest in its error, if that has no place of its own."""
    if result.error is None:
        return result
    resource = desired.get(result.address)
    span = result.error.span or (resource.span if resource is not None else None)
    return replace(result, error=replace(result.error, address=result.error.address or result.address, span=span))


_WORST_FIRST = (
    StepStatus.FAILED,
    StepStatus.UNKNOWN,
    StepStatus.SKIPPED,
    StepStatus.NOT_STARTED,
    StepStatus.DONE,
)


def _result(parts: Sequence[tuple[Step, StepEnd]]) -> StepResult:
    change = parts[0][0].change
    worst = min((end for _, end in parts), key=lambda end: _WORST_FIRST.index(end.status))
    if worst.status is not StepStatus.DONE and any(end.status is StepStatus.DONE for _, end in parts):
        worst = replace(worst, status=StepStatus.FAILED)
    made = next((end.id for step, end in parts if step.operation in ("create", "update", "import") and end.id), None)
    return StepResult(
        address=change.address,
        action=change.action,
        status=worst.status,
        id=made if change.action is not Action.DELETE else change.remote_id,
        kept=any(end.kept for _, end in parts),
        error=worst.error,
        note=_sentences([*(end.note for _, end in parts if end.note), *_torn(parts)]),
        seconds=sum(end.seconds for _, end in parts),
    )


def _sentences(notes: Sequence[str]) -> str:
    """Several notes as sentences after each other; one note as it is."""
    if len(notes) < 2:
        return "".join(notes)
    return " ".join(note if note.endswith(".") else f"{note}." for note in notes)
