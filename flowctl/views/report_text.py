"""An apply report as text."""

from collections import Counter
from collections.abc import Iterator

from flowctl.model.report import ApplyReport, StepResult, StepStatus
from flowctl.views.by_kind import MOST_LINES, ended_by_kind
from flowctl.views.diagnostics import diagnostic_lines
from flowctl.views.lines import Line

_LABELS = {
    StepStatus.FAILED: ("failed", "red"),
    StepStatus.UNKNOWN: ("unknown whether it was done", "red"),
    StepStatus.SKIPPED: ("skipped, because something it needs failed", "yellow"),
    StepStatus.NOT_STARTED: ("not started", "yellow"),
}
_NOT_TRIED = frozenset({StepStatus.SKIPPED, StepStatus.NOT_STARTED})


def report_lines(report: ApplyReport, what: str = "Apply", *, whole: bool = True) -> Iterator[Line]:
    """What was not done and why, what a person should know, and the sum; `what` names the command.

    Unless it is wanted whole, a long report names what failed, and only counts what was not tried for that.
    """
    long = not whole and len(report.steps) > MOST_LINES
    for step in report.steps:
        if not long or step.status not in _NOT_TRIED:
            yield from _step_lines(step)
    if long:
        yield from ended_by_kind(report.steps)
    if report.problem is not None:
        yield from diagnostic_lines([report.problem])
    counts = Counter(step.status for step in report.steps)
    parts = [f"{counts[StepStatus.DONE]} done"]
    parts += [f"{counts[status]} {status.replace('_', ' ')}" for status in _LABELS if counts[status]]
    word = f"{what} complete" if report.succeeded else ("Interrupted" if report.interrupted else f"{what} incomplete")
    style = "bold green" if report.succeeded else "bold red"
    yield Line(f"{word}: {', '.join(parts)} in {report.seconds:.1f} s.", style)


def _step_lines(step: StepResult) -> Iterator[Line]:
    if step.status in _LABELS:
        label, style = _LABELS[step.status]
        yield Line(f"  {step.address} ({step.action}): {label}", style)
    if step.error is not None:
        yield Line(f"      {step.error.summary} [{step.error.code}]", "red")
        for text in (step.error.detail, step.error.hint):
            if text:
                yield Line(f"      {text}")
    if step.note:
        style = "dim" if step.status is StepStatus.DONE else "bold red"
        yield Line(f"  {step.address}: {step.note}", style)
