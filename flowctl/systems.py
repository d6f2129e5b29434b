"""Differences between Linux, macOS and Windows. Each function tests what the system offers, never its name."""

import errno
import os
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """Open a regular file in binary mode. No link is followed, and a pipe is not waited for.

    Raises OSError, also if the path is not a regular file.
    """
    for name in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file")
    return descriptor


def flush(descriptor: int) -> None:
    """Make what was written to a file durable. macOS and Windows lack the call that skips the times of the file."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def flush_folder(folder: Path) -> None:
    """Make a rename or removal in a folder durable. Windows cannot open a folder; its file system logs both."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def when_unused(action: Callable[[], T]) -> T:
    """Rename or remove a file. Wait briefly if Windows refuses because someone has the file open.

    There are always several tries, because on a busy machine one try can take as long as the whole wait.
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
    """Call `arrived` with short waits until it is true. Return False after `seconds`."""
    deadline = time.monotonic() + seconds
    while not arrived(max(0.0, min(TURN, deadline - time.monotonic()))):
        if time.monotonic() >= deadline:
            return False
    return True


def result_of(future: "Future[T]") -> T:
    """Wait for the result of a future, and react to signals meanwhile."""
    from concurrent.futures import wait

    wait_for(lambda turn: bool(wait([future], turn).done))
    return future.result()


def as_they_end(futures: "Sequence[Future[T]]") -> "Iterator[Future[T]]":
    """The futures, each as soon as it has ended; signals are reacted to meanwhile."""
    from concurrent.futures import FIRST_COMPLETED, wait

    waiting = {*futures}
    while waiting:
        ended, waiting = wait(waiting, TURN, FIRST_COMPLETED)
        yield from ended


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
