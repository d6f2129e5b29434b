"""Results as text for a terminal."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flowctl.model.diagnostic import Diagnostic
from flowctl.model.result import NoResult, Result, Validation, WrongUsage
from flowctl.views.diagnostics import diagnostic_lines, usage_lines, validation_lines
from flowctl.views.fitted import fitted
from flowctl.views.lines import Line
from flowctl.views.output import Output, RenderOptions

if TYPE_CHECKING:
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.report import AppliedPlan
    from flowctl.model.result import Listed, Work


def render(result: Result, options: RenderOptions) -> Output:
    """The result as lines that fit the terminal; warnings about a plan, and why there is no result, are messages."""
    whole = _whole(result, options)
    return Output(
        lines=fitted(whole.lines, options.columns, options.masked),
        messages=fitted(whole.messages, options.message_columns, options.masked),
    )


def _whole(result: Result, options: RenderOptions) -> Output:
    match result.data:
        case Validation():
            wanted = result.diagnostics or not options.quiet
            return Output(lines=validation_lines(result.diagnostics, options.source, options.columns) if wanted else ())
        case NoResult():
            return Output(messages=_problems(result.diagnostics, options))
        case WrongUsage():
            return Output(messages=usage_lines(result.diagnostics, result.data))
        case data:
            return _of_work(data, options)


def _problems(diagnostics: Iterable[Diagnostic], options: RenderOptions) -> Iterator[Line]:
    return diagnostic_lines(diagnostics, options.source, options.message_columns)


def _of_work(data: "Work", options: RenderOptions) -> Output:
    """The text of any other result. Its views are imported one by one, because `validate` and `plan` start fast."""
    from flowctl.model.plan import Plan
    from flowctl.views.width import width_of

    if not isinstance(data, Plan):
        return _of_other_work(data, options)
    from flowctl.views.plan_text import plan_lines

    lines = plan_lines(data, whole=options.whole, width=width_of(options))
    return Output(lines=lines, messages=_problems(data.diagnostics, options))


def _of_other_work(data: "AppliedPlan | DriftReport | Listed", options: RenderOptions) -> Output:
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.formatting_report import FormattedFiles
    from flowctl.model.report import AppliedPlan
    from flowctl.views.listed import listed_lines
    from flowctl.views.width import width_of

    match data:
        case DriftReport():
            from flowctl.views.drift_text import drift_lines

            return Output(lines=drift_lines(data, width_of(options)), messages=_problems(data.problems, options))
        case AppliedPlan():
            return Output(lines=_applied_lines(data, whole=options.whole))
        case FormattedFiles():
            return Output(lines=listed_lines(data), messages=_problems(data.diagnostics, options))
        case _:
            return Output(lines=listed_lines(data, width_of(options)))


def _applied_lines(applied: "AppliedPlan", *, whole: bool) -> Iterator[Line]:
    """The report below the plan, which was shown before the work began."""
    from flowctl.views.report_text import report_lines

    if applied.report is not None and not applied.plan.is_empty:
        yield Line()
        yield from report_lines(applied.report, "Destroy" if applied.plan.destroys else "Apply", whole=whole)
