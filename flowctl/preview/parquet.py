"""Records as Parquet, by duckdb: the extra `parquet`."""

from pathlib import Path

from flowctl.model.errors import ManifestError
from flowctl.row_files import parquet
from flowctl.row_files.row import ParquetMissing


def to_parquet(lines: Path, path: Path, shown: str) -> None:
    """Write a file of NDJSON as Parquet. Raises ManifestError if it cannot be written."""
    require_library()
    try:
        parquet.to_parquet(lines, path)
    except OSError as error:
        raise ManifestError.because(
            "records-unwritable",
            f"{shown} cannot be written as Parquet",
            hint="Use a name that ends in `.ndjson`.",
        ) from error


def require_library() -> None:
    """Raise ManifestError if duckdb is not installed."""
    try:
        parquet.duckdb()
    except ParquetMissing as error:
        raise ManifestError.because(
            "parquet-missing",
            "Parquet needs duckdb, which is not installed",
            hint="Run `pip install duckdb` in the environment of flowctl, or use CSV, JSON or NDJSON.",
        ) from error
