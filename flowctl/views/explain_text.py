"""Explanations as lines: a code, a kind of address, a kind of document, or the list of all."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.explanation import Explainable, ExplainedCode, ExplainedDocument, ExplainedResource
from flowctl.views.columns import rows_lines
from flowctl.views.lines import Line
from flowctl.views.width import Width

_COLORS: Final = {"error": "red", "warning": "yellow"}


def explainable_lines(data: Explainable, width: Width) -> Iterator[Line]:
    """The kinds, then the codes by area, each with its title."""
    yield Line("Kinds of addresses", "bold")
    yield from rows_lines([(f"  {kind}", title) for kind, title in data.resources], width)
    yield Line()
    yield Line("Kinds of documents", "bold")
    yield from map(Line, width.sentence(", ".join(data.documents), 2, 0))
    for area, codes in data.areas:
        yield Line()
        yield Line(f"Codes: {area}", "bold")
        yield from rows_lines([(f"  {code}", title) for code, title in codes], width)


def code_lines(data: ExplainedCode, width: Width) -> Iterator[Line]:
    """What a code means, and what to do."""
    yield Line(f"{data.code}: {data.title} ({' or '.join(data.severities)})", _COLORS[data.severities[0]])
    yield from _paragraph(width, data.meaning)
    yield Line()
    yield Line("What to do", "bold")
    yield from _paragraph(width, data.cure)
    yield from _read(data.pages)


def resource_lines(data: ExplainedResource, width: Width) -> Iterator[Line]:
    """What declares an object of the kind, and how it changes."""
    yield Line(f"{data.kind}: {data.title}", "bold")
    yield from _paragraph(width, data.meaning)
    yield Line()
    facts = {
        "Declared in": ", ".join(data.declared_in) or "no document",
        "Update": "in place" if data.updates else "not possible",
        "Replace": f"if one of these changes: {', '.join(data.replaced_by)}" if data.replaced_by else "",
        "Delete": "yes" if data.deletes else f"not possible: {data.kept_because}",
    }
    yield from rows_lines([(f"  {name}", words) for name, words in facts.items() if words], width)
    yield from _read(data.pages)


def document_lines(data: ExplainedDocument, width: Width) -> Iterator[Line]:
    """What a document of the kind is, its keys and an example."""
    yield Line(f"{data.kind}", "bold")
    yield from _paragraph(width, data.meaning)
    if data.creates:
        yield from _paragraph(width, f"Creates: {', '.join(data.creates)}.")
    yield Line()
    yield Line("Keys (* required)", "bold")
    for key in data.keys:
        yield Line(f"  {key.path}{' *' if key.required else ''}")
        yield from _paragraph(width, key.meaning, "      ")
    if data.example:
        yield Line()
        yield Line("Example", "bold")
        yield from (Line(f"  {line}", is_verbatim=True) for line in data.example.splitlines())
    yield from _read(data.pages)


def _paragraph(width: Width, text: str, indent: str = "  ") -> Iterator[Line]:
    return (Line(f"{indent}{line}") for line in width.prose(text, len(indent)))


def _read(pages: tuple[str, ...]) -> Iterator[Line]:
    yield Line()
    yield from (Line(f"See {page}", "dim", is_verbatim=True) for page in pages)
