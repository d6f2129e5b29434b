"""Results in the language of Graphviz: only a lineage has a picture."""

from flowctl.model.result import Result
from flowctl.views.lineage.dot import dot
from flowctl.views.lineage.output import drawn
from flowctl.views.output import Output, RenderOptions


def render(result: Result, options: RenderOptions) -> Output:
    """The picture, or why there is none."""
    return drawn(result, options, dot)
