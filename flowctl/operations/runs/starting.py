"""Start a run, or repeat one. A run whose reply was lost is looked for, and never started a second time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.run_reading import listed_runs, read_run
from flowctl.engine.observe.understood import understood
from flowctl.kinds.attribute_facts import delta_column, reads_tables, streams
from flowctl.kinds.flow_runs import PAGE_OF_RUNS, newest_runs, retry_run, run_params, start_run, started
from flowctl.kinds.flow_schedule import schedule_of
from flowctl.kinds.registry import KINDS, PIPELINE
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import Beginning
from flowctl.model.errors import Interrupted, ManifestError, OutcomeUnknown, PlatformError, Refused, StateError
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request
from flowctl.model.run_report import Run, Runs, RunStatus
from flowctl.operations.runs.listing import list_runs, platform_now, require_run
from flowctl.operations.runs.recorded_flows import chosen_flows
from flowctl.operations.session import Session
from flowctl.validation.wording import quoted

_WAIT_FOR_DATA: Final = "Wait for data to arrive."
_WAIT_FOR_RUN: Final = "Wait for the next run, which `flowctl status` shows"
_HINT: Final = "Run `flowctl runs list --limit 5` to see whether the run exists before you start another one."


@dataclass(frozen=True, slots=True)
class Window:
    """What a run reads: from a time to another one, by a column where the source is a table."""

    begins: Beginning | None = None
    ends: Beginning | None = None
    column: str | None = None


def start(session: Session, pipeline: str, window: Window) -> Runs:
    """Start a run of a pipeline, of all that its source has or of a window.

    Raises ManifestError or StateError for what Experience Platform is known to reject, before anything is sent.
    """
    flow_id = chosen_flows(session.ledger, (pipeline,), session.environment.name)[pipeline]
    flow = _applied(session, flow_id)
    _require_on_demand(pipeline, flow)
    params = _params(session, pipeline, flow_id, flow, window)
    run = _sent(session, start_run(flow_id, params), flow_id)
    return Runs(runs=(replace(run, pipeline=pipeline),), environment=session.environment.name, is_start=True)


def retry(session: Session, run_id: str) -> Runs:
    """Repeat a run that failed, or that succeeded without a record."""
    run = _repeated(session, require_run(session, run_id))
    return Runs(runs=(run,), environment=session.environment.name, is_start=True)


def retry_failed(session: Session, since: Beginning) -> Runs:
    """Repeat the last run of each pipeline whose last run since a beginning failed.

    What Experience Platform rejects is in the diagnostics, and the other runs are repeated.
    """
    recent = list_runs(session, None, since)
    last: dict[str, Run] = {}
    for run in recent.runs:
        last.setdefault(run.flow_id, run)
    failed = [run for run in last.values() if run.status is RunStatus.FAILED]
    runs: list[Run] = []
    problems: list[Diagnostic] = []
    for run in failed:
        try:
            runs.append(_repeated(session, run))
        except Refused as error:
            problems.extend(error.diagnostics)
    return replace(recent, runs=tuple(runs), is_start=True, diagnostics=tuple(problems))


def _repeated(session: Session, run: Run) -> Run:
    may = run.status is RunStatus.FAILED or (run.status is RunStatus.SUCCESS and run.records.written == 0)
    if not may:
        status = str(run.status).replace("_", " ")
        raise StateError.because(
            "run-not-repeatable",
            f"the run {run.id} cannot be repeated, because its status is {status}",
            detail="Experience Platform repeats runs that failed, and successful ones without a record.",
            hint=_instead(session, run),
        )
    again = _sent(session, retry_run(run.id), run.flow_id)
    return replace(again, pipeline=run.pipeline)


def _instead(session: Session, run: Run) -> str:
    """How a new run comes about in place of one that cannot be repeated."""
    flow = _applied(session, run.flow_id)
    if not flow or run.pipeline is None:
        return "Wait for the next run of the dataflow."
    if _is_on_demand(flow):
        return f"Run `flowctl runs start {run.pipeline}` to start a new run."
    return _WAIT_FOR_DATA if streams(flow) else f"{_WAIT_FOR_RUN}."


def _applied(session: Session, flow_id: str) -> JSONObject:
    """What the lockfile records of a dataflow; nothing if it does not have it."""
    entries = session.ledger.lockfile.entries.values()
    ours = (entry.applied for entry in entries if KINDS[entry.kind].is_pipeline and entry.id == flow_id)
    return next(ours, {})


def _is_on_demand(flow: JSONObject) -> bool:
    """Whether Experience Platform starts a run of the dataflow when it is asked to."""
    schedule = schedule_of(flow)
    return schedule is not None and not schedule.every


def _require_on_demand(pipeline: str, flow: JSONObject) -> None:
    """Raise StateError for a dataflow that Experience Platform does not run on demand."""
    if _is_on_demand(flow):
        return
    why = "it is a streaming dataflow" if streams(flow) else "it runs on a schedule of its own"
    raise StateError.because(
        "run-not-on-demand",
        f"pipeline {pipeline} cannot be started, because {why}",
        detail="Experience Platform starts only dataflows with `schedule.frequency: once` on demand.",
        hint=_WAIT_FOR_DATA
        if streams(flow)
        else f"{_WAIT_FOR_RUN}. `flowctl preview {pipeline}` shows what its mappings make of the source now.",
    )


def _params(session: Session, pipeline: str, flow_id: str, flow: JSONObject, window: Window) -> Mapping[str, Any]:
    """The params of a run, which by default reads everything: none for a table without a delta column."""
    if window == Window() and reads_tables(flow) and delta_column(flow) is None:
        return {}
    now = platform_now(session)
    begin = window.begins.at(now) // 1000 if window.begins is not None else 0
    end = (window.ends.at(now) if window.ends is not None else now) // 1000
    if end < begin:
        raise ManifestError.because(
            "run-window", "`--to` is before `--from`", hint="Give `--from` the earlier of the two times."
        )
    return run_params(now // 1000, begin, end, _column(session, pipeline, flow_id, flow, window.column))


def _column(session: Session, pipeline: str, flow_id: str, flow: JSONObject, given: str | None) -> str | None:
    """The delta column of the dataflow, which its first run fixes; None for a source of files."""
    if not reads_tables(flow):
        if given is None:
            return None
        raise StateError.because(
            "run-window",
            f"`--delta-column` does not apply to pipeline {pipeline}, because it does not read a table",
            hint="Leave out `--delta-column`.",
        )
    known = delta_column(flow)
    if known is None:
        live = read_object(PIPELINE, flow_id, session.send)
        known = delta_column(live.attributes) if live is not None else None
    if known is not None and given not in (None, known):
        raise StateError.because(
            "run-window",
            f"the delta column of pipeline {pipeline} is {quoted(known)} and cannot change",
            hint="Leave out `--delta-column`.",
        )
    if known is None and given is None:
        raise StateError.because(
            "run-window",
            f"pipeline {pipeline} cannot be started for a window, because its dataflow has no delta column",
            hint="Add `--delta-column NAME`, or start the run without `--from` and `--to`.",
        )
    return known or given


def _sent(session: Session, request: Request, flow_id: str) -> Run:
    """Send a request that starts a run, and return the run. Raises OutcomeUnknown where nothing tells what was done."""
    before = {run.id for run in _newest(session, flow_id)}
    try:
        reply = session.send(request)
        run_id = understood(request, reply, started)
    except KeyboardInterrupt:
        raise Interrupted.because(
            "run-outcome-unknown", f"a run of the dataflow {flow_id} may have been started", hint=_HINT
        ) from None
    except PlatformError as error:
        if not error.maybe_done:
            raise
        return _found_again(session, flow_id, before, error)
    run = read_run(run_id, session.send)
    return run if run is not None else Run(id=run_id, flow_id=flow_id, status=RunStatus.PENDING)


def _found_again(session: Session, flow_id: str, before: set[str], error: PlatformError) -> Run:
    """The only run that came into being meanwhile: the one whose reply was lost."""
    try:
        new = [run for run in _newest(session, flow_id) if run.id not in before]
    except PlatformError:
        new = []
    if len(new) == 1:
        return new[0]
    (first, *others) = error.diagnostics
    raise OutcomeUnknown([replace(first, hint=_HINT), *others]) from error


def _newest(session: Session, flow_id: str) -> list[Run]:
    (request,) = newest_runs([flow_id])
    return list(islice(listed_runs(request, session.send), PAGE_OF_RUNS))
