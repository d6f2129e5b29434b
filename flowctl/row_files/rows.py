"""The rows of a file, one after another: CSV, JSON, NDJSON and Parquet, compressed or not."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, TextIO

from flowctl.row_files.row import OtherEncoding, SourceRow, UnreadableFile
from flowctl.row_files.unpacked import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flowctl.row_files.row_format import RowFormat

_MOST_JSON: Final = 512_000_000
"""Characters of a JSON document, which is read as a whole; NDJSON has no limit."""
_LONGEST_LINE: Final = 64_000_000
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})


def rows(path: Path, form: RowFormat, *, size: int | None = None) -> Iterator[SourceRow]:
    """Yield the rows of a file. Raises UnreadableFile if it cannot be read.

    `size` is how many bytes to read of a file that may grow meanwhile. Raises ParquetMissing without duckdb.
    """
    _refuse_workbook(path)
    if form.form == "parquet":
        from flowctl.row_files.parquet import parquet_rows

        yield from parquet_rows(path)
        return
    with ExitStack() as stack, _told():
        yield from _READERS[form.form](opened(path, form, stack, size), form)


def header_names(path: Path, form: RowFormat) -> tuple[str, ...]:
    """Return the columns that a delimited file names, also if it has no rows; none for another file.

    Raises UnreadableFile if it cannot be read.
    """
    _refuse_workbook(path)
    if form.form != "delimited":
        return ()
    with ExitStack() as stack, _told():
        return tuple(next(csv.reader(opened(path, form, stack), delimiter=form.delimiter), ()))


def _refuse_workbook(path: Path) -> None:
    """Refuse a workbook of a spreadsheet program: it is neither CSV, JSON nor Parquet."""
    if path.suffix.lower() in _WORKBOOKS:
        raise UnreadableFile(
            f"{path.suffix} is a workbook of a spreadsheet program",
            "Save its sheet as CSV in UTF-8 (in Excel: Save As, `CSV UTF-8`), and use that file.",
        )


@contextmanager
def _told() -> Iterator[None]:
    """Raise UnreadableFile in place of what reading a file raises."""
    try:
        yield
    except UnicodeError as error:
        raise OtherEncoding from error
    except (OSError, EOFError) as error:
        raise UnreadableFile(_reason(error)) from error


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or "its compressed data is damaged").lower()


def _delimited(text: TextIO, form: RowFormat) -> Iterator[SourceRow]:
    reader = csv.reader(text, delimiter=form.delimiter, strict=True)
    try:
        header = next(reader, None)
        if header is None:
            return
        _check_header(header, form)
        width = len(header)
        for values in reader:
            if not values:
                continue
            fault = "" if len(values) == width else _misfit(len(values), width)
            yield SourceRow(dict(zip(header, values, strict=False)), fault)
    except csv.Error as error:
        if "field limit" in str(error):
            hint = "Check that each quote is closed, or remove the field."
            raise UnreadableFile(
                f"a field at line {reader.line_num} has more than {csv.field_size_limit():,} characters", hint
            ) from error
        raise UnreadableFile(
            f"its quotes or delimiters are broken at line {reader.line_num}",
            "Close each quote, write a quote inside of quotes twice, and check the delimiter.",
        ) from error


def _misfit(fields: int, width: int) -> str:
    return f"The row has {fields} {'field' if fields == 1 else 'fields'}, and the header has {width}."


def _check_header(header: list[str], form: RowFormat) -> None:
    repeated = next((name for number, name in enumerate(header) if name in header[:number]), None)
    if repeated is not None or "" in header:
        why = f'its header has the column "{repeated}" twice' if repeated else "its header has a column without a name"
        raise UnreadableFile(
            why,
            f"Give each column one name in the first line, and check the delimiter, which is `{form.delimiter}`.",
        )


def _ndjson(text: TextIO, _form: RowFormat) -> Iterator[SourceRow]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) >= _LONGEST_LINE:
            raise UnreadableFile(f"line {number} is too long")
        if line.strip():
            yield _row(_parsed(line), "line")


def _json(text: TextIO, _form: RowFormat) -> Iterator[SourceRow]:
    whole = text.read(_MOST_JSON + 1)
    if len(whole) > _MOST_JSON:
        raise UnreadableFile("it is too long for one JSON document", "Write it as NDJSON, one object a line.")
    if not whole.strip():
        return
    document = _parsed(whole)
    if isinstance(document, _NotJSON):
        lines = [line for line in whole.split("\n") if line.strip()]
        if len(lines) > 1 and not isinstance(_parsed(lines[0]), _NotJSON):
            yield from (_row(_parsed(line), "line") for line in lines)
            return
        raise UnreadableFile(document.why or f"it is not JSON (line {document.line})")
    items = document if isinstance(document, list) else [document]
    yield from (_row(item, "item") for item in items)


@dataclass(frozen=True, slots=True)
class _NotJSON:
    """Why a text cannot be read as JSON; without a reason, it is no JSON from a line on."""

    line: int = 1
    why: str = ""


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
    except json.JSONDecodeError as error:
        return _NotJSON(error.lineno)
    except RecursionError:
        return _NotJSON(why="its lists and objects are nested too deep")
    except ValueError:  # Python reads no integer of thousands of digits
        return _NotJSON(why="a number is too long")


def _finite(text: str) -> float | None:
    """A number, or null for one that is too large: no report and no record could hold it."""
    found = float(text)
    return found if isfinite(found) else None


def _row(value: object, part: str) -> SourceRow:
    """The row that a part of a file holds, or what is wrong with that part."""
    if isinstance(value, dict):
        return SourceRow(value)
    if isinstance(value, _NotJSON) and value.why:
        return SourceRow({}, f"The {part} cannot be read: {value.why}.")
    return SourceRow({}, f"The {part} is not a JSON object.")


_READERS: Final = {"delimited": _delimited, "ndjson": _ndjson, "json": _json}
