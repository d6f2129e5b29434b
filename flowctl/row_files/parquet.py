"""The rows of Parquet files, and records as Parquet, by duckdb."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from flowctl.row_files.row import ParquetMissing, SourceRow, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS: Final = 2000


def parquet_rows(path: Path) -> Iterator[SourceRow]:
    """Yield the rows of a Parquet file. Raises UnreadableFile, and ParquetMissing without duckdb."""
    library = duckdb()
    if not path.is_file():
        raise UnreadableFile("it is not a regular file")
    with library.connect() as database:
        try:
            found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [str(column[0]) for column in found.description or ()]
            while rows := found.fetchmany(_ROWS):
                yield from (SourceRow(dict(zip(names, map(_plain, row), strict=True))) for row in rows)
        except library.Error as error:
            raise UnreadableFile("it is not a Parquet file, or it is damaged") from error


def to_parquet(lines: Path, path: Path) -> None:
    """Write a file of NDJSON as Parquet. Raises OSError if that cannot be done, and ParquetMissing without duckdb."""
    library = duckdb()
    with library.connect() as database:
        try:
            database.read_json(str(lines), format="newline_delimited", sample_size=-1).write_parquet(str(path))
        except library.Error as error:
            raise OSError(0, "the records cannot be written as Parquet") from error


def duckdb() -> Any:
    """Return the package that reads and writes Parquet. Raises ParquetMissing if it is not installed."""
    try:
        import duckdb as library
    except ImportError as error:
        raise ParquetMissing from error
    return library


def _plain(value: Any) -> Any:
    """Return a value of a column as JSON has it."""
    if isinstance(value, dict):
        return {str(name): _plain(child) for name, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | timedelta):
        return value.hex() if isinstance(value, bytes) else str(value)
    return str(value)
