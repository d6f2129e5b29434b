"""A lineage as the members of a JSON document."""

from typing import Any

from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.envelope import envelope


def lineage_document(whole: Lineage) -> dict[str, Any]:
    """The document of a lineage."""
    return envelope(
        nodes=[_node(node) for node in whole.nodes],
        edges=[{"from": begin, "to": end} for begin, end in whole.edges],
        diagnostics=[],
    )


def _node(node: LineageNode) -> dict[str, Any]:
    return {
        "id": node.id,
        "address": None if node.is_outside else node.id,
        "kind": node.kind,
        "name": node.label,
        "pipeline": node.pipeline,
        "action": str(node.action) if node.action is not None else None,
        "touched": node.is_touched,
    }
