"""The expressions and source paths of mappings: what the mapping language says about each, at its character."""

from collections.abc import Iterator
from typing import Final

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code

_SHOWN: Final = 80
"""Characters of the longest expression that a message quotes."""


def expressions(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each problem of an expression or of a source path."""
    for row in rows(document):
        if row.expression is not None:
            yield from _expression(row, str(row.entry["expression"]))
        elif row.source is not None:
            yield from _source(row, str(row.entry["source"]))


def _expression(row: Row, text: str) -> Iterator[Diagnostic]:
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.advice import advice

    for problem in advice(text):
        yield broken(
            problem.code,
            _summary(problem.message),
            row,
            "expression",
            offset=problem.start or 0,
            detail=_expression_of(row, text),
            near=problem.nearest,
        )


def _expression_of(row: Row, text: str) -> str:
    """The expression in words, for a row of a file, whose line is not shown."""
    whole = " ".join(text.split())
    return f"The expression is {code(whole)}." if row.line is not None and len(whole) <= _SHOWN else ""


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
            detail="Expected a column, or names with dots and indexes: `a.b`, `a[0].b`, `a[*].b`.",
        )


def _summary(message: str) -> str:
    """A sentence as the summary of a diagnostic: without its full stop and without its capital."""
    text = message.removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text.startswith("A ") else text
