"""What differs between Linux, macOS and Windows. Each function asks what the system offers, never for its name."""

import errno
import os
import signal
import stat
import time
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

TURN: Final = 0.2
"""Seconds that one wait may last: on Windows a signal reaches no thread that waits."""
RESERVED_NAMES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10))}
)
"""Names that mean a device on Windows, whatever ending follows them."""
_IN_USE: Final = frozenset({5, 32, 33})
"""Windows' numbers for a file that another process has open: access denied, sharing violation, lock violation."""
_LONGEST_USE: Final = 2.0
"""Seconds after which whoever has a file open is not a short reader, such as a virus scanner."""
_LEAST_TRIES: Final = 10
"""Tries before that, however long each takes."""


def open_plain(path: Path, flags: int) -> int:
    """Open a regular file for its bytes as they are; no link is followed, and nothing waits for a pipe's other end.

    Raises OSError, also where the path is not a regular file.
    """
    for name in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file")
    return descriptor


def flush(descriptor: int) -> None:
    """Make what was written to a file durable. macOS and Windows lack the call that leaves out the file's times."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def flush_folder(folder: Path) -> None:
    """Make a rename or removal in a folder durable. Windows opens no folder; its file system keeps a log of them."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def when_unused(action: Callable[[], T]) -> T:
    """Rename or remove a file; wait a little if Windows refuses because someone has the file open.

    On a busy machine one try can take as long as the wait should, so there are always several.
    """
    deadline, tried = time.monotonic() + _LONGEST_USE, 0
    while True:
        tried += 1
        try:
            return action()
        except PermissionError as error:
            is_over = tried >= _LEAST_TRIES and time.monotonic() >= deadline
            if getattr(error, "winerror", None) not in _IN_USE or is_over:
                raise
        time.sleep(0.02)


def stop_signals() -> tuple[signal.Signals, ...]:
    """The signals that ask a process to end: Ctrl-C, SIGTERM, and Windows' Ctrl-Break."""
    return tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


def wait_for(arrived: Callable[[float], bool], seconds: float = inf) -> bool:
    """Wait in turns until `arrived`, which waits for the seconds it is given; return False after `seconds`."""
    deadline = time.monotonic() + seconds
    while not arrived(max(0.0, min(TURN, deadline - time.monotonic()))):
        if time.monotonic() >= deadline:
            return False
    return True


def result_of(future: "Future[T]") -> T:
    """Wait for the result of a future, and hear signals meanwhile."""
    from concurrent.futures import wait

    wait_for(lambda turn: bool(wait([future], turn).done))
    return future.result()


def user_name() -> str:
    """Name the user of this process; a number if the user has no entry, as in many containers."""
    import getpass

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown user"


def cache_home(environ: Mapping[str, str]) -> Path | None:
    """The folder for the user's caches; None if the environment names none."""
    home = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    if not home and environ.get("HOME"):
        home = f"{environ['HOME']}/.cache"
    return Path(home) if home and Path(home).is_absolute() else None
