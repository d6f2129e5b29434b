"""What the runs of dataflows mean for a plan that changes them: notes, which no apply depends on.

The last run that has ended is in the dataflow, which a plan has read. One list tells which runs are under way, however
many pipelines change; it is not read if no dataflow does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from flowctl.engine.observe.run_reading import listed_runs
from flowctl.kinds.attribute_facts import backfills
from flowctl.kinds.flow_runs import last_run_of, runs_in_progress
from flowctl.kinds.flow_schedule import schedule_of
from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change, Effect, Note
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.durations import rfc3339
from flowctl.model.errors import PlatformError
from flowctl.model.resource import RemoteObject
from flowctl.model.run_report import Run, RunStatus
from flowctl.operations.changed_dataflows import changes_a_dataflow
from flowctl.operations.planning import PlannedRun
from flowctl.operations.runs.listing import platform_now
from flowctl.operations.session import Session

_MOST: Final = 1000
"""Runs under way that are looked through: ten pages, so that a plan never waits for more."""
_STOPPING: Final = {Action.REPLACE: "replaced", Action.DELETE: "deleted"}
_BAD_ENDS: Final = {RunStatus.FAILED: "failed", RunStatus.CANCELED: "was canceled"}


def noted(session: Session, run: PlannedRun) -> PlannedRun:
    """The plan with a note for each dataflow that changes while it runs, after a failure, or with a gap between runs.

    If the runs cannot be read, the plan has a warning, and the other notes.
    """
    changing = {change.remote_id: change for change in run.plan.changes if changes_a_dataflow(change)}
    problems: tuple[Diagnostic, ...] = ()
    running: Mapping[str, Run] = {}
    try:
        found = islice(listed_runs(runs_in_progress(), session.send), _MOST)
        running = {each.flow_id: each for each in found if each.flow_id in changing}
    except PlatformError as error:
        problems = (_unread(error),)
    now = platform_now(session) // 1000
    changes = tuple(
        replace(change, notes=(*change.notes, *_notes(change, run.dataflows.get(change.address), running, now)))
        if changing.get(change.remote_id) is change
        else change
        for change in run.plan.changes
    )
    plan = replace(run.plan, changes=changes, diagnostics=(*run.plan.diagnostics, *problems))
    return replace(run, plan=plan)


def _notes(change: Change, live: RemoteObject | None, running: Mapping[str, Run], now: int) -> Iterator[Note]:
    last = last_run_of(live.id, live.body) if live is not None else None
    under_way = _under_way(change, running.get(change.remote_id or ""))
    for text in (under_way, _bad_end(change, last), _gap(change, last, now)):
        if text:
            yield Note(text, Effect.RUNS)


def _under_way(change: Change, run: Run | None) -> str:
    if run is None:
        return ""
    since = f" since {rfc3339(run.begun)}" if run.begun else ""
    words = f"The run {run.id} has been in progress{since}."
    stopped = _STOPPING.get(change.action)
    if stopped is None:
        return words
    return f"{words} Wait for it with `flowctl runs watch {change.address.name}` before the flow is {stopped}."


def _bad_end(change: Change, last: Run | None) -> str:
    """That the last run failed; of a flow that is deleted nobody has to know."""
    if last is None or last.status not in _BAD_ENDS or change.action is Action.DELETE:
        return ""
    when = last.completed_at or last.begun
    at = f" at {rfc3339(when)}" if when else ""
    return f"The last run {_BAD_ENDS[last.status]}{at}. Run `flowctl runs errors {last.id}` to see why."


def _gap(change: Change, last: Run | None, now: int) -> str:
    """That records between the last run and the first one of the new flow are not ingested: it has no backfill."""
    if change.action is not Action.REPLACE or last is None or not last.begun:
        return ""
    flow, _ = KINDS[change.kind].replacement.adapted(change.desired, change.on_replace, now)
    schedule = schedule_of(flow)
    if schedule is None or not schedule.every or backfills(flow):
        return ""
    start = f" at {rfc3339(schedule.first)}" if schedule.first > last.begun else ""
    return (
        f"The previous flow last ran at {rfc3339(last.begun)}: records that arrive between then and the start of the "
        f"new flow{start} are not ingested."
    )


def _unread(error: PlatformError) -> Diagnostic:
    why = error.diagnostics[0].summary
    return Diagnostic(
        code="runs-unread",
        severity=Severity.WARNING,
        summary="the plan does not tell whether dataflows are running, because their runs cannot be read",
        detail=f"{why[:1].upper()}{why[1:]}.",
        hint="Run `flowctl status` before you apply, or plan again.",
    )
