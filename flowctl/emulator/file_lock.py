"""A lock on a file, which the system releases when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from flowctl.emulator.soundness import is_busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def file_lock(path: Path, seconds: float = 0) -> Iterator[bool]:
    """Hold the lock of a file, which is created; yield False if another process, or another thread, keeps it longer.

    It is the exclusive lock of a database, because SQLite locks files alike on every system. Raises `sqlite3.Error` for
    a file that cannot be opened, or that is not a database.
    """
    connection = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
    with contextlib.closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            is_mine = False
        else:
            is_mine = True
        yield is_mine
