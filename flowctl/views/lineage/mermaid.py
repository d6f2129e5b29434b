"""A lineage in the language of Mermaid, which code hosts draw in comments and pages."""

import re
from collections.abc import Iterator
from typing import Final

from flowctl.model.change import Action
from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.lineage.words import OUTSIDE, TOUCHED, state_of, within, words_of
from flowctl.views.visible import visible

_MOST: Final = 400
"""Steps that are drawn; Mermaid refuses more than 500."""
_LENGTH: Final = 45_000
"""Characters of the text; Mermaid refuses more than 50,000."""
_PLAIN: Final = re.compile(r"[^\w ./,:()+-]")
_CLASSES: Final = {
    str(Action.CREATE): "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    str(Action.UPDATE): "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    str(Action.REPLACE): "fill:#fbefff,stroke:#8250df,color:#1f2328,stroke-width:3px",
    str(Action.DELETE): "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-width:3px",
    str(Action.IMPORT): "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    str(Action.FORGET): "fill:#f6f8fa,stroke:#59636e,color:#1f2328,stroke-dasharray:4",
    TOUCHED: "stroke:#9a6700,stroke-dasharray:4",
    OUTSIDE: "stroke-dasharray:2",
}


def mermaid(whole: Lineage) -> str:
    """The text of a flow chart; what does not fit is left out by pipeline, and counted in a node of its own."""
    most = _MOST
    while True:
        text = "".join(f"{line}\n" for line in _lines(*within(whole, most)))
        if len(text) <= _LENGTH or not most:
            return text
        most = most * 3 // 4


def _lines(shown: Lineage, left_out: int) -> Iterator[str]:
    yield "flowchart LR"
    names = {node.id: f"n{number}" for number, node in enumerate(shown.nodes)}
    used = set[str]()
    for node in shown.nodes:
        state = state_of(node)
        used.add(state)
        yield f'  {names[node.id]}["{_label(node)}"]{f":::{state}" if state else ""}'
    if left_out:
        yield f'  more["{left_out} more pipelines are left out"]'
    for begin, end in shown.edges:
        yield f"  {names[begin]} --> {names[end]}"
    for state, style in _CLASSES.items():
        if state in used:
            yield f"  classDef {state} {style}"


def _label(node: LineageNode) -> str:
    return "<br>".join(_escaped(words) for words in words_of(node))


def _escaped(text: str) -> str:
    """The text with each sign that may mean something to Mermaid, Markdown or HTML as its number."""
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", visible(text))
