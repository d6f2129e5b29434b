"""The journal: an append-only file beside the lockfile, one JSON line for each event, flushed to disk.

An `intent` stands before a write is sent; its `entry`, `gone`, `buried` or `settled` after. `begin` names the lineage
and the serial of the lockfile that what follows continues; what continues an older serial is in the lockfile already.
"""

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flowctl.model.errors import StateError
from flowctl.regular_file import read_regular
from flowctl.state.entry_format import VERSION, Malformed
from flowctl.state.events import Begin, Event, Newer, event_from_json
from flowctl.state.replay import damaged
from flowctl.strict_json import NotJson, check, parse, text_of
from flowctl.systems import flush, flush_folder, open_plain


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

    def append(self, members: Mapping[str, Any]) -> None:
        """Writes one event; raises OSError where it cannot be made durable, and for every event after that.

        Raises NotJson for what could not be read again; then nothing is written.
        """
        line = (check(members) + "\n").encode()
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


def read_events(path: Path) -> list[tuple[int, Event]]:
    """The events of a journal with their lines, or none where there is no file. A last line without its end is passed
    over, and so are events of names that a later release may write.

    Raises StateError for a file that cannot be read, and for a damaged line.
    """
    try:
        content = read_regular(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StateError.because(
            "journal-unreadable",
            f"{path.name} cannot be read: {error.strerror or error}",
            hint="Make it readable. If what stands there is not the journal, move it away and run "
            "flowctl state repair and flowctl state orphans: they look on the platform.",
        ) from error
    events: list[tuple[int, Event]] = []
    version = VERSION
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        event = _event(line, number, path.name, version) if line.strip() else None
        if isinstance(event, Begin):
            version = event.version
        if event is not None:
            events.append((number, event))
    return events


def _event(line: bytes, number: int, name: str, version: int) -> Event | None:
    try:
        return event_from_json(parse(text_of(line)), version)
    except Newer as error:
        raise StateError.because(
            "journal-newer",
            f"{name} was written by a newer flowctl ({error.words})",
            hint="Install a newer release of flowctl.",
        ) from error
    except (NotJson, Malformed) as error:
        raise damaged(name, number, error.words) from error
