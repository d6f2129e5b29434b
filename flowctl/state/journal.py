"""The journal: an append-only file beside the lockfile, one JSON line for each event, flushed to disk.

An `intent` stands before a write is sent; its `entry`, `gone`, `buried` or `settled` after. `begin` names the lineage
and the serial of the lockfile that what follows continues; what continues an older serial is in the lockfile already.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flowctl.model.errors import StateError
from flowctl.state.durable import sync_folder


class Journal:
    """Appends events to a journal file; every event is on disk when `append` returns.

    Threads may share it: those that write at the same moment share one flush to disk.
    """

    def __init__(self, path: Path) -> None:
        _drop_torn_line(path)
        self._file = path.open("a", encoding="utf-8", newline="\n")
        sync_folder(path.parent)
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = 0
        self._synced = 0
        self._failure: OSError | None = None

    def append(self, event: Mapping[str, Any]) -> None:
        """Writes one event; raises OSError where it cannot be made durable."""
        line = json.dumps(event, sort_keys=True, ensure_ascii=False) + "\n"
        with self._writing:
            if self._failure is not None:
                # A part of an earlier line may be in the file: what follows it could not be read.
                raise self._failure
            try:
                self._file.write(line)
                self._file.flush()
            except OSError as error:
                self._failure = error
                raise
            self._written += 1
            mine = self._written
        with self._syncing:
            if self._synced < mine:
                reached = self._written
                os.fdatasync(self._file.fileno())
                self._synced = reached

    def close(self) -> None:
        """Closes the file."""
        if self._failure is None:
            self._file.close()


def _drop_torn_line(path: Path) -> None:
    """Cuts a last line that a crash left unfinished, so that the next event starts a line of its own."""
    if path.exists():
        with path.open("r+b") as file:
            content = file.read()
            file.truncate(content.rfind(b"\n") + 1)


def read_events(path: Path) -> Iterator[Mapping[str, Any]]:
    """The events of a journal, or none where there is no file. A torn last line is passed over.

    Raises StateError for a damaged line that is not the last one.
    """
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")
    last = len(lines) - 1
    for number, line in enumerate(lines):
        if not line:
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            if number == last:
                return
            raise StateError.because(
                "journal-damaged",
                f"{path.name} is damaged at line {number + 1}",
                hint="Run flowctl state repair to rebuild the record from the platform.",
            ) from error
        yield event
