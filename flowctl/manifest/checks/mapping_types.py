"""The types of mappings: what an expression or a constant surely gives, against the field that it goes to."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.columns import declared_columns
from flowctl.manifest.checks.mapping_constants import OBJECTS, SCALARS, constant, with_article
from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.checks.target_schema import field_of, required_of, schema_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic

if TYPE_CHECKING:
    from flowctl.dataprep.tree import Node
    from flowctl.xdm.fields import Field

_NUMBERS: Final = frozenset({"integer", "number"})
_DATES: Final = frozenset({"date", "date-time"})
_FORMATTED: Final = frozenset({"dformat", "format"})
"""Functions whose text has the pattern that they are given."""


def mapping_types(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each value that surely does not fit its field, or only by a conversion that no document describes."""
    found = rows(document)
    schema = schema_of(document, index) if found else None
    if schema is None:
        return
    texts = {name for name, is_text in declared_columns(document).items() if is_text}
    required = required_of(schema.fields)
    for row in found:
        path = row.text("destination")
        is_plain = "source" in row.entry
        if path is None or (is_plain and row.entry["source"] not in texts):
            continue
        field = field_of(path, schema.fields)
        if field is None:
            continue
        if is_plain:
            yield from _text(row, "source", path, field, 0)
        elif "value" in row.entry:
            if not isinstance(row.entry["value"], dict | list) and row.entry["value"] is not None:
                yield from constant(row, "value", path, field, row.entry["value"], 0)
        else:
            yield from _expression(row, path, field, is_required=path in required)


def _expression(row: Row, path: str, field: "Field", *, is_required: bool) -> Iterator[Diagnostic]:
    text = row.text("expression")
    if text is None:
        return
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.results import results_of
    from flowctl.dataprep.shapes import shape

    # Most expressions are right, and many have one shape: only for the others their own places are looked for.
    if any(_results(row, path, field, results_of(shape(text)), is_required=is_required)):
        yield from _results(row, path, field, results_of(text), is_required=is_required)


def _results(
    row: Row, path: str, field: "Field", results: "Sequence[tuple[Node, str | None]]", *, is_required: bool
) -> Iterator[Diagnostic]:
    from flowctl.dataprep.tree import Literal

    for part, given in results:
        if _is_null(part):
            if is_required:
                summary = f"the expression may give null, and the schema requires {path}"
                yield broken("required-may-be-null", summary, row, "expression", offset=part.start)
        elif isinstance(part, Literal):
            yield from constant(row, "expression", path, field, part.value, part.start)
        elif given is not None:
            yield from _type(row, path, field, given, part.start)
            if given == "string" and getattr(part, "name", "") not in _FORMATTED:
                yield from _text(row, "expression", path, field, part.start)


def _is_null(part: "Node") -> bool:
    from flowctl.dataprep.tree import Call, Literal

    return (isinstance(part, Literal) and part.value is None) or (isinstance(part, Call) and part.name == "nullify")


def _text(row: Row, key: str, path: str, field: "Field", offset: int) -> Iterator[Diagnostic]:
    """A string for a number or for a date, which Experience Platform converts in its own way."""
    given = f"the {'column' if key == 'source' else 'expression'} gives a string"
    if field.type in _NUMBERS:
        summary = f"{given}, and {path} is {with_article(field.type)}"
        yield broken("text-into-number", summary, row, key, offset=offset)
    elif field.type == "string" and field.format in _DATES:
        summary = f"{given}, and {path} is {with_article(str(field.format))}"
        yield broken("text-into-date", summary, row, key, offset=offset)


def _type(row: Row, path: str, field: "Field", given: str, offset: int) -> Iterator[Diagnostic]:
    """What is known of a value is its type."""
    type_ = field.type
    if given in OBJECTS and type_ in SCALARS:
        summary = f"the expression gives an object, and {path} is {with_article(type_)}"
        yield broken("object-into-scalar", summary, row, "expression", offset=offset)
    elif given == "array" and type_ in SCALARS and "[*]" not in path:
        summary = f"the expression gives an array, and {path} is {with_article(type_)}"
        yield broken("array-into-scalar", summary, row, "expression", offset=offset)
    elif given in {"string", "integer", "decimal", "boolean", "date"} and type_ in OBJECTS:
        summary = f"the expression gives {with_article(given)}, and {path} is an object"
        yield broken("scalar-into-object", summary, row, "expression", offset=offset)
