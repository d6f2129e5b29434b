"""The run lock: one apply per environment at a time, by an operating-system lock that a dead process cannot keep."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flowctl.model.errors import StateError
from flowctl.systems import RESERVED_NAMES, open_plain, user_name


class RunLocked(StateError):  # noqa: N818 - reads as what happened
    """Another process holds the run lock."""


_POLL = 0.2
"""Seconds between two tries to take the lock."""
_SIGNING = 2.0
"""Seconds that a holder may take from having the lock to having written who it is."""
_SIGNING_POLL = 0.02
_LOCKED = b" "
"""What the lock covers: on Windows nobody else can read that byte, so the holder signs behind it."""


@contextmanager
def run_lock(folder: Path, environment: str, command: str, timeout: float = 0.0) -> Iterator[None]:
    """Holds the run lock of an environment; waits `timeout` seconds for another holder.

    Raises RunLocked, which names the holder, where the lock is not had in time.
    """
    try:
        _lock_file(folder, environment).parent.mkdir(exist_ok=True)
        found = _tried(folder, environment, os.O_RDWR | os.O_CREAT, time.monotonic() + timeout)
    except OSError as error:
        raise _unusable(folder, environment, error) from error
    if isinstance(found, str):
        raise _held(environment, found)
    try:
        try:
            _sign(found, command)
        except OSError as error:
            raise _unusable(folder, environment, error) from error
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(found, 0)
    finally:
        _release(found)


def lock_owner(folder: Path, environment: str) -> str | None:
    """Who holds the run lock of an environment, in words; None where nobody does."""
    try:
        try:
            found = _tried(folder, environment, os.O_RDWR, time.monotonic())
        except PermissionError:
            # Whoever may only read the workspace plans all the same; some network file systems lock only for writing.
            found = _tried(folder, environment, os.O_RDONLY, time.monotonic())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(folder, environment, error) from error
    if isinstance(found, str):
        return found
    _release(found)
    return None


def break_lock(folder: Path, environment: str) -> None:
    """Starts the next lock file: its holder keeps a lock that nobody looks at any more.

    The old file stays, because Windows removes no file that a process has open.
    """
    try:
        os.close(open_plain(_following(_lock_file(folder, environment)), os.O_RDWR | os.O_CREAT))
    except OSError as error:
        raise _unusable(folder, environment, error) from error


def _lock_file(folder: Path, environment: str) -> Path:
    """The file that counts: `NAME.runlock`, and after each `unlock` the one with the next number."""
    stem = f"_{environment}" if environment.lower() in RESERVED_NAMES else environment
    path = folder / ".flowctl" / f"{stem}.runlock"
    while os.path.lexists(following := _following(path)):
        path = following
    return path


def _following(path: Path) -> Path:
    number = 1 if path.suffix == ".runlock" else int(path.suffix[1:]) + 1
    return path.with_name(f"{path.name.partition('.')[0]}.runlock.{number}")


def _tried(folder: Path, environment: str, flags: int, deadline: float) -> int | str:
    """The descriptor of the locked file, or who holds it, in words, where it is not had in time.

    A holder that has not signed yet is given a moment, so that it is named. One that has is met twice before it counts:
    somebody may only have looked whether the file is locked, and the signature be that of a process that died.
    """
    met = ""
    signed_by = time.monotonic() + _SIGNING
    while True:
        path = _lock_file(folder, environment)
        found = _attempt(path, flags)
        if isinstance(found, int):
            if path == _lock_file(folder, environment) and os.fstat(found).st_nlink:
                return found
            # It was removed, or replaced by the next one, before it was locked.
            _release(found)
            continue
        now = time.monotonic()
        if now < deadline:
            time.sleep(min(_POLL, deadline - now))
        elif now < signed_by and (not found or found != met):
            time.sleep(_SIGNING_POLL)
        else:
            return found or "another process"
        met = found


def _attempt(path: Path, flags: int) -> int | str:
    """The descriptor of the file, locked; or who signed it, in words, empty where nobody has."""
    # It takes long to import, and most commands need no lock.
    from filelock import lock_descriptor

    descriptor = open_plain(path, flags)
    try:
        if lock_descriptor(descriptor, blocking=False):
            return descriptor
        holder = _holder(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return holder


def _release(descriptor: int) -> None:
    """Unlocks and closes a file; Windows takes its time to unlock one that is only closed."""
    from filelock import unlock_descriptor

    with suppress(OSError):
        unlock_descriptor(descriptor)
    os.close(descriptor)


def _sign(descriptor: int, command: str) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, _LOCKED + json.dumps(_owner(command)).encode())


def _holder(descriptor: int) -> str:
    """Who signed the lock's file, in words; empty where nobody has. Version 0.1.0 signed from the first byte on."""
    os.lseek(descriptor, len(_LOCKED), os.SEEK_SET)
    text = b"{" + os.read(descriptor, 4096).removeprefix(b"{")
    try:
        return "{user} on {host}, process {process}: {command}, since {since}".format(**json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _held(environment: str, holder: str) -> RunLocked:
    return RunLocked.because(
        "run-locked",
        f"another run holds environment {environment}: {holder}",
        hint="Wait for it to end, or give --lock-timeout SECONDS. The lock ends with that process; if that hangs, "
        "see flowctl unlock.",
    )


def _unusable(folder: Path, environment: str, error: OSError) -> StateError:
    name = _lock_file(folder, environment).name
    return StateError.because(
        "run-lock-unusable",
        f"the run lock .flowctl/{name} cannot be used: {error.strerror or error}",
        hint="The workspace folder must be writable for this user, and its disk have room.",
    )


def _owner(command: str) -> dict[str, str | int]:
    return {
        "user": user_name(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
