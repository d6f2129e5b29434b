"""A file that one process has locked, with a text in it that every process may read.

The lock covers the first byte: on Windows no other process can read locked bytes, so the text follows that byte.
"""

import errno
import os
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flowctl.systems import open_plain

if TYPE_CHECKING:
    from filelock import SoftFileLock

_LOCKED: Final = b" "
_NO_LOCKS: Final = frozenset({errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Errors of systems and file systems without locks."""
_LONGEST: Final = 4096


@dataclass(frozen=True, slots=True)
class LockedFile:
    """A file that this process has locked; `beside` is the lock if the file system has none."""

    descriptor: int
    beside: "SoftFileLock | None" = None

    def write(self, text: bytes) -> None:
        """Replace the text."""
        os.ftruncate(self.descriptor, 0)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        os.write(self.descriptor, _LOCKED + text)

    def clear(self) -> None:
        """Remove the text, if that is possible."""
        with suppress(OSError):
            os.ftruncate(self.descriptor, 0)

    def release(self) -> None:
        """Unlock and close the file; Windows is slow to unlock a file that is only closed."""
        from filelock import unlock_descriptor

        with suppress(OSError):
            if self.beside is not None:
                self.beside.release()
            else:
                unlock_descriptor(self.descriptor)
        os.close(self.descriptor)

    def is_removed(self) -> bool:
        """Whether the file no longer has a name."""
        return os.fstat(self.descriptor).st_nlink == 0


def lock_file(path: Path, flags: int) -> LockedFile | bytes:
    """The file, locked; or its text, if another process has it. Never waits. Raises OSError."""
    descriptor = open_plain(path, flags)
    try:
        found = _locked(descriptor, path) or _text(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    if isinstance(found, bytes):
        os.close(descriptor)
    return found


def _locked(descriptor: int, path: Path) -> LockedFile | None:
    with warnings.catch_warnings():
        # It takes long to import, and most commands need no lock; where there are no locks, it says so.
        warnings.simplefilter("ignore", UserWarning)
        from filelock import SoftFileLock, Timeout, lock_descriptor
    try:
        return LockedFile(descriptor) if lock_descriptor(descriptor, blocking=False) else None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    beside = SoftFileLock(f"{path}.held", blocking=False, thread_local=False)
    try:
        beside.acquire()
    except Timeout:
        return None
    return LockedFile(descriptor, beside)


def _text(descriptor: int) -> bytes:
    """The text after the locked byte; version 0.1.0 began a JSON object with that byte."""
    os.lseek(descriptor, len(_LOCKED), os.SEEK_SET)
    text = os.read(descriptor, _LONGEST)
    return b"{" + text.removeprefix(b"{") if text else b""
