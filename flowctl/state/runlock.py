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
    path = folder / ".flowctl" / f"{environment}.runlock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StateError.because("run-lock-unusable", f"the run lock {path} cannot be used: {error}") from error
    with file:
        _take(file, environment, timeout)
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


def _take(file: IO[str], environment: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _held(file, environment) from None
            time.sleep(_POLL)


def _held(file: IO[str], environment: str) -> RunLocked:
    file.seek(0)
    try:
        owner = json.loads(file.read())
        holder = "{user} on {host}, process {process}: {command}, since {since}".format(**owner)
    except (ValueError, KeyError, TypeError):
        holder = "another process"
    return RunLocked.because(
        "run-locked",
        f"another run holds environment {environment}: {holder}",
        hint="Wait for it to end. The lock ends with that process, so there is nothing to remove.",
    )


def _owner(command: str) -> dict[str, str | int]:
    return {
        "user": getpass.getuser(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
