"""Where the boxes of a lineage stand: a column for each stage, a row for each pipeline, what is shared between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.lineage import stage
from flowctl.model.lineage import Lineage

WIDTH: Final = 168
HEIGHT: Final = 62
ACROSS: Final = 28
DOWN: Final = 18
MARGIN: Final = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """The left upper corner of each box by the node's ID, and the size of the whole."""

    corners: Mapping[str, tuple[int, int]]
    width: int
    height: int


def layout(whole: Lineage) -> Layout:
    """The places of all boxes; no two of them overlap."""
    rows: dict[str, float] = {}
    pipelines: dict[str, int] = {}
    for node in whole.nodes:
        if node.pipeline is not None:
            rows[node.id] = pipelines.setdefault(node.pipeline, len(pipelines))
    near: dict[str, list[str]] = {}
    for begin, end in whole.edges:
        near.setdefault(begin, []).append(end)
        near.setdefault(end, []).append(begin)
    shared = [node for node in whole.nodes if node.pipeline is None]
    # Several rounds: what is shared may be next to nothing but what is shared.
    for _ in range(len({stage(node) for node in shared}) + 1):
        for node in shared:
            known = [rows[other] for other in near.get(node.id, ()) if other in rows]
            if known:
                rows[node.id] = sum(known) / len(known)
    columns = {number: place for place, number in enumerate(sorted({stage(node) for node in whole.nodes}))}
    corners: dict[str, tuple[int, int]] = {}
    lowest: dict[int, int] = {}
    order = {node.id: number for number, node in enumerate(whole.nodes)}
    for node in sorted(whole.nodes, key=lambda node: (rows.get(node.id, len(pipelines)), order[node.id])):
        column = columns[stage(node)]
        wanted = round(rows.get(node.id, len(pipelines)) * (HEIGHT + DOWN)) + MARGIN
        top = max(wanted, lowest.get(column, MARGIN))
        lowest[column] = top + HEIGHT + DOWN
        corners[node.id] = (MARGIN + column * (WIDTH + ACROSS), top)
    height = max(lowest.values(), default=MARGIN + DOWN) - DOWN + MARGIN
    width = 2 * MARGIN + len(columns) * (WIDTH + ACROSS) - ACROSS
    return Layout(corners=corners, width=max(width, 2 * MARGIN), height=height)
