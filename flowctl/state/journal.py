"""The journal: an append-only file beside the lockfile, one JSON line for each event, flushed to disk.

An `intent` stands before a write is sent, its `entry`, `deposed` or `gone` after. `begin` names the lineage and the
serial of the lockfile that the journal continues; a journal of an older serial is already in the lockfile.
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
        self._file = path.open("a", encoding="utf-8", newline="\n")
        sync_folder(path.parent)
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = 0
        self._synced = 0

    def append(self, event: Mapping[str, Any]) -> None:
        """Writes one event; raises OSError where it cannot be made durable."""
        line = json.dumps(event, sort_keys=True, ensure_ascii=False) + "\n"
        with self._writing:
            self._file.write(line)
            self._file.flush()
            self._written += 1
            mine = self._written
        with self._syncing:
            if self._synced < mine:
                reached = self._written
                os.fdatasync(self._file.fileno())
                self._synced = reached

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


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
