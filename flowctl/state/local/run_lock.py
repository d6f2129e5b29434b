"""The run lock: one apply per environment at a time, by an operating-system lock that a dead process cannot keep."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowctl.model.errors import StateError
from flowctl.state.local.locked_file import LockedFile, lock_file
from flowctl.state.lock_signature import held, signature, signed_by
from flowctl.systems import RESERVED_NAMES, open_plain

_POLL = 0.2
"""Seconds between two tries to take the lock."""
_SIGNING = 2.0
"""Seconds that a holder may take from having the lock to having written who it is."""
_SIGNING_POLL = 0.02


@contextmanager
def run_lock(folder: Path, environment: str, command: str, timeout: float = 0.0) -> Iterator[None]:
    """Hold the run lock of an environment; wait `timeout` seconds for another holder.

    Raises RunLocked, with the holder, if that one keeps it longer.
    """
    try:
        _lock_file(folder, environment).parent.mkdir(exist_ok=True)
        found = _tried(folder, environment, os.O_RDWR | os.O_CREAT, time.monotonic() + timeout)
    except OSError as error:
        raise _unusable(folder, environment, error) from error
    if isinstance(found, str):
        raise held(environment, found)
    try:
        try:
            found.write(signature(command))
        except OSError as error:
            raise _unusable(folder, environment, error) from error
        try:
            yield
        finally:
            found.clear()
    finally:
        found.release()


def lock_owner(folder: Path, environment: str) -> str | None:
    """The holder of the run lock of an environment, in words; None if there is none."""
    try:
        try:
            found = _tried(folder, environment, os.O_RDWR, time.monotonic())
        except PermissionError:
            # A user who may only read the workspace can still plan; some network file systems lock only for writing.
            found = _tried(folder, environment, os.O_RDONLY, time.monotonic())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(folder, environment, error) from error
    if isinstance(found, str):
        return found
    found.release()
    return None


def is_signed(folder: Path, environment: str) -> bool:
    """Whether a run may have signed the lock file and not cleared it: most often it is an empty file."""
    path = _lock_file(folder, environment)
    try:
        found = os.lstat(path)
    except OSError:
        return True  # what is wrong is for the lock to say
    return not stat.S_ISREG(found.st_mode) or found.st_size > 0 or not os.access(path, os.R_OK)


def break_lock(folder: Path, environment: str) -> None:
    """Start the next lock file: the holder keeps a lock that no longer counts.

    The old file stays, because Windows does not remove a file that a process has open.
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


def _tried(folder: Path, environment: str, flags: int, deadline: float) -> LockedFile | str:
    """The locked file, or its holder in words if it was not free in time.

    A holder without a signature gets a moment to sign. One with a signature counts only if it is met twice: another
    process may just have looked at the lock, and the signature may be that of a process that died.
    """
    met = ""
    latest = time.monotonic() + _SIGNING
    while True:
        path = _lock_file(folder, environment)
        found = lock_file(path, flags)
        if isinstance(found, LockedFile):
            if path == _lock_file(folder, environment) and not found.is_removed():
                return found
            # It was removed, or the next one was started, before it was locked.
            found.release()
            continue
        holder = signed_by(found)
        now = time.monotonic()
        if now < deadline:
            time.sleep(min(_POLL, deadline - now))
        elif now < latest and (not holder or holder != met):
            time.sleep(_SIGNING_POLL)
        else:
            return holder or "another process"
        met = holder


def _unusable(folder: Path, environment: str, error: OSError) -> StateError:
    name = _lock_file(folder, environment).name
    return StateError.because(
        "run-lock-unusable",
        f"the run lock .flowctl/{name} cannot be used: {error.strerror or error}",
        hint="Give your user permission to write in the workspace, and check that the disk has room.",
    )
