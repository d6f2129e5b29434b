"""Removing the data in a folder, while no emulator uses it."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from flowctl.emulator.data_error import DataError, DataInUse
from flowctl.emulator.database import NAME, files_of
from flowctl.emulator.file_lock import file_lock
from flowctl.emulator.folder_users import used_by_no_other
from flowctl.emulator.ingestion.batch_files import remove_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def require_unused(data_dir: Path) -> None:
    """Raise `DataInUse` if an emulator or another program uses the data in a folder."""
    with _unused(data_dir):
        pass


def reset(data_dir: Path) -> None:
    """Remove the data in a folder, whatever it holds. Raises `DataInUse`, and `DataError` if it cannot be removed."""
    with _unused(data_dir):
        remove_all(data_dir)
        for file in files_of(data_dir / NAME):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise DataError(f"{file} cannot be removed: {error.strerror}") from error


@contextlib.contextmanager
def _unused(data_dir: Path) -> Iterator[None]:
    """Keep emulators from the data in a folder."""
    try:
        is_there = data_dir.is_dir()
    except OSError as error:
        raise DataError(f"{data_dir}: {error.strerror}") from error
    if not is_there:
        yield
        return
    with used_by_no_other(data_dir):
        _require_unlocked(data_dir / NAME)
        yield


def _require_unlocked(database: Path) -> None:
    """Raise `DataInUse` if another program has locked the database; one that is damaged has no lock that counts."""
    if not database.is_file():
        return
    with contextlib.suppress(sqlite3.Error), file_lock(database) as is_mine:
        if not is_mine:
            raise DataInUse(f"{database} is locked by another program")
