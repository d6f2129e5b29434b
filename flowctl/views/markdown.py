"""Results as Markdown for the comment of a pull request."""

from typing import TYPE_CHECKING

from flowctl.model.result import NoResult, Result, Validation, WrongUsage
from flowctl.views.diagnostics import diagnostic_lines, usage_lines, validation_lines
from flowctl.views.markdown_block import LIMIT, lines_markdown, plan_marker
from flowctl.views.output import Output, RenderOptions
from flowctl.views.visible import visible_lines

if TYPE_CHECKING:
    from flowctl.model.report import AppliedPlan
    from flowctl.model.result import Work


def render(result: Result, options: RenderOptions) -> Output:
    """The result as one comment, or as one of its parts; warnings about a plan are messages, too."""
    match result.data:
        case Validation():
            return _comment(lines_markdown("flowctl validate", validation_lines(result.diagnostics)))
        case NoResult():
            # A comment that shows the plan shows instead why there is none.
            text = lines_markdown("flowctl failed", diagnostic_lines(result.diagnostics))
            environment = options.planned()
            marker = f"{plan_marker(environment)}\n" if environment else ""
            return Output(text=visible_lines(f"{marker}{text}"), messages=diagnostic_lines(result.diagnostics))
        case WrongUsage():
            return Output(messages=usage_lines(result.diagnostics, result.data))
        case data:
            return _of_work(data, result.command, options)


def _of_work(data: "Work", command: str, options: RenderOptions) -> Output:
    """What a validation need not import: it is to start fast."""
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.formatting_report import FormattedFiles
    from flowctl.model.lineage import Lineage
    from flowctl.model.plan import Plan
    from flowctl.model.report import AppliedPlan, HeldLock
    from flowctl.views.listed import listed_lines, titled
    from flowctl.views.plan_markdown import plan_markdown

    match data:
        case Plan():
            text = plan_markdown(data, LIMIT // options.parts)
            return Output(text=visible_lines(text), messages=diagnostic_lines(data.diagnostics))
        case DriftReport():
            from flowctl.views.drift_markdown import drift_markdown

            text = drift_markdown(data, LIMIT // options.parts)
            return Output(text=visible_lines(text), messages=diagnostic_lines(data.problems))
        case AppliedPlan():
            return _comment(_applied(data, whole=options.whole, limit=LIMIT // options.parts))
        case Lineage():
            from flowctl.views.lineage.mermaid import mermaid

            return _comment(f"```mermaid\n{mermaid(data)}```\n")
        case HeldLock():
            return Output(messages=listed_lines(data))
        case FormattedFiles():
            text = lines_markdown(f"flowctl {command}", listed_lines(data))
            return _comment(text)._replace(messages=diagnostic_lines(data.diagnostics))
        case _:
            return _comment(lines_markdown(titled(f"flowctl {command}", data), listed_lines(data)))


def _applied(applied: "AppliedPlan", *, whole: bool, limit: int) -> str:
    """The report below the plan, which was shown before the work began."""
    from flowctl.views.report_text import report_lines

    if applied.report is None or applied.plan.is_empty:
        return ""
    lines = report_lines(applied.report, "Destroy" if applied.plan.destroys else "Apply", whole=whole)
    return "\n" + lines_markdown(f"Result: {applied.plan.environment}", lines, limit)


def _comment(text: str) -> Output:
    return Output(text=visible_lines(text))
