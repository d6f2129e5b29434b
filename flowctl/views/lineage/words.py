"""What a picture says of an object, and how much of a lineage a picture can hold."""

from collections.abc import Sequence
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.review.schedules import schedule_words
from flowctl.views.review.verdict import clipped

_LABEL: Final = 60
STATES: Final = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.REPLACE: "replace",
    Action.DELETE: "delete",
    Action.IMPORT: "import",
    Action.FORGET: "stop managing",
}
"""What happens to an object, in words: a picture must be read without colors."""
TOUCHED: Final = "touched"
OUTSIDE: Final = "outside"


def words_of(node: LineageNode) -> Sequence[str]:
    """The lines of a node: its name, its kind, and what happens to it with its schedule if there is either."""
    state = ""
    if node.action is not None:
        state = STATES[node.action]
    elif node.is_touched:
        state = TOUCHED
    elif node.is_outside:
        state = "not in this workspace"
    schedule = schedule_words(node.schedule).partition(" from ")[0].partition(",")[0] if node.schedule else ""
    last = ", ".join(words for words in (state, schedule) if words)
    return [clipped(node.label, _LABEL), KINDS[node.kind].title, *([last] if last else [])]


def state_of(node: LineageNode) -> str:
    """The class of a node: what happens to it, else that it is touched or outside; empty if nothing does."""
    if node.action is not None:
        return str(node.action)
    return TOUCHED if node.is_touched else OUTSIDE if node.is_outside else ""


def within(whole: Lineage, most: int) -> tuple[Lineage, int]:
    """The lineage with at most so many steps, and how many pipelines are left out; changed ones stay longest."""
    if len(whole.edges) <= most:
        return whole, 0
    pipelines = dict.fromkeys(node.pipeline for node in whole.nodes if node.pipeline is not None)
    changed = {node.pipeline for node in whole.nodes if node.action is not None}
    touched = {node.pipeline for node in whole.nodes if node.is_touched}
    ordered = sorted(pipelines, key=lambda name: (name not in changed, name not in touched))
    of = {node.id: node.pipeline for node in whole.nodes}
    steps: dict[str | None, int] = {}
    for begin, end in whole.edges:
        pipeline = of[begin] or of[end]
        steps[pipeline] = steps.get(pipeline, 0) + 1
    room, kept = most - steps.pop(None, 0), set[str]()
    for name in ordered:
        room -= steps.get(name, 0)
        if room < 0:
            break
        kept.add(name)
    ids = {node.id for node in whole.nodes if node.pipeline in kept}
    near = {other for pair in whole.edges if ids.intersection(pair) for other in pair}
    # Behind what is shared is only what is shared.
    near |= {end for begin, end in whole.edges if begin in near and of[end] is None}
    nodes = [node for node in whole.nodes if node.id in ids or (node.id in near and node.pipeline is None)]
    shown = {node.id for node in nodes}
    edges = [(begin, end) for begin, end in whole.edges if begin in shown and end in shown]
    return Lineage(nodes=nodes, edges=edges[:most]), len(pipelines) - len(kept)
