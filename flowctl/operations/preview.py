"""Preview: the rows of a sample, one after another, through the mappings of a pipeline."""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.index import named
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSONValue
from flowctl.model.mapping_report import MappedRow, PreviewedRows, RowProblem
from flowctl.preview.mapper import Mapper, mapper
from flowctl.preview.masked_rows import without_values
from flowctl.preview.sample_format import sample_format
from flowctl.preview.sample_rows import sample_rows
from flowctl.preview.tally import Tally
from flowctl.row_files.row import SourceRow

_EVERY: Final = 1000
"""Rows between two looks at the clock."""
Told = Callable[[int], None]
Write = Callable[[Mapping[str, JSONValue]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows to preview, and what they are called; `is_live` if they are rows of a source, not of a file."""

    name: str
    rows: Iterable[SourceRow]
    is_live: bool = False


def file_sample(path: Path, shown: str, pipeline: Document) -> Sample:
    """Return the rows of a file, in the data format of the pipeline's source. Raises ManifestError."""
    return Sample(name=shown, rows=sample_rows(path, shown, sample_format(path, pipeline)))


def preview(
    manifests: Manifests,
    pipeline: Document,
    sample: Sample,
    *,
    shown: int,
    shows_values: bool,
    out: Path | None,
    told: Told,
) -> PreviewedRows:
    """Map all rows; keep the first `shown` of them, and write the records that ingestion would accept to `out`.

    Of live rows only the form of values is kept, unless `shows_values`; `out` always has the values. `told` gets the
    number of rows from time to time. Raises ManifestError if a file cannot be read or written.
    """
    mapping = mapper(pipeline, named(manifests.documents), manifests.pulled)
    tally = Tally(mapping)
    is_masked = sample.is_live and not shows_values
    kept: list[MappedRow] = []
    written = 0
    with _records(out) as write:
        for number, row in enumerate(sample.rows, 1):
            done = mapped(mapping, number, row)
            seen = without_values(done) if is_masked else done
            tally.add(seen)
            if number <= shown:
                kept.append(seen)
            if not done.is_rejected:
                written += 1
                write(done.record)
            if number % _EVERY == 0:
                told(number)
    return PreviewedRows(
        pipeline=pipeline.name,
        source=sample.name,
        rows=tuple(kept),
        read=tally.read,
        written=written,
        rejected=tally.rejected,
        destinations=tally.destinations,
        unmapped=tally.unmapped,
        is_unrelated=tally.is_unrelated,
        rejections=tally.rejections,
        unchecked=mapping.tree.unknown,
        out=str(out) if out is not None else "",
        is_masked=is_masked,
    )


def mapped(mapping: Mapper, number: int, row: SourceRow) -> MappedRow:
    """Return a row with its record; one that cannot be read is refused."""
    if not row.fault:
        return mapping.run(number, row.values)
    fault = RowProblem("", "malformed-row", row.fault)
    return MappedRow(row=number, source=row.values, record={}, refusals=(fault,))


@contextmanager
def _records(out: Path | None) -> Iterator[Write]:
    """Yield what writes records to a file, which is complete or not there. Raises ManifestError."""
    if out is None:
        yield lambda _record: None
        return
    try:
        is_parquet = _check_output(out)
        mode = out.stat().st_mode & 0o777 if out.exists() else 0o644
        descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                yield lambda record: _write_line(file.write, record)
            if is_parquet:
                from flowctl.preview.parquet import to_parquet

                to_parquet(part, out, str(out))
            else:
                part.chmod(mode)
                part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error


def _write_line(write: Callable[[str], object], record: Mapping[str, JSONValue]) -> None:
    write(json_line(record))


def json_line(record: Mapping[str, JSONValue]) -> str:
    """Return a record as one line of NDJSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def unwritable(path: Path, error: OSError) -> ManifestError:
    """Return the error that an output file cannot be written."""
    return ManifestError.because(
        "records-unwritable",
        f"{path} cannot be written: {error.strerror or error}",
        hint="Use another file, or correct the permissions of its folder.",
    )


def _check_output(out: Path) -> bool:
    """Return whether the file is to be Parquet. Raises ManifestError for another ending, or without duckdb."""
    ending = out.suffix.lower()
    if ending == ".parquet":
        from flowctl.preview.parquet import require_library

        require_library()
    elif ending not in (".ndjson", ".jsonl"):
        raise ManifestError.because(
            "records-unwritable",
            f"{out} does not end in .ndjson or .parquet",
            hint="Use a name that ends in `.ndjson` or `.parquet`.",
        )
    if out.exists() and not out.is_file():
        raise ManifestError.because("records-unwritable", f"{out} is not a regular file", hint="Use another file.")
    return ending == ".parquet"
