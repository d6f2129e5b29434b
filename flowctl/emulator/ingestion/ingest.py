"""One run from files to a batch: it reads, maps, checks and writes, and knows nothing of the platform's objects."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.ingestion.batch_files import BatchFiles
from flowctl.emulator.ingestion.row_error import MALFORMED, Errors
from flowctl.emulator.ingestion.row_filter import FilterError, row_filter
from flowctl.emulator.ingestion.row_mapper import row_mapper
from flowctl.emulator.ingestion.source_error import PROMOTION, SourceError, not_readable
from flowctl.emulator.ingestion.source_files import SourceFile, files_at, table_file
from flowctl.emulator.ingestion.source_format import format_of
from flowctl.emulator.ingestion.window import Progress, delta_column, unread_files
from flowctl.emulator.ingestion.work import Ingested
from flowctl.row_files.row import ParquetMissing, SourceRow, UnreadableFile
from flowctl.row_files.rows import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flowctl.emulator.ingestion.row_mapper import Mapped
    from flowctl.emulator.ingestion.window import DeltaColumn
    from flowctl.emulator.ingestion.work import Ingestion
    from flowctl.row_files.row_format import RowFormat

_ROWS_BETWEEN_LOOKS: Final = 500
_TURN: Final = 0.0001
"""Seconds in which requests are answered: both need the lock of the interpreter, and would wait for the whole run."""


class Stopped(Exception):  # noqa: N818 - reads as what happened
    """The emulator ends, or its data was reset, before the run has ended."""


def ingest(work: Ingestion, is_stopped: Callable[[], bool]) -> Ingested:
    """Read the source and write the batch aside; whoever has the result places or discards its files.

    Whatever is wrong with the source is in the result. Raises Stopped.
    """
    files = BatchFiles(work.data, work.run_id, keeps_rows=work.keeps_rows)
    progress = Progress(files=dict(work.progress.files), largest=work.progress.largest)
    ended = Ingested(progress=progress, files=files)
    try:
        try:
            _read_all(work, files, ended, is_stopped)
            ended.is_failed = _is_beyond(ended, work.threshold)
            files.complete(records=not ended.is_failed, parquet=work.parquet)
            ended.output_bytes = files.output_bytes
        except SourceError as error:
            ended.failure = error
        except ParquetMissing:
            ended.failure = SourceError("Parquet needs duckdb: pip install duckdb.", PROMOTION)
        except OSError as error:
            ended.failure = SourceError(f"The files cannot be read or written: {error.strerror or error}.")
        if ended.failure is not None:
            ended.is_failed = True
            files.discard()
    except BaseException:
        files.discard()
        raise
    return ended


def _is_beyond(ended: Ingested, threshold: float | None) -> bool:
    if not ended.refused:
        return False
    return threshold is None or ended.refused * 100 > threshold * ended.read


def _read_all(work: Ingestion, files: BatchFiles, ended: Ingested, is_stopped: Callable[[], bool]) -> None:
    run = row_mapper(work.mapping_set, work.schema, work.now_ms)
    meets = _filter(work)
    column = delta_column(work.copy, work.window, work.progress) if not work.is_files else None
    for source, form in _sources(work):
        try:
            found = rows(source.path, form, size=source.size)
            found = found if meets is None else (row for row in found if row.fault or meets(row.values))
            _read(_taken(found, column), source, files, run, ended, is_stopped)
        except UnreadableFile as error:
            raise not_readable(source.name, error.why) from error
        if source.has_changed():
            raise SourceError(f"The file {source.name} was changed while it was read.")
        ended.input_files += 1
        ended.names.append(source.name)
        ended.input_bytes += source.size
        ended.progress.files[source.name] = source.stamp
    if column is not None:
        ended.progress.largest = column.largest


def _sources(work: Ingestion) -> Iterator[tuple[SourceFile, RowFormat]]:
    if work.given is not None:
        yield from work.given
        return
    found = [table_file(work.folder, work.params)] if not work.is_files else _unread(work)
    for source in found:
        yield source, format_of(source, work.data_format if work.is_files else "", work.properties)


def _filter(work: Ingestion) -> Callable[[Mapping[str, Any]], bool] | None:
    filters = work.params.get("filters")
    if work.is_files or not filters:
        return None
    try:
        return row_filter(filters)
    except FilterError as error:
        raise SourceError(str(error)) from error


def _unread(work: Ingestion) -> list[SourceFile]:
    return unread_files(files_at(work.folder, work.params), work.window, work.progress, work.platform_ms)


def _taken(found: Iterator[SourceRow], column: DeltaColumn | None) -> Iterator[SourceRow]:
    if column is None:
        return found
    return (row for row in found if row.fault or column.takes(row.values))


def _read(
    found: Iterator[SourceRow],
    source: SourceFile,
    files: BatchFiles,
    run: Callable[[Mapping[str, Any]], Mapped],
    ended: Ingested,
    is_stopped: Callable[[], bool],
) -> None:
    add = files.add
    for row in found:
        ended.read += 1
        if ended.read % _ROWS_BETWEEN_LOOKS == 0:
            if is_stopped():
                raise Stopped
            time.sleep(_TURN)
        if row.fault:
            errors: Errors = [{"code": MALFORMED, "message": f"Corrupt row: {row.fault}"}]
        else:
            mapped = run(row.values)
            if not mapped.errors:
                add(mapped.record)
                continue
            errors = mapped.errors
        ended.refused += 1
        for code, message in {error["code"]: error["message"] for error in reversed(errors)}.items():
            ended.errors[code] += 1
            ended.messages.setdefault(code, message)
        files.reject(row.values, errors, source.name)
