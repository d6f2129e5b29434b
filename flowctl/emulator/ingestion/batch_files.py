"""The files of a batch: records and rejected rows, written aside and put into place when the batch is complete."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flowctl.emulator.ingestion.row_error import Errors

WORK: Final = "working"
DATASETS: Final = "datasets"
UPLOADS: Final = "uploads"
DIAGNOSTICS: Final = "diagnostics"
RECORDS: Final = "part-00000"
_ROWS_OF_A_FILE: Final = 1000
_LARGEST_FILE: Final = 4_000_000
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def batch_folder(data: Path, dataset_id: str, batch_id: str) -> Path:
    """Return the folder with the records of a batch."""
    return data / DATASETS / dataset_id / batch_id


def errors_folder(data: Path, batch_id: str) -> Path:
    """Return the folder with the rejected rows of a batch."""
    return data / DIAGNOSTICS / batch_id


def uploads_folder(data: Path, batch_id: str) -> Path:
    """Return the folder with the files that a client uploads for a batch."""
    return data / UPLOADS / batch_id


class BatchFiles:
    """Writes the records and rejected rows of one run into a folder of its own."""

    def __init__(self, data: Path, run_id: str, *, keeps_rows: bool) -> None:
        self._data = data
        self._work = data / WORK / run_id
        self._keeps_rows = keeps_rows
        self._records: TextIO | None = None
        self._rejected: TextIO | None = None
        self._rows_in_file = self._bytes_in_file = self._error_files = 0
        self.output_bytes = 0
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(parents=True)

    def add(self, record: Mapping[str, Any]) -> None:
        """Write a record that is ingested."""
        if self._records is None:
            folder = self._work / DATASETS
            folder.mkdir()
            self._records = (folder / f"{RECORDS}.ndjson").open("w", encoding="utf-8", newline="\n")
        self._records.write(_ENCODE(record) + "\n")

    def reject(self, row: Mapping[str, Any], errors: Errors, file: str) -> None:
        """Write a rejected row with its errors, if the dataflow keeps them."""
        if not self._keeps_rows:
            return
        if self._rejected is None or self._rows_in_file >= _ROWS_OF_A_FILE or self._bytes_in_file >= _LARGEST_FILE:
            self._next_file()
        line = _ENCODE({**row, "_errors": errors, "_filename": file}) + "\n"
        self._rows_in_file += 1
        self._bytes_in_file += len(line)
        if self._rejected is not None:
            self._rejected.write(line)

    def complete(self, *, records: bool, parquet: bool) -> None:
        """Complete the files for `place`: rejected rows always, and records only if wanted."""
        self._close()
        written = self._work / DATASETS
        if not records:
            shutil.rmtree(written, ignore_errors=True)
        elif written.is_dir():
            lines = written / f"{RECORDS}.ndjson"
            if parquet:
                from flowctl.row_files.parquet import to_parquet

                to_parquet(lines, written / f"{RECORDS}.parquet")
                lines.unlink()
            self.output_bytes = sum(file.stat().st_size for file in written.iterdir())

    def place(self, dataset_id: str, batch_id: str) -> None:
        """Move the files of a batch into place; nothing is copied."""
        for written, target in (
            (self._work / DATASETS, batch_folder(self._data, dataset_id, batch_id)),
            (self._work / DIAGNOSTICS, errors_folder(self._data, batch_id)),
        ):
            if written.is_dir():
                _put(written, target)

    def discard(self) -> None:
        """Remove what was written and not put into place."""
        self._close()
        shutil.rmtree(self._work, ignore_errors=True)

    def _next_file(self) -> None:
        if self._rejected is not None:
            self._rejected.close()
        folder = self._work / DIAGNOSTICS
        folder.mkdir(exist_ok=True)
        name = f"conversion_errors_{self._error_files}.json"
        self._rejected = (folder / name).open("w", encoding="utf-8", newline="\n")
        self._error_files += 1
        self._rows_in_file = self._bytes_in_file = 0

    def _close(self) -> None:
        for file in (self._records, self._rejected):
            if file is not None and not file.closed:
                file.flush()
                os.fsync(file.fileno())
                file.close()


def remove_batch(data: Path, dataset_id: str, batch_id: str) -> None:
    """Remove the files of a batch."""
    shutil.rmtree(batch_folder(data, dataset_id, batch_id), ignore_errors=True)
    remove_errors(data, batch_id)


def remove_errors(data: Path, batch_id: str) -> None:
    """Remove the rejected rows of a batch."""
    shutil.rmtree(errors_folder(data, batch_id), ignore_errors=True)


def remove_uploads(data: Path, batch_id: str) -> None:
    """Remove the files that a client uploaded for a batch."""
    shutil.rmtree(uploads_folder(data, batch_id), ignore_errors=True)


def remove_all(data: Path) -> None:
    """Remove the files of all batches and runs."""
    for name in (DATASETS, DIAGNOSTICS, UPLOADS, WORK):
        shutil.rmtree(data / name, ignore_errors=True)


def remove_dataset(data: Path, dataset_id: str) -> None:
    """Remove the records of a dataset."""
    shutil.rmtree(data / DATASETS / dataset_id, ignore_errors=True)


def _put(folder: Path, target: Path) -> None:
    """Move a complete folder into place; what an interrupted run of the same batch left there is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
