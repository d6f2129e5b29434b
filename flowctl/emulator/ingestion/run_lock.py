"""Which process works on a run: a lock that the system releases when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lock_file(folder: Path, run_id: str) -> Path:
    """Return the file of a run's lock, which is there from the beginning of the run to its end."""
    return folder / f"{run_id}.lock"


@contextlib.contextmanager
def run_lock(folder: Path, run_id: str) -> Iterator[bool]:
    """Hold the lock of a run; yield False if another process, or another thread, holds it.

    It is the exclusive lock of a database without tables, because SQLite locks files alike on every system.
    """
    connection = sqlite3.connect(lock_file(folder, run_id), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        yield False
        return
    try:
        yield True
    finally:
        connection.close()
