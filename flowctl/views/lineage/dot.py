"""A lineage in the language of Graphviz."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.change import Action
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.lineage.words import OUTSIDE, TOUCHED, state_of, words_of
from flowctl.views.visible import visible

_STYLES: Final = {
    str(Action.CREATE): 'fillcolor="#dafbe1", color="#1a7f37"',
    str(Action.UPDATE): 'fillcolor="#fff8c5", color="#9a6700"',
    str(Action.REPLACE): 'fillcolor="#fbefff", color="#8250df", penwidth=3',
    str(Action.DELETE): 'fillcolor="#ffebe9", color="#cf222e", penwidth=3',
    str(Action.IMPORT): 'fillcolor="#ddf4ff", color="#0969da"',
    str(Action.FORGET): 'style="filled,rounded,dashed"',
    TOUCHED: 'color="#9a6700", style="filled,rounded,dashed"',
    OUTSIDE: 'style="rounded,dotted"',
}


def dot(whole: Lineage) -> str:
    """The text of a directed graph, each pipeline in a cluster of its own."""
    return "".join(f"{line}\n" for line in _lines(whole))


def _lines(whole: Lineage) -> Iterator[str]:
    yield "digraph flowctl {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style="filled,rounded", fillcolor="white", fontname="sans-serif"];'
    parts: dict[str | None, list[LineageNode]] = {}
    for node in whole.nodes:
        parts.setdefault(node.pipeline, []).append(node)
    for number, (pipeline, nodes) in enumerate(parts.items()):
        if pipeline is None:
            yield from (f"  {_node(node)}" for node in nodes)
            continue
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_quoted(pipeline)};"
        yield from (f"    {_node(node)}" for node in nodes)
        yield "  }"
    for begin, end in whole.edges:
        yield f"  {_quoted(begin)} -> {_quoted(end)};"
    yield "}"


def _node(node: LineageNode) -> str:
    # Graphviz reads a backslash and `n` as the end of a line; every other backslash is doubled.
    label = "\\n".join(_escaped(words) for words in words_of(node))
    style = _STYLES.get(state_of(node), "")
    return f'{_quoted(node.id)} [label="{label}"{f", {style}" if style else ""}];'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')
