"""Runs of pipelines: a list of the newest, and one in full. Requests grow with pages, not with pipelines."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from flowctl.engine.observe.run_reading import UnreadRun, listed_runs, read_run
from flowctl.kinds.flow_runs import newest_runs
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import Beginning, rfc3339
from flowctl.model.errors import ManifestError, PlatformError
from flowctl.model.run_report import Run, Runs, RunStatus, ShownRun
from flowctl.operations.runs.recorded_flows import chosen_flows, recorded_flows
from flowctl.operations.session import Session
from flowctl.validation.wording import quoted

_FEW = 20
"""Up to so many pipelines are named in the request; beyond, the runs of all dataflows are read in one list."""


def platform_now(session: Session) -> int:
    """The time of Experience Platform in epoch milliseconds, or of this machine before the first reply."""
    return session.clock.now() or time.time_ns() // 1_000_000


def list_runs(
    session: Session,
    names: Sequence[str] | None,
    since: Beginning | None,
    *,
    only_failed: bool = False,
    limit: int | None = None,
) -> Runs:
    """The newest runs of some pipelines, or with None of all that the lockfile records.

    Raises ManifestError for an unknown pipeline or a beginning in the future, PlatformError.
    """
    environment = session.environment.name
    flows = chosen_flows(session.ledger, names, environment)
    if not flows:
        return Runs(runs=(), environment=environment, only_failed=only_failed)
    broken: list[str] = []
    found = _newest(session, flows, since, broken.append, named=names is not None)
    wanted = (run for run in found if not only_failed or run.status is RunStatus.FAILED)
    runs = tuple(islice(wanted, limit))
    begins = since.at(platform_now(session)) if since is not None else None
    problems = tuple(_unreadable(name, broken.count(flow_id)) for name, flow_id in flows.items() if flow_id in broken)
    return Runs(runs=runs, environment=environment, since=begins, only_failed=only_failed, diagnostics=problems)


def _unreadable(pipeline: str, number: int) -> Diagnostic:
    return Diagnostic(
        code="unreadable-object",
        summary=f"{number} run{'' if number == 1 else 's'} of {quoted(pipeline)} cannot be read",
        detail="What was read is not what Adobe's API describes.",
        hint="Look at the runs in the Experience Platform UI.",
    )


def show_run(session: Session, run_id: str) -> ShownRun:
    """One run. Raises PlatformError if the sandbox has none of this ID."""
    run = require_run(session, run_id)
    return ShownRun(run=run, environment=session.environment.name)


def require_run(session: Session, run_id: str) -> Run:
    """The run of an ID, with its pipeline. Raises PlatformError if the sandbox has none."""
    run = read_run(run_id, session.send)
    if run is None:
        raise PlatformError.because(
            "unknown-run",
            f"there is no run with the ID {quoted(run_id)} in sandbox {session.environment.sandbox}",
            hint="Run `flowctl runs list` to see the IDs, or use another `--environment`.",
        )
    return _named(run, _pipelines(recorded_flows(session.ledger)))


def _newest(
    session: Session, flows: Mapping[str, str], since: Beginning | None, unread: UnreadRun, *, named: bool
) -> Iterator[Run]:
    (request,) = newest_runs(list(flows.values()) if named and len(flows) <= _FEW else ())

    def begins() -> int | None:
        if since is None:
            return None
        now = platform_now(session)
        begin = since.at(now)
        if begin > now:
            raise ManifestError.because(
                "since-in-future",
                f"`--since` begins at {rfc3339(begin)}, and on Experience Platform it is {rfc3339(now)}",
                hint="Use a time in the past.",
            )
        return begin

    pipelines = _pipelines(flows)
    found = listed_runs(request, session.send, begins, unread)
    return (_named(run, pipelines) for run in found if run.flow_id in pipelines)


def _pipelines(flows: Mapping[str, str]) -> dict[str, str]:
    return {flow_id: name for name, flow_id in flows.items()}


def _named(run: Run, pipelines: Mapping[str, str]) -> Run:
    return replace(run, pipeline=pipelines.get(run.flow_id))
