"""A lineage as one text for standard output, and why there is none as messages."""

from collections.abc import Callable

from flowctl.model.lineage import Lineage
from flowctl.model.result import NoResult, Result, WrongUsage
from flowctl.views.diagnostics import diagnostic_lines, usage_lines
from flowctl.views.output import Output, RenderOptions


def drawn(result: Result, options: RenderOptions, draw: Callable[[Lineage], str]) -> Output:
    """The picture of a result."""
    match result.data:
        case Lineage():
            return Output(text=draw(result.data))
        case WrongUsage():
            return Output(messages=usage_lines(result.diagnostics, result.data))
        case NoResult():
            return Output(messages=diagnostic_lines(result.diagnostics, options.source))
        case _:
            raise AssertionError(f"a result of {result.command} is not a lineage")
