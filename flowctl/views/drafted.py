"""A new manifest, as lines and as a JSON document."""

from collections.abc import Iterator
from typing import Any

from flowctl.model.drafted import DraftedFieldGroup, DraftedPipeline
from flowctl.views.columns import Column, table_lines
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line
from flowctl.views.visible import visible
from flowctl.views.width import Width, cut

_COLUMNS = (Column("COLUMN"), Column("FIELD"), Column("WRITTEN", wraps=True))
_WIDEST = 60
_FIELDS = (Column("COLUMN"), Column("FIELD"), Column("TYPE"), Column("CHECK", wraps=True))


def drafted_lines(data: DraftedPipeline, width: Width) -> Iterator[Line]:
    """The file, each column with its field, and the next commands."""
    yield Line(f"Wrote {data.file}:", "bold")
    rows = [
        *(((column, field, "yes"), "") for column, field in data.sure),
        *(((column, field, f"as a comment: {why}"), "yellow") for column, field, why in data.likely),
        *(((column, "", "as a comment: no field has its name"), "dim") for column in data.unmatched),
    ]
    yield from table_lines(_COLUMNS, rows, width)
    yield Line()
    yield Line("Next:", "bold")
    yield Line("  flowctl validate")
    for command in ("preview", "plan --target", "apply --target"):
        yield Line(f"  flowctl {command} {data.name}", is_verbatim=True)


def drafted_document(data: DraftedPipeline) -> dict[str, Any]:
    """The document of `new pipeline`."""
    return envelope(
        name=data.name,
        file=data.file,
        mappings=[{"source": column, "destination": field} for column, field in data.sure],
        likely=[{"source": column, "destination": field, "why": why} for column, field, why in data.likely],
        unmatched=list(data.unmatched),
    )


def field_group_lines(data: DraftedFieldGroup, width: Width) -> Iterator[Line]:
    """The file, how the sample was read, each field with what to check, and the next commands."""
    yield Line(f"Wrote {data.file}:", "bold")
    yield from map(Line, data.notes)
    rows = [((each.source, each.path, each.type, each.note), "yellow" if each.note else "") for each in data.fields]
    yield from table_lines(_FIELDS, rows, width)
    if data.skipped:
        yield Line()
        yield Line("Left out:", "bold")
        yield from (
            Line(f"  {cut(visible(source), _WIDEST)}: {reason}" if source else f"  {reason}", "dim")
            for source, reason in data.skipped
        )
    yield Line()
    yield Line("Next:", "bold")
    yield Line("  flowctl validate")
    for name in dict.fromkeys(each.group for each in data.fields):
        yield Line(f"  flowctl plan --target {name}", is_verbatim=True)


def field_group_document(data: DraftedFieldGroup) -> dict[str, Any]:
    """The document of `new fieldgroup`."""
    return envelope(
        name=data.name,
        file=data.file,
        rows=data.rows,
        fields=[
            {"fieldGroup": each.group, "source": each.source, "path": each.path, "type": each.type, "note": each.note}
            for each in data.fields
        ],
        skipped=[{"source": source, "reason": reason} for source, reason in data.skipped],
        notes=list(data.notes),
    )
