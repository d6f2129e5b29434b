"""The emulators that use a data folder. Each has a file there, and its lock shows that its process still runs."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from flowctl.emulator.data_error import DamagedLock, DataError, DataInUse, FolderInUse
from flowctl.emulator.database import BUSY_SECONDS, is_damage
from flowctl.emulator.file_lock import file_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GATE = "users.lock"
_USER = re.compile(r"user-(?P<process>\d+)-\d+-(?P<url>.*)\.lock")
_NUMBERS = itertools.count(1)


@contextlib.contextmanager
def used(data_dir: Path, url: str = "") -> Iterator[Path]:
    """Be a user of a data folder, a server with a URL or else for one command; yield the file that shows this.

    Raises `DataError` for a folder that cannot be written or whose lock files are damaged, and `DataInUse` for one
    whose reset takes long.
    """
    file = data_dir / f"user-{os.getpid()}-{next(_NUMBERS)}-{quote(url, safe='')}.lock"
    with contextlib.ExitStack() as release:
        with _gate(data_dir):
            _users(data_dir)
            release.callback(_remove, file)
            release.enter_context(_locked(file))
        yield file


@contextlib.contextmanager
def used_by_no_other(data_dir: Path, own: Path | None = None) -> Iterator[None]:
    """Keep new users from a data folder. Raises `FolderInUse` if it has one whose file is not `own`."""
    with _gate(data_dir):
        users = [user for file, user in _users(data_dir).items() if file != own]
        if users:
            words = " and ".join(_words(process, url) for process, url in users)
            raise FolderInUse(f"{data_dir} is used by {words}", [url for _, url in users])
        yield


@contextlib.contextmanager
def _gate(data_dir: Path) -> Iterator[None]:
    """Hold the lock of the list of users: only then one is added, and a reset holds it to its end."""
    path = data_dir / _GATE
    with _locked(path, BUSY_SECONDS) as is_mine:
        if not is_mine:
            raise DataInUse(f"{path} is locked by another program")
        yield


@contextlib.contextmanager
def _locked(path: Path, seconds: float = 0) -> Iterator[bool]:
    """Hold a lock like `file_lock`. Raises `DamagedLock` for a file that is not one, and `DataError` for other errors.

    A file that another process has locked is not read, so that it is never taken for a damaged one.
    """
    with contextlib.ExitStack() as release:
        try:
            is_mine = release.enter_context(file_lock(path, seconds))
        except sqlite3.Error as error:
            if is_damage(error) or os.path.isdir(path):  # noqa: PTH112 - Path raises where a folder above cannot be entered
                raise DamagedLock(path) from error
            raise DataError(f"{path}: {error}") from error
        yield is_mine


def _words(process: str, url: str) -> str:
    return f"the server at {url} (process {process})" if url else f"process {process}"


def _users(data_dir: Path) -> dict[Path, tuple[str, str]]:
    """Return the file of each user with its process and URL; the files of processes that have ended are removed."""
    users = {}
    for file in sorted(data_dir.glob("user-*.lock")):
        found = _USER.fullmatch(file.name)
        if found is None:
            continue
        with _locked(file) as is_left:
            pass
        if is_left:
            _remove(file)
        else:
            users[file] = (found["process"], unquote(found["url"]))
    return users


def _remove(file: Path) -> None:
    """Remove the file of a user that has ended. One that stays, as in a folder that is now read-only, does no harm."""
    with contextlib.suppress(OSError):
        file.unlink()
