"""Which process works on a run: a lock that the system releases when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def run_lock(folder: Path, run_id: str) -> Iterator[bool]:
    """Hold the lock of a run; yield False if another process, or another thread, holds it.

    It is the exclusive lock of a database without tables, because SQLite locks files alike on every system.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_id}.lock"
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
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
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
