"""A new manifest, as lines and as a JSON document."""

from collections.abc import Iterator
from typing import Any

from flowctl.model.drafted import DraftedPipeline
from flowctl.views.columns import Column, table_lines
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line

_COLUMNS = (Column("COLUMN"), Column("FIELD"), Column("WRITTEN"))


def drafted_lines(data: DraftedPipeline) -> Iterator[Line]:
    """The file, each column with its field, and the commands with which to go on."""
    yield Line(f"Wrote {data.file}:", "bold")
    rows = [
        *(((column, field, "yes"), "") for column, field in data.sure),
        *(((column, field, f"as a comment: {why}"), "yellow") for column, field, why in data.likely),
        *(((column, "", "as a comment: no field has its name"), "dim") for column in data.unmatched),
    ]
    yield from table_lines(_COLUMNS, rows)
    yield Line()
    yield Line("Next:", "bold")
    yield Line("  flowctl validate")
    yield Line(f"  flowctl preview {data.name}")
    yield Line(f"  flowctl plan --target {data.name}")
    yield Line(f"  flowctl apply --target {data.name}")


def drafted_document(data: DraftedPipeline) -> dict[str, Any]:
    """The document of `new pipeline`."""
    return envelope(
        name=data.name,
        file=data.file,
        mappings=[{"source": column, "destination": field} for column, field in data.sure],
        likely=[{"source": column, "destination": field, "why": why} for column, field, why in data.likely],
        unmatched=list(data.unmatched),
    )
