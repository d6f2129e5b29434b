"""Results as one page of HTML: a plan to be reviewed, or why there is none."""

from collections.abc import Iterable, Iterator

from flowctl.model.diagnostic import Diagnostic
from flowctl.model.plan import Plan
from flowctl.model.result import NoResult, Result, WrongUsage
from flowctl.views.diagnostics import diagnostic_lines, usage_lines
from flowctl.views.markup import escaped
from flowctl.views.output import Output, RenderOptions
from flowctl.views.page.plan import page, plan_page


def render(result: Result, options: RenderOptions) -> Output:
    """The page; warnings about a plan are messages, too."""
    match result.data:
        case Plan():
            return Output(text=plan_page(result.data), messages=diagnostic_lines(result.diagnostics, options.source))
        case WrongUsage():
            return Output(messages=usage_lines(result.diagnostics, result.data))
        case NoResult():
            # A page that shows the plan shows instead why there is none.
            text = page("flowctl failed", _failure(result.diagnostics))
            return Output(text=text, messages=diagnostic_lines(result.diagnostics, options.source))
        case _:
            raise AssertionError(f"a result of {result.command} is not a plan")


def _failure(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    yield '<h1>flowctl failed</h1><div class="answer danger">'
    yield from (f"<p>{escaped(line.text)}</p>" for line in diagnostic_lines(diagnostics))
    yield "</div>"
