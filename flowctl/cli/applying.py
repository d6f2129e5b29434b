"""What apply and destroy share: show the plan, ask, run it, report."""

from flowctl.cli.asking import ask
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import Options
from flowctl.cli.process import writing
from flowctl.cli.run import show
from flowctl.manifest.document import Manifests
from flowctl.model.diagnostic import Diagnostic, has_errors
from flowctl.model.plan import Plan
from flowctl.model.report import AppliedPlan, ApplyReport
from flowctl.model.result import Result, Status
from flowctl.operations.apply import apply_plan, planned_steps
from flowctl.operations.planning import PlannedRun
from flowctl.operations.review import reviewed
from flowctl.operations.session import Session
from flowctl.views.plan_text import counted
from flowctl.views.progress import progress_view

_OTHERWISE = "Review a saved plan with `flowctl {} --out FILE` and apply that, or apply with `--auto-approve`."
_PARTS = 2
"""The plan and the report share what one comment may hold."""


def apply_and_report(
    options: Options, session: Session, run: PlannedRun, manifests: Manifests | None, *, approved: bool
) -> ExitCode:
    """Show the plan, ask unless it is approved, run it, report it and return the exit code."""
    return report_result(options, applied_result(options, session, run, manifests, approved=approved))


def report_result(options: Options, result: Result) -> ExitCode:
    """Print how an apply ended; return its exit code."""
    return show(options, result, parts=_PARTS)


def applied_result(
    options: Options, session: Session, run: PlannedRun, manifests: Manifests | None, *, approved: bool
) -> Result:
    """Show the plan, ask unless it is approved, and run it."""
    plan = reviewed(run.plan, manifests, lambda: session.ledger.lockfile.entries)
    if options.format.shows_plan_first:
        result = Result(command=options.command, data=plan, diagnostics=plan.diagnostics)
        show(options, result, parts=_PARTS, only_messages=options.quiet and approved)
    report = None
    if not has_errors(plan.diagnostics):
        if not plan.is_empty:
            _ask(plan, approved=approved)
        report = _applied(options, session, run, plan)
    done = AppliedPlan(plan=plan, report=report)
    return Result(command=options.command, data=done, status=_status(report), diagnostics=_diagnostics(done))


def _ask(plan: Plan, *, approved: bool) -> None:
    otherwise = _OTHERWISE.format("plan --destroy" if plan.destroys else "plan")
    ask(_question(plan), approved=approved, otherwise=otherwise)


def _question(plan: Plan) -> str:
    if not plan.destroys:
        return f"Apply these changes to environment {plan.environment} ({counted(plan)})?"
    deleted = len(plan.changes) - plan.forgotten
    also = f" and stop managing {plan.forgotten}" if plan.forgotten else ""
    return f"Delete {deleted} resources{also} in environment {plan.environment}? This cannot be undone."


def _applied(options: Options, session: Session, run: PlannedRun, shown: Plan) -> ApplyReport:
    with writing(session.stop):
        steps = planned_steps(session, run)
        pipelines = {change.address: change.origin.pipeline for change in shown.changes if change.origin.pipeline}
        live = options.live and not options.no_color and options.format.shows_plan_first
        quiet = options.quiet or run.plan.is_empty
        with progress_view(steps, pipelines, live=live, quiet=quiet, whole=options.verbose > 0) as progress:
            return apply_plan(session, run, progress=progress)


def _status(report: ApplyReport | None) -> Status:
    if report is not None and report.succeeded:
        return Status.OK
    return Status.INTERRUPTED if report is not None and report.interrupted else Status.ERROR


def _diagnostics(done: AppliedPlan) -> tuple[Diagnostic, ...]:
    problem = done.report.problem if done.report is not None else None
    return (*done.plan.diagnostics, *([problem] if problem is not None else []))
