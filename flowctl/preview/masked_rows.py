"""Mapped rows with the form of each value in place of the value."""

from dataclasses import replace

from flowctl.masking.value_forms import masked_row
from flowctl.model.codes import described
from flowctl.model.mapping_report import MappedRow, RowProblem


def without_values(row: MappedRow) -> MappedRow:
    """The row and its record with the form of each value; its problems name no value."""
    return replace(
        row,
        source=masked_row(row.source),
        record=masked_row(row.record),
        errors=tuple(map(_titled, row.errors)),
    )


def _titled(problem: RowProblem) -> RowProblem:
    """A problem with the title of its code, because the messages of expressions quote values."""
    known = described(problem.code)
    return replace(problem, message=f"{known.title}." if known is not None else "")
