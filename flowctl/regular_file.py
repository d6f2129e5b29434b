"""Reading a file whose path may lead to anything: only a regular file is read, and no more of it than is allowed."""

import errno
import os
import stat
from pathlib import Path

LARGEST_RECORD = 256_000_000
"""Bytes that a lockfile, journal, saved plan or cache may have: far more than any workspace needs."""

_STEP = 1_000_000
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class TooLarge(OSError):  # noqa: N818 - reads as what happened
    """The file has more bytes than are read."""


def read_regular(path: str | Path, most: int = LARGEST_RECORD, *, is_listed: bool = False) -> bytes:
    """The bytes of a regular file, which a link may lead to; `is_listed` says that its folder just listed it as one.

    Raises FileNotFoundError only where nothing at all stands at the path, TooLarge for more than `most` bytes, and
    OSError for everything else. The words in `strerror` follow "cannot be read: ".
    """
    try:
        return _read(os.fspath(path), most, is_listed)
    except FileNotFoundError:
        if os.path.islink(path):  # noqa: PTH114 - Path.is_link raises for some names
            raise OSError(errno.EINVAL, "it is a link to a file that does not exist") from None
        raise
    except ValueError as error:
        raise OSError(errno.EINVAL, "its name holds a character that no file name can hold") from error


def kind_of(mode: int) -> str | None:
    """What stands at a path, in words; None for a regular file."""
    return next((words for is_one, words in _KINDS if is_one(mode)), None)


_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _read(name: str, most: int, is_listed: bool) -> bytes:
    # Opening a device may do something, and opening a pipe waits for a writer: so it is looked at first.
    if not is_listed:
        _check(os.stat(name).st_mode)  # noqa: PTH116 - raises as os.open does
    descriptor = os.open(name, _FLAGS)
    # Not through a stream: to make one takes as long as all the rest, and there are thousands of manifests.
    try:
        status = os.fstat(descriptor)
        _check(status.st_mode)
        if status.st_size > most:
            raise _too_large(most)
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:  # it grew, or does not tell its size
            while part := os.read(descriptor, _STEP):
                data += part
                if len(data) > most:
                    raise _too_large(most)
        return data
    finally:
        os.close(descriptor)


def _check(mode: int) -> None:
    kind = None if stat.S_ISREG(mode) else kind_of(mode)
    if kind is not None:
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file")


def _too_large(most: int) -> TooLarge:
    return TooLarge(errno.EFBIG, f"it has more than {most:,} bytes")
