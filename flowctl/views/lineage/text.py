"""A lineage as text: one line for each pipeline, from its connection to its schema."""

from collections.abc import Iterator

from flowctl.kinds.lineage import by_pipeline, stage
from flowctl.kinds.registry import KINDS
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.lineage.words import STATES, TOUCHED
from flowctl.views.lines import Line


def lineage_lines(whole: Lineage) -> Iterator[Line]:
    """The pipelines, and what no pipeline uses."""
    if not whole.nodes:
        yield Line("The manifests describe no resources.")
    shown = set[str]()
    for name, part in by_pipeline(whole).items():
        shown.update(node.id for node in part.nodes)
        yield Line(f"{name}: {chain_words(part)}")
    others = [node for node in whole.nodes if node.id not in shown]
    if others:
        yield Line(f"In no pipeline: {', '.join(map(_words, others))}")


def chain_words(part: Lineage) -> str:
    """The objects of one pipeline, and of what is around it, from stage to stage."""
    return " > ".join(_words(node) for node in sorted(part.nodes, key=stage))


def _words(node: LineageNode) -> str:
    title = KINDS[node.kind].title
    name = title if node.label == node.pipeline else f"{title} {node.label}"
    state = STATES[node.action] if node.action is not None else TOUCHED if node.is_touched else ""
    return f"{name} ({state})" if state else name
