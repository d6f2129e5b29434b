"""Wait for the first run of each pipeline that an apply changed."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flowctl.engine.observe.reading import read_objects
from flowctl.engine.observe.readings import groups_of_size
from flowctl.engine.observe.run_reading import listed_runs
from flowctl.kinds.attribute_facts import has_run
from flowctl.kinds.flow_runs import newest_runs
from flowctl.kinds.flow_schedule import schedule_of
from flowctl.kinds.flow_states import is_passing
from flowctl.kinds.registry import KINDS, PIPELINE
from flowctl.model.change import Action
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import rfc3339
from flowctl.model.report import ApplyReport, StepStatus
from flowctl.model.resource import RemoteObject
from flowctl.model.run_report import Run, RunStatus
from flowctl.operations.runs.listing import platform_now
from flowctl.operations.runs.recorded_flows import chosen_flows
from flowctl.operations.runs.starting import Window, start
from flowctl.operations.session import Session
from flowctl.systems import wait_for

_CHANGED: Final = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE})
_ENDS: Final = {RunStatus.FAILED: "failed", RunStatus.CANCELED: "was canceled", RunStatus.PARTIAL: "rejected rows"}
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long to wait, in seconds; from when on a run counts, in epoch milliseconds; which ends are failures."""

    timeout: int
    since: int
    failures: frozenset[RunStatus]
    told: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """The first runs, and what failed or did not come in time."""

    runs: tuple[Run, ...]
    diagnostics: tuple[Diagnostic, ...]


def changed_pipelines(report: ApplyReport) -> list[str]:
    """The pipelines whose dataflow an apply created, updated or replaced."""
    return [
        step.address.name
        for step in report.steps
        if KINDS[step.address.kind].is_pipeline and step.action in _CHANGED and step.status is StepStatus.DONE
    ]


def first_runs(session: Session, names: Sequence[str], waiting: Waiting) -> Waited:
    """Wait until the first run of each pipeline has ended.

    Says of which it does not wait: those without runs of their own, and those whose next run is too late. The emulator
    in this process has nothing that starts runs in time: there, what is due is started, and no later run comes.
    """
    is_embedded = session.environment.embedded
    flows = dict(chosen_flows(session.ledger, names, session.environment.name))
    deadline = time.monotonic() + waiting.timeout
    live = _live(session, list(flows.values()), deadline)
    for name, flow_id in list(flows.items()):
        why = _why_not(live.get(flow_id), platform_now(session), 0 if is_embedded else waiting.timeout)
        if why:
            waiting.told(f"Not waiting for {name}: {why}.")
            del flows[name]
        elif is_embedded:
            start(session, name, Window())
    found = _polled(session, flows, waiting, deadline)
    runs = tuple(found[name] for name in flows if name in found)
    late = [_late(name, found.get(name), waiting.timeout) for name in flows if not _is_over(found.get(name))]
    failed = [_failed(run) for run in runs if run.status in waiting.failures]
    return Waited(runs=runs, diagnostics=(*failed, *late))


def _live(session: Session, flow_ids: Sequence[str], deadline: float) -> Mapping[str, RemoteObject]:
    """The dataflows, once none of them is on the way to another state, or as they are when the time is over."""
    pause = _FIRST_PAUSE
    while True:
        live: dict[str, RemoteObject] = {}
        for ids in groups_of_size(flow_ids, PIPELINE.batch_size):
            live |= read_objects(PIPELINE, ids, session.send)
        left = deadline - time.monotonic()
        if left <= 0 or not any(is_passing(each.body.get("state")) for each in live.values()):
            return live
        wait_for(session.stop.wait, min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _why_not(flow: RemoteObject | None, now: int, timeout: int) -> str:
    """Why no run of a dataflow can be waited for; empty if one can."""
    if flow is None:
        return "its dataflow is not found"
    state = flow.body.get("state")
    if state != "enabled":
        return f"its dataflow is {state}"
    schedule = schedule_of(flow.body)
    if schedule is None:
        return "a streaming dataflow has no scheduled runs"
    if not schedule.every and has_run(flow.body):
        return "it runs once, and has run"
    due = schedule.at_or_after(now) if schedule.every else schedule.first
    return f"its next run is at {rfc3339(due)}" if due > now + timeout * 1000 else ""


def _polled(session: Session, flows: Mapping[str, str], waiting: Waiting, deadline: float) -> dict[str, Run]:
    """The first run of each pipeline as far as it is when all have ended, or the time is over."""
    pause = _FIRST_PAUSE
    found: dict[str, Run] = {}
    while True:
        open_flows = {name: flow_id for name, flow_id in flows.items() if not _is_over(found.get(name))}
        if not open_flows:
            return found
        for name, run in _first(session, open_flows, waiting.since).items():
            if name not in found or found[name].status is not run.status:
                waiting.told(f"{name}: run {run.id} is {str(run.status).replace('_', ' ')}")
            found[name] = run
        left = deadline - time.monotonic()
        if left <= 0:
            return found
        if not all(_is_over(found.get(name)) for name in flows):
            wait_for(session.stop.wait, min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _first(session: Session, flows: Mapping[str, str], since: int) -> dict[str, Run]:
    """The oldest run of each dataflow since a moment."""
    names = {flow_id: name for name, flow_id in flows.items()}
    found: dict[str, Run] = {}
    for request in newest_runs(list(names)):
        for run in listed_runs(request, session.send, lambda: since):
            if run.flow_id in names:
                found[names[run.flow_id]] = replace(run, pipeline=names[run.flow_id])
    return found


def _is_over(run: Run | None) -> bool:
    return run is not None and run.status.is_over


def _failed(run: Run) -> Diagnostic:
    codes = ", ".join(error.code for error in run.errors)
    known = next((error for error in reversed(run.errors) if error.cure), None)
    return Diagnostic(
        code="run-failed",
        summary=f"the first run of pipeline {run.pipeline} {_ENDS[run.status]}{codes and f': {codes}'}",
        detail=known.cause if known else "",
        hint=f"{known.cure if known else 'Look at its errors.'} Run `flowctl runs errors {run.id}` for more.",
    )


def _late(name: str, run: Run | None, timeout: int) -> Diagnostic:
    what = "has not started" if run is None else "has not ended"
    return Diagnostic(
        code="run-not-over",
        summary=f"the first run of pipeline {name} {what} after {timeout} s",
        hint=f"Run `flowctl runs watch {name}` to wait longer. The dataflow is applied.",
    )
