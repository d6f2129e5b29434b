"""A Pipeline's `incremental`: the column by which a table source tells new rows from old ones."""

from collections.abc import Iterator

from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.specs.flow_specs import FlowSpec
from flowctl.specs.validate import transformation_problems
from flowctl.text.positions import ValuePath
from flowctl.validation.check import accepted
from flowctl.validation.wording import code

_COLUMN = {"name": "column"}


def incremental(document: Document, index: Index, spec: FlowSpec) -> Iterator[Diagnostic]:
    """What the Copy transformation of the flow spec does not accept, and a missing one."""
    declared = document.at("incremental")
    if isinstance(declared, dict):
        yield from _declared(document, index, spec, declared)
    elif declared is None and "Copy" in spec.transformation_schemas:
        yield from _missing(document)


def _declared(document: Document, index: Index, spec: FlowSpec, declared: dict[str, object]) -> Iterator[Diagnostic]:
    if "Copy" not in spec.transformation_schemas:
        yield document.error(
            "incremental-not-supported",
            f"flow spec {code(spec.name)} does not support incremental loading",
            "incremental",
            detail="It has no Copy transformation: only connectors that read tables support incremental loading.",
            hint="Remove `incremental`.",
            at_key=True,
        )
        return
    column = {"name" if key == "column" else key: value for key, value in declared.items()}
    params = {"deltaColumn": column}
    if not accepted(spec.transformation_schemas["Copy"], params):
        problems = transformation_problems(spec, [{"name": "Copy", "params": params}])
        yield from told(document, index, ("incremental",), problems, "invalid-incremental", place=_in_column)


def _missing(document: Document) -> Iterator[Diagnostic]:
    """A warning: Adobe's error table has a rejection of such a dataflow, Adobe's tutorials create one."""
    frequency = document.at("schedule", "frequency")
    if isinstance(frequency, str) and frequency != "once":
        yield document.error(
            "missing-incremental",
            "this recurring dataflow has no delta column",
            "schedule",
            "frequency",
            detail="Each run may read the whole table again, and Experience Platform may reject the dataflow.",
            hint="Add `incremental: {column: ...}` with the column that tells new rows from old ones.",
            severity=Severity.WARNING,
        )


def _in_column(path: ValuePath) -> ValuePath:
    """`(0, params, deltaColumn, name)` of the transformations is `column` of `incremental`."""
    return tuple(_COLUMN.get(str(step), step) for step in path[3:])
