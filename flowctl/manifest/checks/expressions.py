"""The expressions and source paths of mappings: what the mapping language says about each, at its character."""

from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, entries, rows, text_in
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON

_SHOWN: Final = 80
"""Characters of the longest expression that a message quotes."""


def expressions(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each problem of an expression or of a source path."""
    if all(map(_is_fine, entries(document))):
        return
    for row in rows(document):
        if (expression := row.text("expression")) is not None:
            yield from _expression(row, expression)
        elif (source := row.text("source")) is not None:
            yield from _source(row, source)


def _is_fine(entry: Mapping[str, JSON]) -> bool:
    """Whether nothing is to be said about a mapping: true for nearly all, which then need no place."""
    expression = text_in(entry, "expression")
    if expression is None:
        source = text_in(entry, "source")
        return source is None or source.isidentifier()
    from flowctl.dataprep.advice import advice  # imported here, because most commands read no expression

    return not advice(expression)


def _expression(row: Row, text: str) -> Iterator[Diagnostic]:
    from flowctl.dataprep.advice import advice

    for problem in advice(text):
        found = " ".join(text[problem.start : problem.end].split())
        whole = " ".join(text.split())
        detail = f"Found {found} in {whole}." if found != whole and len(whole) <= _SHOWN else ""
        yield broken(
            problem.code,
            _summary(problem.message),
            row,
            "expression",
            offset=problem.start or 0,
            detail=detail if problem.end and problem.end > (problem.start or 0) else "",
            near=problem.nearest,
        )


def _source(row: Row, path: str) -> Iterator[Diagnostic]:
    if path.isidentifier():
        return
    from flowctl.dataprep.paths import steps
    from flowctl.dataprep.problem import ExpressionError

    try:
        steps(path)
    except ExpressionError as error:
        yield broken(
            "source-path-syntax",
            _summary(error.problem.message),
            row,
            "source",
            offset=error.problem.start or 0,
            detail="Expected a column, or names with dots and indexes: a.b, a[0].b, a[*].b.",
        )


def _summary(message: str) -> str:
    """A sentence as the summary of a diagnostic: without its full stop and without its capital."""
    text = message.removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text.startswith("A ") else text
