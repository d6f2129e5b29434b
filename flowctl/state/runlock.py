"""The run lock: one apply per environment at a time, by an operating-system lock that a dead process cannot keep."""

import fcntl
import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flowctl.model.errors import StateError


class RunLocked(StateError):  # noqa: N818 - reads as what happened
    """Another process holds the run lock."""


_POLL = 0.2
"""Seconds between two tries to take the lock."""


@contextmanager
def run_lock(folder: Path, environment: str, command: str, timeout: float = 0.0) -> Iterator[None]:
    """Holds the run lock of an environment; waits `timeout` seconds for another holder.

    Raises RunLocked, which names the holder, where the lock is not had in time.
    """
    path = _lock_path(folder, environment)
    try:
        path.parent.mkdir(exist_ok=True)
        file = _taken(path, environment, time.monotonic() + timeout)
    except OSError as error:
        raise StateError.because(
            "run-lock-unusable",
            f"the run lock .flowctl/{path.name} cannot be used: {error.strerror or error}",
            hint="The workspace folder must be writable for this user.",
        ) from error
    with file:
        file.seek(0)
        file.truncate()
        json.dump(_owner(command), file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()
            file.flush()
            fcntl.flock(file, fcntl.LOCK_UN)


def lock_owner(folder: Path, environment: str) -> str | None:
    """Who holds the run lock of an environment, in words; None where nobody does."""
    try:
        file = _lock_path(folder, environment).open("r", encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(file)
    return None


def break_lock(folder: Path, environment: str) -> None:
    """Removes the lock's file: its holder keeps a lock that nobody looks at any more."""
    _lock_path(folder, environment).unlink(missing_ok=True)


def _lock_path(folder: Path, environment: str) -> Path:
    return folder / ".flowctl" / f"{environment}.runlock"


def _taken(path: Path, environment: str, deadline: float) -> IO[str]:
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(file, path):
                return file
        except BlockingIOError:
            if time.monotonic() >= deadline:
                with file:
                    raise _held(file, environment) from None
            time.sleep(_POLL)
        file.close()


def _is_still(file: IO[str], path: Path) -> bool:
    """Whether the locked file is the one at the path: it may have been removed before it was locked."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(file.fileno())
    return (mine.st_dev, mine.st_ino) == (found.st_dev, found.st_ino)


def _held(file: IO[str], environment: str) -> RunLocked:
    return RunLocked.because(
        "run-locked",
        f"another run holds environment {environment}: {_holder(file)}",
        hint="Wait for it to end, or give --lock-timeout SECONDS. The lock ends with that process; if that hangs, "
        "see flowctl unlock.",
    )


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        owner = json.loads(file.read())
        return "{user} on {host}, process {process}: {command}, since {since}".format(**owner)
    except (ValueError, KeyError, TypeError):
        return "another process"


def _owner(command: str) -> dict[str, str | int]:
    return {
        "user": getpass.getuser(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
