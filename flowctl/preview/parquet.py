"""The rows of Parquet files, and records as Parquet, by duckdb: the extra `parquet`."""

import importlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Final

from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSONValue
from flowctl.preview.sample_row import SampleRow, unreadable

_ROWS: Final = 2000


def parquet_rows(path: Path, shown: str) -> Iterator[SampleRow]:
    """Yield the rows of a Parquet file. Raises ManifestError if it cannot be read, or if duckdb is not installed."""
    library = _library()
    if not path.is_file():
        raise unreadable(shown, "it is not a regular file")
    with library.connect() as database:
        try:
            found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [str(column[0]) for column in found.description or ()]
            while rows := found.fetchmany(_ROWS):
                yield from (SampleRow(dict(zip(names, map(_plain, row), strict=True))) for row in rows)
        except library.Error as error:
            raise unreadable(shown, "it is not a Parquet file, or it is damaged") from error


def to_parquet(lines: Path, path: Path, shown: str) -> None:
    """Write a file of NDJSON as Parquet. Raises ManifestError if it cannot be written."""
    library = _library()
    with library.connect() as database:
        try:
            database.read_json(str(lines), format="newline_delimited", sample_size=-1).write_parquet(str(path))
        except library.Error as error:
            raise ManifestError.because(
                "records-unwritable",
                f"{shown} cannot be written as Parquet",
                hint="Use a name that ends in `.ndjson`.",
            ) from error


def require_library() -> None:
    """Raise ManifestError if duckdb is not installed."""
    _library()


def _library() -> Any:
    try:
        return importlib.import_module("duckdb")
    except ImportError as error:
        raise ManifestError.because(
            "parquet-missing",
            "Parquet needs duckdb, which is not installed",
            hint="Run `pip install duckdb` in the environment of flowctl, or use CSV, JSON or NDJSON.",
        ) from error


def _plain(value: Any) -> JSONValue:
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
