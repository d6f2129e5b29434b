"""What apply and destroy share: show the plan, ask, run it, report."""

from flowctl.cli.asking import ask
from flowctl.cli.commands.plan import write_plan
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import Options
from flowctl.cli.process import writing
from flowctl.cli.run import write_warnings
from flowctl.model.diagnostic import has_errors
from flowctl.model.report import ApplyReport
from flowctl.operations.apply import apply_plan, planned_steps
from flowctl.operations.plan import PlannedRun
from flowctl.operations.session import Session
from flowctl.views.envelope import apply_document
from flowctl.views.lines import Line, write_document, write_lines, write_markdown
from flowctl.views.markdown import LIMIT, lines_markdown
from flowctl.views.progress import progress_view
from flowctl.views.report_text import report_lines

_INSTEAD = ", or save a plan with {} --out and apply that"


def apply_and_report(options: Options, session: Session, run: PlannedRun, *, approved: bool) -> int:
    """Shows the plan, asks unless it is approved, runs it and answers the exit code."""
    as_json = options.format == "json"
    if options.quiet and approved and not as_json:
        write_warnings(options, run.plan.diagnostics)
    elif not as_json:
        write_plan(options, run.plan, share=2)
    if has_errors(run.plan.diagnostics):
        if as_json:
            write_document(apply_document(run.plan, ApplyReport(steps=(), seconds=0.0)))
        return ExitCode.ERROR
    if not run.plan.is_empty:
        verb, command = ("Delete all this in", "plan --destroy") if run.plan.destroys else ("Apply this to", "plan")
        ask(f"{verb} environment {run.plan.environment}?", approved=approved, instead=_INSTEAD.format(command))
    with writing(session.stop):
        total = len(planned_steps(session, run))
        live = options.live and not options.no_color and not as_json
        quiet = options.quiet or run.plan.is_empty
        with progress_view(total, live=live, quiet=quiet, whole=options.verbose > 0) as progress:
            report = apply_plan(session, run, progress=progress)
    lines = report_lines(report, "Destroy" if run.plan.destroys else "Apply", whole=options.verbose > 0)
    if as_json:
        write_document(apply_document(run.plan, report))
    elif not run.plan.is_empty and options.format == "markdown":
        write_markdown("\n" + lines_markdown(f"Result: {run.plan.environment}", lines, LIMIT // 2))
    elif not run.plan.is_empty:
        write_lines([Line(), *lines], colour=options.colour)
    if report.interrupted and not report.succeeded:
        return ExitCode.INTERRUPTED
    return ExitCode.OK if report.succeeded else ExitCode.ERROR
