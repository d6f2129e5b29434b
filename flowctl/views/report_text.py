"""An apply report as text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flowctl.model.change import Action
from flowctl.model.report import ApplyReport, StepResult, StepStatus
from flowctl.views.by_kind import MOST_LINES, ended_by_kind
from flowctl.views.diagnostics import diagnostic_lines
from flowctl.views.lines import Line
from flowctl.views.step_words import DID, OTHERWISE

_LABELS = {
    status: (word, "red" if status in (StepStatus.FAILED, StepStatus.UNKNOWN) else "yellow")
    for status, word in OTHERWISE.items()
}
_NOT_TRIED = frozenset({StepStatus.SKIPPED, StepStatus.NOT_STARTED})
_AGAIN = {
    "Apply": "run `flowctl apply` again. Completed steps are not repeated.",
    "Destroy": "run `flowctl destroy` again. Completed steps are not repeated.",
}


def report_lines(report: ApplyReport, what: str = "Apply", *, whole: bool = True) -> Iterator[Line]:
    """The steps that were not done, with the reasons, the sum, and what to do next; `what` names the command.

    Unless `whole`, a long report lists the failed steps and only counts those that were not tried.
    """
    long = not whole and len(report.steps) > MOST_LINES
    for step in report.steps:
        if not long or step.status not in _NOT_TRIED:
            yield from _step_lines(step)
    if long:
        yield from ended_by_kind(report.steps)
    if report.problem is not None:
        yield from diagnostic_lines([report.problem])
    word = f"{what} complete" if report.succeeded else f"{what} {'interrupted' if report.interrupted else 'incomplete'}"
    style = "bold green" if report.succeeded else "bold red"
    yield Line(f"{word}: {', '.join(_counts(report))} in {report.seconds:.1f} s.", style)
    if not report.succeeded:
        yield Line(_next(report, what))


def _counts(report: ApplyReport) -> Iterator[str]:
    """How many steps ended in which way; those that are done by what they did."""
    steps = report.steps
    if report.moved:
        yield f"{report.moved} renamed in the lockfile"
    done = Counter(_did(step) for step in steps if step.status is StepStatus.DONE)
    yield from (f"{done[word]} {word}" for word in dict.fromkeys(DID.values()) if done[word])
    others = Counter(step.status for step in steps)
    yield from (f"{others[status]} {label}" for status, (label, _) in _LABELS.items() if others[status])


def _did(step: StepResult) -> str:
    """The word for a step that is done; a deletion may have found that the object must stay."""
    return DID[Action.FORGET if step.kept and step.action is Action.DELETE else step.action]


def _next(report: ApplyReport, what: str) -> str:
    """What to do after a run that is not complete."""
    unknown = any(step.status is StepStatus.UNKNOWN for step in report.steps)
    if any(step.status is StepStatus.FAILED for step in report.steps) or report.problem is not None:
        begin = "Fix the errors above and "
    else:
        begin = "" if unknown or report.interrupted else "Fix the cause and "
    found = " It first finds out what happened to the steps with an unknown outcome." if unknown else ""
    words = f"{begin}{_AGAIN[what]}{found}"
    return words[:1].upper() + words[1:]


def _step_lines(step: StepResult) -> Iterator[Line]:
    label, style = _LABELS.get(step.status, ("", ""))
    if step.error is not None:
        begin = f"{step.address}: {'outcome unknown: ' if step.status is StepStatus.UNKNOWN else ''}"
        yield from diagnostic_lines([replace(step.error, summary=f"{begin}{step.error.summary}")])
    elif label:
        why = f"{', because' if step.status is StepStatus.SKIPPED else ':'} {step.note}" if step.note else ""
        yield Line(f"  {step.address} ({step.action}): {label}{why}", style)
        return
    if step.note:
        style = "dim" if step.status is StepStatus.DONE else "bold red"
        yield Line(f"  {step.address}: {step.note}", style)
