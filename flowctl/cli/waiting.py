"""What `apply --wait` does after the run lock is released: wait for first runs, and report them with the apply."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from flowctl.cli.applying import report_result
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import Options
from flowctl.cli.run import finish
from flowctl.model.report import AppliedPlan
from flowctl.model.result import Result, Status
from flowctl.model.run_report import Runs, RunStatus
from flowctl.operations.runs.waiting import Waited, Waiting, changed_pipelines, first_runs
from flowctl.operations.session import Session
from flowctl.views.diagnostics import diagnostic_lines

_FAILED = frozenset({RunStatus.FAILED, RunStatus.CANCELED})


def wait_for_runs(
    options: Options,
    result: Result,
    session_of: Callable[[], AbstractContextManager[Session]],
    timeout: int,
    fail_on: str | None,
    since: int,
) -> ExitCode:
    """Report an apply and the first runs of what it changed; formats with one document have both in it."""
    if not isinstance(result.data, AppliedPlan) or result.data.report is None:
        return report_result(options, result)
    names = changed_pipelines(result.data.report)
    if options.format.shows_plan_first:
        report_result(options, result)
    failures = _FAILED | {RunStatus.PARTIAL} if fail_on == "errors" else _FAILED
    told = (lambda _sentence: None) if options.quiet else options.tell
    waiting = Waiting(timeout=timeout, since=since, failures=failures, told=told)
    try:
        with session_of() as session:
            waited = first_runs(session, names, waiting) if names else Waited(runs=(), diagnostics=())
            environment = session.environment.name
    except KeyboardInterrupt:
        options.tell("The changes are applied, and the runs go on.")
        if options.format.shows_plan_first:
            raise
        return report_result(options, result._replace(status=Status.INTERRUPTED))
    status = Status.ERROR if waited.diagnostics else Status.OK
    if not options.format.shows_plan_first:
        data = replace(result.data, runs=waited.runs, run_problems=waited.diagnostics)
        diagnostics = (*result.diagnostics, *waited.diagnostics)
        return report_result(options, result._replace(data=data, status=status, diagnostics=diagnostics))
    if waited.runs:
        finish(options, Runs(runs=waited.runs, environment=environment))
    options.tell(*diagnostic_lines(waited.diagnostics))
    return ExitCode.of(status)
