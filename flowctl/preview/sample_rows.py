"""The rows of a sample file, with the problems of the file as diagnostics."""

from collections.abc import Iterator
from pathlib import Path

from flowctl.model.errors import ManifestError
from flowctl.preview.parquet import require_library
from flowctl.row_files.row import ParquetMissing, SourceRow, UnreadableFile
from flowctl.row_files.row_format import RowFormat
from flowctl.row_files.rows import rows


def sample_rows(path: Path, shown: str, form: RowFormat) -> Iterator[SourceRow]:
    """Yield the rows of a file, which messages call `shown`. Raises ManifestError if the file cannot be read."""
    try:
        yield from rows(path, form)
    except ParquetMissing:
        require_library()
    except UnreadableFile as error:
        raise ManifestError.because(
            "sample-unreadable", f"{shown} cannot be read: {error.why}", hint=error.hint
        ) from error
