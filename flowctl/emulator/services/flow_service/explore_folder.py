"""Looking into a connection folder: its tables or its folders and files, and the columns and first rows of one."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.ingestion.source_error import SourceError
from flowctl.emulator.ingestion.source_files import entries_at, file_at, table_file
from flowctl.emulator.ingestion.source_format import format_of
from flowctl.emulator.services.flow_service.errors import connector_error
from flowctl.row_files.row import ParquetMissing, UnreadableFile
from flowctl.row_files.row_format import form_of_name
from flowctl.row_files.rows import header_names, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MOST_ROWS: Final = 100
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_FIXED: Final = {"int": "integer", "float": "number", "bool": "boolean", "str": "string", "list": "array"}


def entries(folder: Path, path: str, *, tables: bool) -> list[dict[str, Any]]:
    """Return what a folder holds. Of a source of tables, each file is one. Refuses a missing folder (1337)."""
    try:
        found = entries_at(folder, path)
    except SourceError as error:
        raise connector_error("1337", error.message) from error
    if not tables:
        return [_entry("folder" if is_folder else "file", f"/{name}{'/' * is_folder}") for name, is_folder in found]
    names = [PurePosixPath(name) for name, is_folder in found if not is_folder]
    return [_entry("table", table) for table in dict.fromkeys(_table(name) for name in names if form_of_name(name))]


def described(folder: Path, kind: str, name: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Return `{"format", "schema", "data"}` of a table or file: its columns, and rows with `preview=true`.

    The columns of a file with a header and no rows have no type.

    Refuses an object that is missing (1337) or cannot be read (1375).
    """
    try:
        file = file_at(folder, name) if kind == "file" else table_file(folder, {"tableName": name})
        declared = query.get("fileType", "") if kind == "file" else ""
        form = format_of(file, declared, {key: query[key] for key in _PROPERTIES if key in query})
        found = [row.values for row in islice(rows(file.path, form), MOST_ROWS) if not row.fault]
        columns = _columns(found) if found else [{"name": name} for name in header_names(file.path, form)]
    except SourceError as error:
        raise connector_error("1337", error.message) from error
    except UnreadableFile as error:
        raise connector_error("1375", f"The file {name} cannot be read: {error.why}.") from error
    except ParquetMissing as error:
        raise connector_error("1375", "Parquet files need the package duckdb.") from error
    except OSError as error:
        raise connector_error("1337", f"{name[:80]} cannot be opened: {error.strerror}.") from error
    body: dict[str, Any] = {"format": "flat", "schema": {"columns": columns}}
    if query.get("preview", "").lower() == "true":
        body["data"] = [dict(row) for row in found]
    return body


_PROPERTIES: Final = ("compressionType", "columnDelimiter")


def _columns(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the columns in the order of the rows, each with the type that its values have."""
    names = dict.fromkeys(name for row in found for name in row)
    return [_column(name, [row[name] for row in found if row.get(name) is not None]) for name in names]


def _column(name: str, values: Sequence[Any]) -> dict[str, Any]:
    types = {_FIXED.get(type(value).__name__, "object") for value in values}
    only = types.pop() if len(types) == 1 else "number" if types == {"integer", "number"} else "string"
    if only == "string" and values and all(map(_is_moment, values)):
        xdm = {"type": "string", "format": "date-time"}
        return {"name": name, "type": only, "meta:xdmType": "date-time", "xdm": xdm}
    return {"name": name, "type": only, "xdm": {"type": only}}


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and _MOMENT.match(value) is not None


def _table(name: PurePosixPath) -> str:
    """Return the table of a file: its name without the endings of its format and compression."""
    for _ in name.suffixes:
        if form_of_name(name) is None:
            break
        name = name.with_suffix("")
    return str(name)


def _entry(kind: str, path: str) -> dict[str, Any]:
    name = path.rstrip("/").rpartition("/")[2]
    readable = kind != "folder"
    return {"type": kind, "name": name, "path": path, "canPreview": readable, "canFetchSchema": readable}
