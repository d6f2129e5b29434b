"""Runs of pipelines: a list of the newest, and one in full. Requests grow with pages, not with pipelines."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from flowctl.engine.observe.run_reading import UnreadRun, listed_runs, read_run
from flowctl.kinds.flow_runs import PAGE_OF_RUNS, newest_runs
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import Beginning, rfc3339
from flowctl.model.errors import ManifestError, PlatformError
from flowctl.model.run_report import Run, Runs, RunStatus, ShownRun
from flowctl.operations.runs.recorded_flows import chosen_flows, recorded_flows
from flowctl.operations.session import Session
from flowctl.validation.wording import code, did_you_mean, nearest, quoted

_FEW = 20
"""Up to so many pipelines are named in the request; beyond, the runs of all dataflows are read in one list."""

_MOST_NAMED = 3
"""So many of the newest runs are named if one is not found."""
_BEGINNING = 4
"""So many characters of an ID tell which run was meant."""
_LIKE = 0.8
"""How like an ID another one has to be: any two have many digits in common."""


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
    flows = recorded_flows(session.ledger)
    if run is None:
        newest = _newest_few(session, flows)
        raise PlatformError.because(
            "unknown-run",
            f"there is no run with the ID {quoted(run_id)} in sandbox {session.environment.sandbox}",
            detail=_newest_words(run_id, newest),
            hint=did_you_mean(
                _meant(run_id, newest), "Run `flowctl runs list` to see the IDs, or use another `--environment`."
            ),
        )
    return _named(run, _pipelines(flows))


def _newest_few(session: Session, flows: Mapping[str, str]) -> list[Run]:
    """The newest runs of the recorded dataflows, of one page; none if they cannot be read."""
    if not flows:
        return []
    request = newest_runs(list(flows.values()) if len(flows) <= _FEW else ())[0]
    pipelines = _pipelines(flows)
    try:
        found = list(islice(listed_runs(request, session.send, unread=lambda _flow_id: None), PAGE_OF_RUNS))
    except PlatformError:
        # The run is missing, whether the advice can be read or not.
        return []
    return [_named(run, pipelines) for run in found if run.flow_id in pipelines]


def _newest_words(run_id: str, newest: Sequence[Run]) -> str:
    """The newest runs; of the pipeline alone, if that was given in place of a run."""
    own = [run for run in newest if run.pipeline == run_id]
    if own:
        return f"{code(run_id)} is a pipeline: its newest run is {own[0].id}."
    named = [f"{run.id} ({run.pipeline}, {run.status.replace('_', ' ')})" for run in newest[:_MOST_NAMED]]
    return f"The newest runs: {', '.join(named)}." if named else ""


def _meant(run_id: str, newest: Sequence[Run]) -> str | None:
    """The run whose ID is nearest, is begun by the word, or which is the newest of the pipeline of that name."""
    for run in newest:
        if run.pipeline == run_id or (len(run_id) >= _BEGINNING and run.id.startswith(run_id.lower())):
            return run.id
    return nearest(run_id, [run.id for run in newest], _LIKE)


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
