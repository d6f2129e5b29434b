"""What a source holds, as lines and as JSON documents."""

import json
from collections.abc import Iterator
from typing import Any

from flowctl.model.exploration import ListedSource, ShownTable
from flowctl.views.columns import Column, rows_lines, table_lines
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line
from flowctl.views.masked_note import MASKED
from flowctl.views.started import argument
from flowctl.views.width import Width


def listed_source_lines(data: ListedSource, width: Width) -> Iterator[Line]:
    """Folders first, then tables and files, each by its path."""
    if not data.entries:
        yield Line(f"{data.connection} has nothing {f'in {data.path}' if data.path else 'to read'}.")
        return
    ordered = sorted(data.entries, key=lambda entry: (entry.type != "folder", entry.path))
    yield from rows_lines([(entry.type, entry.path) for entry in ordered], width)


def shown_table_lines(data: ShownTable, width: Width) -> Iterator[Line]:
    """The columns with their types, the first rows, and the command that reads them."""
    columns = data.table.columns
    if not columns:
        yield Line(f"{data.path} has no columns.")
        return
    types = [((each.name, each.type), "") for each in columns]
    yield from table_lines((Column("COLUMN"), Column("TYPE")), types, width)
    rows = data.table.rows
    if rows:
        yield Line()
        shown = [tuple(_text(_member(row, each.name)) for each in columns) for row in rows]
        yield from table_lines([Column(each.name) for each in columns], [(row, "") for row in shown], width)
    if rows and not data.shows_values:
        yield Line()
        yield MASKED
    option = "--path" if data.param == "path" else "--table"
    yield Line()
    yield Line("Next:", "bold")
    command = f"flowctl new pipeline --connection {data.connection} {option} {argument(data.path)}"
    yield Line(f"  {command}", is_verbatim=True)


def listed_source_document(data: ListedSource) -> dict[str, Any]:
    """The document of `explore CONNECTION`."""
    return envelope(
        connection=data.connection,
        path=data.path,
        entries=[{"type": entry.type, "name": entry.name, "path": entry.path} for entry in data.entries],
    )


def shown_table_document(data: ShownTable) -> dict[str, Any]:
    """The document of `explore CONNECTION PATH` for a table or file."""
    return envelope(
        connection=data.connection,
        path=data.path,
        columns=[{"name": each.name, "type": each.type} for each in data.table.columns],
        rows=[dict(row) for row in data.table.rows],
        masked=not data.shows_values,
    )


def _member(row: Any, name: str) -> Any:
    """The value of a column; of a nested one, by the dots in its name."""
    if name in row:
        return row[name]
    for part in name.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
