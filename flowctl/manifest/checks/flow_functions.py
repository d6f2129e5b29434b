"""Functions that need another kind of dataflow than the one they are used in, and arrays in a dataflow of upserts."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.checks.target_schema import field_of, schema_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.manifest.target_schema import dataset_tags
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code

_UPSERTS: Final = ("upsert_array_append", "upsert_array_replace")
_DESTINATIONS: Final = ("array_to_string", "filterArray", "flattenArray", "transformArray")
_ANALYTICS: Final = "aa_"
_SIGN: Final = late_pattern("upsert_array_|array_to_string|filterArray|flattenArray|transformArray|aa_")
"""A part of an expression without which it calls none of these functions."""
_IS_UPSERT: Final = "isUpsert:true"


def flow_functions(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each function that does nothing in this dataflow, and each array that an upsert needs a function for."""
    found = rows(document)
    for row in found:
        text = row.expression
        if text is not None and calls_for_other_flows(text):
            yield from _misplaced(row, text, document, index)
    if _is_upsert(document, index):
        yield from _bare_arrays(found, document, index)


def calls_for_other_flows(expression: str) -> bool:
    """Whether an expression may call a function that only some dataflows have."""
    return _SIGN.search(expression) is not None


def _misplaced(row: Row, text: str, document: Document, index: Index) -> Iterator[Diagnostic]:
    from flowctl.dataprep.reading import calls_of

    for call in calls_of(text):
        name = call.name
        if name in _UPSERTS and _is_batch(document, index):
            summary = f"{code(name)} has no effect in a batch dataflow"
            detail = "It returns its argument unchanged: a batch dataflow inserts whole records."
            yield broken("upsert-outside-streaming", summary, row, "expression", offset=call.start, detail=detail)
        elif name in _DESTINATIONS or name.startswith(_ANALYTICS):
            where = "destinations" if name in _DESTINATIONS else "dataflows of Adobe Analytics and Web SDK"
            summary = f"{code(name)} is documented for {where} only"
            yield broken("flow-kind-function", summary, row, "expression", offset=call.start)


def _is_batch(document: Document, index: Index) -> bool:
    """Whether the dataflow surely runs by a schedule."""
    spec = flow_spec_of(document, index)
    return spec is not None and spec.schedule_schema is not None


def _is_upsert(document: Document, index: Index) -> bool:
    """Whether records stream into a dataset that is enabled for upserts."""
    tags = dataset_tags(document, index.documents).get("unifiedProfile")
    if not isinstance(tags, list) or not any(str(tag).replace(" ", "") == _IS_UPSERT for tag in tags):
        return False
    spec = flow_spec_of(document, index)
    return spec is not None and spec.schedule_schema is None


def _bare_arrays(found: Sequence[Row], document: Document, index: Index) -> Iterator[Diagnostic]:
    schema = schema_of(document, index)
    if schema is None:
        return
    for row in found:
        path, text = row.destination, row.expression or ""
        field = field_of(path, schema.fields) if path is not None else None
        if field is not None and field.type == "array" and not text.lstrip().startswith(_UPSERTS):
            summary = f"{code(str(path))} is an array, and nothing says if an upsert appends or replaces its elements"
            yield broken("upsert-array-missing", summary, row, "destination")
