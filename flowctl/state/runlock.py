"""The run lock: one apply per environment at a time, by an operating-system lock that a dead process cannot keep."""

import fcntl
import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flowctl.model.errors import StateError


class RunLocked(StateError):  # noqa: N818 - reads as what happened
    """Another process holds the run lock."""


_POLL = 0.2
"""Seconds between two tries to take the lock."""
_SIGNING = 2.0
"""Seconds that a holder may take from having the lock to having written who it is."""
_SIGNING_POLL = 0.02


@contextmanager
def run_lock(folder: Path, environment: str, command: str, timeout: float = 0.0) -> Iterator[None]:
    """Holds the run lock of an environment; waits `timeout` seconds for another holder.

    Raises RunLocked, which names the holder, where the lock is not had in time.
    """
    path = _lock_path(folder, environment)
    try:
        path.parent.mkdir(exist_ok=True)
        descriptor = _taken(path, environment, time.monotonic() + timeout)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(_owner(command)).encode(), 0)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def lock_owner(folder: Path, environment: str) -> str | None:
    """Who holds the run lock of an environment, in words; None where nobody does."""
    try:
        descriptor = os.open(_lock_path(folder, environment), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor) or "another process"
    finally:
        os.close(descriptor)
    return None


def break_lock(folder: Path, environment: str) -> None:
    """Removes the lock's file: its holder keeps a lock that nobody looks at any more."""
    _lock_path(folder, environment).unlink(missing_ok=True)


def _lock_path(folder: Path, environment: str) -> Path:
    return folder / ".flowctl" / f"{environment}.runlock"


def _taken(path: Path, environment: str, deadline: float) -> int:
    """The descriptor of the locked file. A holder that has not signed yet is given a moment, so that it is named."""
    signed_by = time.monotonic() + _SIGNING
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(descriptor, path):
                return descriptor
            os.close(descriptor)
            continue
        except BlockingIOError:
            holder = _holder(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        now = time.monotonic()
        if now < deadline:
            time.sleep(min(_POLL, deadline - now))
        elif holder is None and now < signed_by:
            time.sleep(_SIGNING_POLL)
        else:
            raise _held(environment, holder or "another process")


def _is_still(descriptor: int, path: Path) -> bool:
    """Whether the locked file is the one at the path: it may have been removed before it was locked."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (mine.st_dev, mine.st_ino) == (found.st_dev, found.st_ino)


def _held(environment: str, holder: str) -> RunLocked:
    return RunLocked.because(
        "run-locked",
        f"another run holds environment {environment}: {holder}",
        hint="Wait for it to end, or give --lock-timeout SECONDS. The lock ends with that process; if that hangs, "
        "see flowctl unlock.",
    )


def _unusable(path: Path, error: OSError) -> StateError:
    return StateError.because(
        "run-lock-unusable",
        f"the run lock .flowctl/{path.name} cannot be used: {error.strerror or error}",
        hint="The workspace folder must be writable for this user, and its disk have room.",
    )


def _holder(descriptor: int) -> str | None:
    """Who wrote itself into the lock's file, in words; None where nobody has yet."""
    try:
        owner = json.loads(os.pread(descriptor, 4096, 0))
        return "{user} on {host}, process {process}: {command}, since {since}".format(**owner)
    except (ValueError, KeyError, TypeError):
        return None


def _owner(command: str) -> dict[str, str | int]:
    return {
        "user": _user(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without an entry, as in many containers
        return f"user {os.getuid()}"
