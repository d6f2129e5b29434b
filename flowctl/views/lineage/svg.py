"""A lineage as SVG: a text of its own, without anything from elsewhere, that follows the colors of its reader."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.lineage import Lineage, LineageNode
from flowctl.views.lineage.layout import HEIGHT, WIDTH, Layout, layout
from flowctl.views.lineage.words import state_of, words_of
from flowctl.views.markup import escaped
from flowctl.views.review.verdict import clipped

_LETTERS: Final = 23
"""Letters that fit into a box."""
_FIRST_LINE, _LINE, _INDENT = 21, 15, 10
_LIGHT: Final = """\
--ink:#1f2328;--dim:#59636e;--box:#fff;--line:#818b98;--create:#1a7f37;--create-box:#dafbe1;--update:#9a6700;\
--update-box:#fff8c5;--replace:#8250df;--replace-box:#fbefff;--delete:#cf222e;--delete-box:#ffebe9;--import:#0969da;\
--import-box:#ddf4ff"""
_DARK: Final = """\
--ink:#f0f6fc;--dim:#9198a1;--box:#151b23;--line:#6e7681;--create:#3fb950;--create-box:#12261e;--update:#d29922;\
--update-box:#272115;--replace:#ab7df8;--replace-box:#241c36;--delete:#f85149;--delete-box:#25171c;--import:#4493f8;\
--import-box:#121d2f"""
COLORS: Final = f"""\
:root{{{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
@media print{{:root{{{_LIGHT}}}}}
"""
"""The colors of states, light and dark; on paper they are light."""
_STATES: Final = ("create", "update", "replace", "delete", "import")
STYLE: Final = """\
.lineage text{font:12px system-ui,sans-serif;fill:var(--dim)}
.lineage .name{font-weight:600;fill:var(--ink)}
.lineage rect{fill:var(--box);stroke:var(--line)}
.lineage path{fill:none;stroke:var(--line);stroke-width:1.5}
.lineage .touched rect{stroke:var(--update);stroke-dasharray:5 3}
.lineage .forget rect,.lineage .outside rect{stroke-dasharray:2 3}
.lineage .replace rect,.lineage .delete rect{stroke-width:2.5}
""" + "".join(
    f".lineage .{state} rect{{fill:var(--{state}-box);stroke:var(--{state})}}\n"
    f".lineage .{state} .what{{fill:var(--{state})}}\n"
    for state in _STATES
)
"""How a lineage looks; its colors are those of COLORS."""


def svg(whole: Lineage, title: str, *, with_style: bool = True) -> str:
    """The picture; `title` is what a screen reader says of it. A page that has the style already leaves it out."""
    return "".join(f"{line}\n" for line in _lines(whole, title, with_style=with_style))


def _lines(whole: Lineage, title: str, *, with_style: bool) -> Iterator[str]:
    placed = layout(whole)
    size = f'viewBox="0 0 {placed.width} {placed.height}" width="{placed.width}" height="{placed.height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="lineage" role="img" {size}>'
    yield f"<title>{escaped(title)}</title>"
    if with_style:
        yield f"<style>\n{COLORS}{STYLE}</style>"
    for begin, end in whole.edges:
        yield _step(placed, begin, end)
    for node in whole.nodes:
        yield from _box(placed, node)
    yield "</svg>"


def _step(placed: Layout, begin: str, end: str) -> str:
    (left, top), (right, bottom) = placed.corners[begin], placed.corners[end]
    x1, y1, x2, y2 = left + WIDTH, top + HEIGHT // 2, right, bottom + HEIGHT // 2
    middle = (x1 + x2) // 2
    arrow = f"M{x2 - 6} {y2 - 4}L{x2} {y2}L{x2 - 6} {y2 + 4}"
    return f'<path d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}{arrow}"/>'


def _box(placed: Layout, node: LineageNode) -> Iterator[str]:
    x, y = placed.corners[node.id]
    words = words_of(node)
    about = f"{node.id}: {', '.join(words[1:])}"
    yield f'<g class="{state_of(node)}"><title>{escaped(about)}</title>'
    yield f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
    for number, (text, kind) in enumerate(zip(words, ("name", "kind", "what"), strict=False)):
        at = f'x="{x + _INDENT}" y="{y + _FIRST_LINE + number * _LINE}"'
        yield f'<text class="{kind}" {at}>{escaped(clipped(text, _LETTERS))}</text>'
    yield "</g>"
