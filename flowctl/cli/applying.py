"""What apply and destroy share: show the plan, ask, run it, report."""

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType

from flowctl.cli.asking import ask
from flowctl.cli.commands.plan import write_plan
from flowctl.cli.main import ERROR, INTERRUPTED, OK
from flowctl.cli.options import Options
from flowctl.cli.run import write_warnings
from flowctl.model.diagnostic import has_errors
from flowctl.model.report import ApplyReport
from flowctl.operations.apply import apply_plan, planned_steps
from flowctl.operations.plan import PlannedRun
from flowctl.operations.session import Session
from flowctl.systems import stop_signals
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
        return ERROR
    if not run.plan.is_empty:
        verb, command = ("Delete all this in", "plan --destroy") if run.plan.destroys else ("Apply this to", "plan")
        ask(f"{verb} environment {run.plan.environment}?", approved=approved, instead=_INSTEAD.format(command))
    # An apply may take long: what it leaves behind is collected again, what is there already is not looked at.
    gc.freeze()
    gc.enable()
    with _stopping(session.stop):
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
        return INTERRUPTED
    return OK if report.succeeded else ERROR


@contextmanager
def _stopping(stop: Event) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM sets the event; a second signal of either kind ends the process at once."""

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()
        # Not through sys.stderr: the signal may have come in the middle of a write to it.
        with suppress(OSError):
            os.write(2, b"stopping: what is under way ends and is recorded; once more to leave at once\n")

    before = {number: signal.signal(number, ask_to_stop) for number in stop_signals()}
    try:
        yield
    finally:
        for number, disposition in before.items():
            signal.signal(number, disposition)
