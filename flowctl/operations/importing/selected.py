"""`--select` and `--exclude` of an import: live flows, by the name that they have or get and by what describes them."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from flowctl.manifest.document import Document
from flowctl.model.errors import ManifestError
from flowctl.model.selection import Selection
from flowctl.operations.importing.names import slug
from flowctl.operations.importing.sandbox import Part
from flowctl.operations.selectors import Expressions, unknown_selection
from flowctl.validation.wording import nearest

_KIND = "Pipeline"


def selected_flows(
    flows: Sequence[Part], selection: Selection, documents: Sequence[Document], *, root: Path, environment: str
) -> list[Part]:
    """The flows that a selection leaves.

    A name or glob stands for the Pipeline document of the flow's title, or for the name that an import would make of
    it. A label, a path and a Git reference stand for the flows that the Pipeline documents there describe. Raises
    ManifestError for an expression that is wrong or fits nothing.
    """
    pipelines = {str(each.at("metadata", "title") or each.name): each.name for each in documents if each.kind == _KIND}
    names = {flow.use: pipelines.get(flow.title) or slug(flow.title, _KIND.lower()) for flow in flows}
    space = Expressions(root, environment, documents, frozenset)

    def fitting(expression: str, option: str) -> set[str]:
        if ":" in expression:
            return {name for kind, name in space.found(expression, option).documents if kind == _KIND}
        found = {name for name in (*names.values(), *pipelines.values()) if fnmatchcase(name, expression)}
        if not found:
            near = nearest(expression, {*names.values(), *pipelines.values()})
            raise ManifestError([unknown_selection(expression, option, near)])
        return found

    wanted = [fitting(each, "--select") for each in selection.select]
    unwanted = [fitting(each, "--exclude") for each in selection.exclude]
    kept = set().union(*wanted) if wanted else {*names.values()}
    kept -= set().union(*unwanted)
    return [flow for flow in flows if names[flow.use] in kept]
