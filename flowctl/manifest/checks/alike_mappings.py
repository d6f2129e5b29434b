"""Mappings like ones that were checked before: what was found good once is not checked again under other column names.

Pipelines of a workspace write the same few fields from columns of different names, and what is wrong with mappings does
not depend on these names: only on whether a column is declared, and whether it is surely text. Any mapping that is more
than a column or an expression is checked by itself.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final

from flowctl.manifest.checks.columns import declared_columns
from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.checks.flow_functions import calls_for_other_flows
from flowctl.manifest.checks.target_schema import field_of, schema_of
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import Check
from flowctl.manifest.index import Index
from flowctl.manifest.target_schema import TargetSchema, dataset_tags
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON

_IDENTITIES: Final = "identityMap"
_ODD: Final = "-"
"""What in the name of a column lets an expression be read in two ways."""


def once_for_alike_mappings(checks: Sequence[Check]) -> Check:
    """Checks of mappings as one, which looks only once at mappings that are alike."""

    def check(document: Document, index: Index) -> Iterator[Diagnostic]:
        alike = _alike(document, index)
        if alike is not None and index.is_good(alike):
            return
        found = [problem for each in checks for problem in each(document, index)]
        if alike is not None and not found and _is_good_in_itself(document, schema_of(document, index)):
            index.keep_good(alike)
        yield from found

    return check


def _alike(document: Document, index: Index) -> Hashable | None:
    """What is equal for mappings of which the checks say the same; None for those that are checked by themselves."""
    entries = document.content.get("mappings")
    if not isinstance(entries, list):
        return None
    declared = declared_columns(document)
    if declared and _ODD in "".join(declared):
        return None
    rows = _rows(entries, declared)
    if rows is None:
        return None
    schema, tags = schema_of(document, index), dataset_tags(document, index.documents)
    known = schema and (schema.fields, schema.class_, schema.unknown, schema.has_tenant, schema.primary)
    return (known, flow_spec_of(document, index), repr(tags) if tags else "", *rows)


def _rows(entries: Sequence[JSON], declared: Mapping[str, bool]) -> list[Hashable] | None:
    """Where each mapping leads to, and what the checks ask about its column, or the shape of its expression."""
    found: list[Hashable] = []
    for entry in entries:
        if type(entry) is not dict or len(entry) != 2:
            return None
        destination, source = entry.get("destination"), entry.get("source")
        if type(destination) is not str or not destination.strip():
            return None
        if type(source) is str:
            if not source.isidentifier() or (declared and source not in declared):
                return None
            found.append(declared.get(source))
        else:
            shape = _shape(entry.get("expression"), destination, declared)
            if shape is None:
                return None
            found.append(shape)
        found.append(destination)
    return found


def _shape(expression: JSON, destination: str, declared: Mapping[str, bool]) -> str | None:
    """The shape of an expression that reads declared columns, if any are declared; None for any other."""
    if type(expression) is not str or _ODD in expression or not expression.strip():
        return None
    if destination.startswith(_IDENTITIES) or calls_for_other_flows(expression):
        return None
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.shapes import may_read_more, shape

    return None if declared and may_read_more(expression, declared) else shape(expression)


def _is_good_in_itself(document: Document, schema: TargetSchema | None) -> bool:
    """Whether the shape of each expression is as good as the expression, so that every other of this shape is."""
    for entry in document.content["mappings"]:
        if "expression" in entry and not _is_good_shape(entry["expression"], entry["destination"], schema):
            return False
    return True


def _is_good_shape(expression: str, destination: str, schema: TargetSchema | None) -> bool:
    from flowctl.dataprep.advice import advice
    from flowctl.dataprep.shapes import shape
    from flowctl.manifest.checks.mapping_results import results

    common = shape(expression)
    field = field_of(destination, schema.fields) if schema is not None else None
    # The strictest question: whether the field is required only adds a finding.
    return not advice(common) and (field is None or not results(common, destination, field, is_required=True))
