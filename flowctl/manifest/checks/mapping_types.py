"""The types of mappings: what a column, an expression or a constant surely has, against its field."""

from collections.abc import Iterator

from flowctl.manifest.checks.columns import declared_columns
from flowctl.manifest.checks.mapping_constants import constant
from flowctl.manifest.checks.mapping_results import results, string
from flowctl.manifest.checks.target_schema import field_of, required_of, schema_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import rows
from flowctl.model.diagnostic import Diagnostic


def mapping_types(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each value that surely does not fit its field, or only by a conversion that no document describes."""
    found = rows(document)
    schema = schema_of(document, index) if found else None
    if schema is None:
        return
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.shapes import shape

    texts = {name for name, is_text in declared_columns(document).items() if is_text}
    required = required_of(schema.fields)
    for row in found:
        path, text, value = row.destination, row.expression, row.entry.get("value")
        field = field_of(path, schema.fields) if path is not None else None
        if path is None or field is None:
            continue
        if text is not None:
            # Most expressions are right, and many have one shape: only in the others their own places are looked for.
            is_required = path in required
            if results(shape(text), path, field, is_required=is_required):
                yield from (each.of(row, "expression") for each in results(text, path, field, is_required=is_required))
        elif row.source in texts:
            yield from (each.of(row, "source") for each in string("column", path, field, 0))
        elif value is not None and not isinstance(value, dict | list):
            yield from (each.of(row, "value") for each in constant(path, field, value, 0))
