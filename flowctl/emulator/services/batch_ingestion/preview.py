"""A look at the first rows of the files of a batch."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import dump
from flowctl.emulator.message import Reply
from flowctl.emulator.services.batch_ingestion.formats import FORMATS, row_format
from flowctl.emulator.services.batch_ingestion.promotion import given_files
from flowctl.emulator.services.batch_ingestion.requests import batch_of_dataset
from flowctl.emulator.services.refusals import bad_request
from flowctl.row_files.row import ParquetMissing, UnreadableFile
from flowctl.row_files.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flowctl.emulator.ingestion.source_files import SourceFile
    from flowctl.emulator.message import Call
    from flowctl.row_files.row_format import RowFormat

MOST_ROWS = 100
_PARAMS = {"delimiter": ",", "quote": '"', "escape": "\\", "charset": "UTF-8"}


def preview(call: Call) -> Reply:
    """Return the columns and at most 100 rows of what was uploaded, and how it was read.

    Refuses another format, files that cannot be read, and quotes or headers that the emulator cannot read (400).
    """
    batch = batch_of_dataset(call)
    query = call.incoming.query
    format_ = query.get("format", "").lower()
    if format_ not in FORMATS:
        raise bad_request(f"The query parameter format is one of {', '.join(FORMATS)}.")
    flags = {name: _flag(query, name, default) for name, default in (("isMultiLineJson", False), ("header", True))}
    params = {name: query.get(name, default) for name, default in _PARAMS.items()}
    if not flags["header"] or (params["quote"], params["escape"]) != (_PARAMS["quote"], _PARAMS["escape"]):
        raise bad_request('The emulator reads files with a header, the quote " and the escape \\ only.')
    form = row_format({**params, "format": format_, "isMultiLineJson": flags["isMultiLineJson"]})
    try:
        found = list(islice(_rows(given_files(call, batch), form), _number(query)))
    except UnreadableFile as error:
        raise bad_request(f"A file cannot be read: {error.why}.") from error
    except ParquetMissing as error:
        raise bad_request("Parquet files need the package duckdb.") from error
    names = list(dict.fromkeys(name for row in found for name in row))
    columns = [{"cid": str(number), "name": name} for number, name in enumerate(names)]
    cells = [{str(number): _text(row[name]) for number, name in enumerate(names) if name in row} for row in found]
    shown = {**params, "header": flags["header"], "format": format_}
    return Reply(body={"formatParams": shown, "preview": {"columns": columns, "rows": cells}})


def _rows(files: list[SourceFile], form: RowFormat) -> Iterator[Mapping[str, Any]]:
    for file in files:
        yield from (row.values for row in rows(file.path, form) if not row.fault)


def _flag(query: Mapping[str, str], name: str, default: bool) -> bool:
    text = query.get(name, str(default)).lower()
    if text not in ("true", "false"):
        raise bad_request(f"The query parameter {name} is true or false.")
    return text == "true"


def _number(query: Mapping[str, str]) -> int:
    text = query.get("nrow", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request("The query parameter nrow is an integer of at least 0.")
    return min(int(text) or MOST_ROWS, MOST_ROWS)


def _text(value: object) -> str:
    return value if isinstance(value, str) else dump(value)
