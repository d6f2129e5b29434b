"""Keeps SQLite's write-ahead log short while several processes write.

SQLite's own checkpoint lets other processes write meanwhile, and the log begins anew only once all of it is in the
database. With several busy writers that never happens: each adds to the log what the checkpoint of another has missed.
So the last part of a checkpoint holds the write lock here.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_PAGES: Final = 4000
"""Pages in the log, 16 MB, before they go to the database: four times SQLite's own number, because a disk takes about
10 ms for that, as long as for 15 creations of a flow."""
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a log that should have begun anew. With one process it does, and nothing else is done."""
_KEPT: Final = 17 * 1024 * 1024
"""Bytes of the file that the next log overwrites. They are fewer, so that the size of the file tells of a long log."""
_MORE: Final = 4 * 1024 * 1024
"""Bytes by which the log grows before another try, after one that a reader or another checkpoint has hindered."""
_PATIENCE_MS: Final = 100
"""For how long the last part of a checkpoint waits for readers. Other processes wait with it, if they write."""

_REMOVED: Final = "its files were removed or replaced"


class WriteAheadLog:
    """The log of a database, whose connection waits `busy_ms` for locks."""

    def __init__(self, connection: sqlite3.Connection, database: Path, *, busy_ms: int) -> None:
        self._connection = connection
        self._file = f"{database}-wal"
        self._busy_ms = busy_ms
        self._next = LARGEST
        self._identity: tuple[int, int] | None = None
        connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={_KEPT}")

    def bound(self) -> None:
        """Write all of the log to the database if it is long. Call it after a commit.

        Raises OSError if the commit is not durable, because the files that are open are no longer in the folder.
        """
        size = self._size()
        if size < LARGEST:
            self._next = LARGEST
        elif size >= self._next:
            self._next = LARGEST if self._is_written(size) else size + _MORE

    def _size(self) -> int:
        try:
            found = os.stat(self._file)  # noqa: PTH116 - after each commit, and three times as fast
        except OSError as error:
            if self._identity is None:  # a file system without what such a log needs
                return 0
            raise OSError(errno.ENOENT, _REMOVED) from error
        identity = (found.st_dev, found.st_ino)
        if self._identity is None:
            self._identity = identity
        elif self._identity != identity:
            raise OSError(errno.ENOENT, _REMOVED)
        return found.st_size

    def _is_written(self, size: int) -> bool:
        """Write the log to the database, and return whether all of it is there. Whatever hinders this, nothing is lost.

        SQLite has written most of it after the commit, so that other processes wait for the rest only. A log that is
        still not begun anew, because there is always a reader, is worth the wait for a moment without one.
        """
        how = "FULL" if size < 2 * LARGEST else "RESTART"
        try:
            self._connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
            try:
                (is_hindered, _, _) = self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
            finally:
                self._connection.execute(f"PRAGMA busy_timeout={self._busy_ms}")
        except sqlite3.Error:
            return False
        return not is_hindered
