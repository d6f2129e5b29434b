"""The status of every pipeline: its state, its last run, whether one is overdue, and its health.

The list of dataflows tells the last run of each. Runs are read only for what it does not tell: numbers, and runs that
have not ended.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Final

from flowctl.engine.observe.reading import read_objects
from flowctl.engine.observe.readings import groups_of_size
from flowctl.engine.observe.run_reading import UnreadRun, listed_runs, runs_by_id
from flowctl.engine.observe.unreadable import Unreadable
from flowctl.kinds.flow_runs import last_run_of, newest_runs, unfinished_runs
from flowctl.kinds.flow_schedule import schedule_of
from flowctl.kinds.registry import PIPELINE
from flowctl.model.health import Thresholds, problems_of
from flowctl.model.resource import RemoteObject
from flowctl.model.run_report import MISSING, NOT_APPLIED, PipelinesStatus, PipelineStatus, Problem, Run
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.runs.listing import platform_now
from flowctl.operations.runs.recorded_flows import chosen_flows, recorded_flows
from flowctl.operations.session import Session

_ENABLED: Final = "enabled"
_UNKNOWN: Final = "unknown"
_UNREAD_RUN: Final = Problem("unreadable-run", "one of its runs cannot be read: it is not what Adobe's API describes")
_GONE: Final = Problem("missing", "the dataflow is not found on Experience Platform")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Live:
    """What was read: dataflows, their newest run and the last one that has ended, by the IDs of the dataflows."""

    flows: Mapping[str, RemoteObject]
    newest: Mapping[str, Run]
    ended: Mapping[str, Run]
    unread: Mapping[str, Problem]
    """What cannot be read of dataflows, or of their runs."""


def pipelines_status(
    session: Session,
    names: Sequence[str] | None,
    *,
    declared: Sequence[str] = (),
    limits: Mapping[str, Thresholds] | None = None,
    default: Thresholds | None = None,
) -> PipelinesStatus:
    """The status of these pipelines, or with None of all that the lockfile has or a manifest declares.

    `limits` are those of single pipelines, `default` is for the others. Raises ManifestError for an unknown pipeline,
    PlatformError.
    """
    environment = session.environment.name
    every = recorded_flows(session.ledger)
    if names is None:
        wanted, flows = {*every, *declared}, every
    else:
        chosen_flows(session.ledger, [name for name in names if name not in declared], environment)
        wanted, flows = set(names), {name: every[name] for name in names if name in every}
    live = _read(session, list(flows.values()))
    now = platform_now(session)
    found: list[PipelineStatus] = []
    for name in sorted(wanted):
        thresholds = (limits or {}).get(name) or default or Thresholds()
        found.append(_status(name, flows.get(name), live, thresholds, now))
    return PipelinesStatus(pipelines=tuple(found), environment=environment)


def _read(session: Session, flow_ids: Sequence[str]) -> _Live:
    """Read the dataflows, the runs that have not ended, and the last one of each dataflow that has."""
    if not flow_ids:
        return _Live(flows={}, newest={}, ended={}, unread={})
    wanted = frozenset(flow_ids)
    broken: list[Unreadable] = []
    broken_runs: list[str] = []
    with reading_threads(session) as pool:
        session.authenticate()
        unfinished = pool.submit(lambda: list(listed_runs(unfinished_runs(), session.send, unread=broken_runs.append)))
        read = partial(read_objects, PIPELINE, send=session.send, unread=broken.append)
        flows = {
            key: live
            for page in pool.map(read, list(groups_of_size(flow_ids, PIPELINE.batch_size)))
            for key, live in page.items()
        }
        told = {key: run for key, live in flows.items() if (run := last_run_of(key, live.body))}
        runs = runs_by_id([run.id for run in told.values()], session.send, pool, broken_runs.append)
        ended = {key: runs.get(run.id, run) for key, run in told.items()}
        newest = dict(ended)
        silent = [key for key in flows if key not in told]
        for run in chain(unfinished.result(), _newest(session, silent, pool, broken_runs.append)):
            if run.flow_id not in wanted:
                continue
            if run.status.is_over:
                ended.setdefault(run.flow_id, run)
            known = newest.get(run.flow_id)
            if known is None or (run.created_at or 0) > (known.begun or 0):
                newest[run.flow_id] = run
    unread = dict.fromkeys(broken_runs, _UNREAD_RUN)
    unread |= {one.id: Problem("unreadable", f"the dataflow cannot be read: {one.why}") for one in broken}
    return _Live(flows=flows, newest=newest, ended=ended, unread=unread)


def _newest(session: Session, flow_ids: Sequence[str], pool: Executor, unread: UnreadRun) -> list[Run]:
    """The newest runs of dataflows that tell none: of each at least one if it has any."""

    def read(group: Sequence[str]) -> list[Run]:
        found: list[Run] = []
        missing = set(group)
        (request,) = newest_runs(group)
        for run in listed_runs(request, session.send, unread=unread):
            found.append(run)
            if run.status.is_over:
                missing.discard(run.flow_id)
            if not missing:
                break
        return found

    return [run for runs in pool.map(read, list(groups_of_size(flow_ids, PIPELINE.batch_size))) for run in runs]


def _status(name: str, flow_id: str | None, live: _Live, limits: Thresholds, now: int) -> PipelineStatus:
    if flow_id is None:
        return PipelineStatus(name=name, state=NOT_APPLIED)
    flow = live.flows.get(flow_id)
    unread = live.unread.get(flow_id)
    if flow is None and unread is not None:
        return PipelineStatus(name=name, state=_UNKNOWN, healthy=False, problems=(unread,))
    if flow is None:
        return PipelineStatus(name=name, state=MISSING, healthy=False, problems=(_GONE,))
    state = str(flow.body.get("state") or _UNKNOWN)
    newest = live.newest.get(flow_id)
    last = replace(newest, pipeline=name) if newest is not None else None
    if state != _ENABLED:
        return PipelineStatus(name=name, state=state, last=last)
    schedule = schedule_of(flow.body)
    overdue, next_run = None, None
    if schedule is not None:
        start = last.begun if last is not None else None
        next_run = schedule.next_run(now, start)
        expected = schedule.expected(start, _created(flow, schedule.first))
        is_running = last is not None and not last.status.is_over
        if not is_running and limits.is_late(expected, schedule.every, now):
            overdue = expected
    problems = tuple(problems_of(live.ended.get(flow_id), limits, overdue_since=overdue))
    problems += (unread,) if unread is not None else ()
    return PipelineStatus(
        name=name,
        state=state,
        last=last,
        overdue=overdue is not None,
        next_run=next_run,
        healthy=not problems,
        problems=problems,
    )


def _created(flow: RemoteObject, first: int) -> int:
    created = flow.body.get("createdAt")
    return created if isinstance(created, int) else first
