"""The journal: an append-only file beside the lockfile, one JSON line for each event, flushed to disk.

An `intent` stands before a write is sent; its `entry`, `gone`, `buried` or `settled` after. `begin` names the lineage
and the serial of the lockfile that what follows continues; what continues an older serial is in the lockfile already.
"""

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flowctl.model.errors import StateError
from flowctl.systems import flush, flush_folder, open_plain

Event = Mapping[str, Any]


class Journal:
    """Appends events to a journal file; every event is on disk when `append` returns.

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

    def append(self, event: Event) -> None:
        """Writes one event; raises OSError where it cannot be made durable, and for every event after that."""
        line = (json.dumps(event, sort_keys=True, ensure_ascii=False) + "\n").encode()
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


def read_events(path: Path) -> list[Event]:
    """The events of a journal, or none where there is no file. A last line without its end is passed over.

    Raises StateError for a file that cannot be read, and for a damaged line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StateError.because("journal-unreadable", f"{path.name} cannot be read: {error.strerror}") from error
    return [_event(line, number, path.name) for number, line in enumerate(content.split(b"\n")[:-1], start=1) if line]


def _event(line: bytes, number: int, name: str) -> Event:
    try:
        event = json.loads(line)
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            return event
    except ValueError:
        pass
    raise StateError.because(
        "journal-damaged",
        f"{name} is damaged at line {number}",
        detail="It tells what an interrupted run did, and a part of that cannot be read any more.",
        hint=f"Move {name} away and run flowctl state repair and flowctl state orphans: they look on the platform.",
    )
