"""Wait for the run of a pipeline to end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from flowctl.engine.observe.run_reading import listed_runs, read_run
from flowctl.kinds.flow_runs import newest_runs
from flowctl.model.errors import PlatformError
from flowctl.model.run_report import Run, Runs
from flowctl.operations.runs.recorded_flows import chosen_flows
from flowctl.operations.session import Session
from flowctl.systems import wait_for

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0


def watch(session: Session, pipeline: str, timeout: int | None, told: Callable[[str], None]) -> Runs:
    """Wait until the newest run of a pipeline has ended; `told` gets each status on the way.

    Raises PlatformError if there is no run, or none that ends within `timeout` seconds.
    """
    flow_id = chosen_flows(session.ledger, (pipeline,), session.environment.name)[pipeline]
    (request,) = newest_runs([flow_id])
    run = next(listed_runs(request, session.send), None)
    if run is None:
        raise PlatformError.because(
            "no-run",
            f"pipeline {pipeline} has not run yet",
            hint="Wait for its first run, which `flowctl status` shows, or run `flowctl runs start`.",
        )
    run = wait_until_over(session, replace(run, pipeline=pipeline), timeout, told)
    return Runs(runs=(run,), environment=session.environment.name)


def wait_until_over(session: Session, run: Run, timeout: int | None, told: Callable[[str], None]) -> Run:
    """The run once it has ended. Waits twice as long before each read as before the last one, up to a minute."""
    waited, pause, said = 0.0, _FIRST_PAUSE, ""
    while not run.status.is_over:
        status = str(run.status).replace("_", " ")
        if status != said:
            said = status
            told(f"{run.pipeline}: run {run.id} is {status}")
        if timeout is not None and waited >= timeout:
            raise PlatformError.because(
                "run-not-over",
                f"the run {run.id} of pipeline {run.pipeline} is {status} after {timeout} s",
                hint="Run `flowctl runs watch` again with a longer `--timeout`. The run goes on.",
            )
        step = pause if timeout is None else min(pause, timeout - waited)
        wait_for(session.stop.wait, step)
        waited, pause = waited + step, min(pause * 2, _LONGEST_PAUSE)
        found = read_run(run.id, session.send)
        if found is None:
            raise PlatformError.because(
                "unknown-run",
                f"the run {run.id} of pipeline {run.pipeline} is no longer found",
                hint="Run `flowctl status` to see whether the dataflow still exists.",
            )
        run = replace(found, pipeline=run.pipeline)
    return run
