"""The journal as a file: appended to, and flushed to disk once for all threads that write at the same moment."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from flowctl.systems import flush, flush_folder, open_plain


class JournalFile:
    """Appends lines to a journal; every line is on disk when `append` returns.

    Threads may share it: those that write at the same moment share one flush to disk.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = open_plain(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            self._size = _end_of_last_line(self._descriptor)
            os.ftruncate(self._descriptor, self._size)
            flush_folder(path.parent)
        except BaseException:
            os.close(self._descriptor)
            raise
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = 0
        self._synced = 0
        self._failure: OSError | None = None

    def append(self, line: bytes) -> None:
        """Write one line; raise OSError if it cannot be made durable, and for every line after that."""
        with self._writing:
            self._check()
            try:
                _write(self._descriptor, line)
            except OSError as error:
                self._failure = error
                # A part of the line may be in the file; a reader passes it over, and so need not see it at all.
                with suppress(OSError):
                    os.ftruncate(self._descriptor, self._size)
                raise
            self._size += len(line)
            self._written += 1
            mine = self._written
        with self._syncing:
            if self._synced < mine:
                self._check()
                reached = self._written
                try:
                    flush(self._descriptor)
                except OSError as error:
                    # What a failed flush left out is not written by the next one, which may well succeed.
                    self._failure = error
                    raise
                self._synced = reached

    def is_removed(self) -> bool:
        """Whether another run has taken the file's events over and removed it."""
        return os.fstat(self._descriptor).st_nlink == 0

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure


def _write(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]


def _end_of_last_line(descriptor: int) -> int:
    """Where the last whole line ends: what a crash left unfinished after it is cut off."""
    content = os.read(descriptor, os.fstat(descriptor).st_size)
    return content.rfind(b"\n") + 1
