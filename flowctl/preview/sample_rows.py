"""The rows of a sample file, with the problems of the file as diagnostics."""

from collections.abc import Iterator
from pathlib import Path

from flowctl.model.errors import ManifestError
from flowctl.preview.parquet import require_library
from flowctl.row_files.row import OtherEncoding, ParquetMissing, SourceRow, UnreadableFile
from flowctl.row_files.row_format import RowFormat
from flowctl.row_files.rows import rows


def sample_rows(path: Path, shown: str, form: RowFormat, *, of_pipeline: bool = True) -> Iterator[SourceRow]:
    """Yield the rows of a file, which messages call `shown`. Raises ManifestError if the file cannot be read.

    `of_pipeline`: a pipeline reads such files, and so can say their encoding.
    """
    try:
        yield from rows(path, form)
    except ParquetMissing:
        require_library()
    except UnreadableFile as error:
        hint = error.hint if of_pipeline or not isinstance(error, OtherEncoding) else "Save it as UTF-8."
        raise ManifestError.because("sample-unreadable", f"{shown} cannot be read: {error.why}", hint=hint) from error
