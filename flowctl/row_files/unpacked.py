"""The text of a file: unpacked by what its first bytes say, and decoded."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import os
import stat
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from flowctl.row_files.row_format import RowFormat

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def opened(path: Path, form: RowFormat, stack: ExitStack, size: int | None = None) -> TextIO:
    """Return the text of a regular file, of `size` bytes if it may grow meanwhile.

    Raises OSError with words that follow "cannot be read: ".
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - Path.stat raises ValueError for some names
        raise OSError(0, "it is not a regular file")
    if size is None:
        raw = stack.enter_context(path.open("rb"))
    else:
        whole = stack.enter_context(path.open("rb", buffering=0))
        raw = io.BufferedReader(_Beginning(whole, size), 1 << 18)
    unpacked = _unpacked(raw, stack)
    start = unpacked.peek(4)[:4]
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), form.encoding or "utf-8")
    return stack.enter_context(io.TextIOWrapper(unpacked, encoding=encoding, newline=""))


def compression_of(path: Path) -> str:
    """Return `gzip`, `bzip2`, `zip`, `zstandard`, or nothing, by the first bytes of a file. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((name for mark, name in _PACKED if start.startswith(mark)), "")


_PACKED: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
)


def _unpacked(raw: io.BufferedReader, stack: ExitStack) -> io.BufferedReader:
    start = raw.peek(4)[:4]
    match next((name for mark, name in _PACKED if start.startswith(mark)), ""):
        case "gzip":
            return _buffered(_Sound(gzip.GzipFile(fileobj=raw)))
        case "bzip2":
            return _buffered(_Sound(bz2.BZ2File(raw)))
        case "zip":
            return _buffered(_Sound(_first_member(raw, stack)))
        case "zstandard":
            raise OSError(0, "it is compressed with Zstandard, which is not supported")
    return raw


def _first_member(raw: io.BufferedReader, stack: ExitStack) -> IO[bytes]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(raw))
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(files) != 1:
            raise OSError(0, f"it is an archive of {len(files)} files, and not of one")
        return stack.enter_context(archive.open(files[0]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise OSError(0, "it is a damaged or encrypted archive") from error


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, 1 << 18)


class _Sound(io.RawIOBase):
    """A decompressed stream whose damage is an OSError."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile | bz2.BZ2File) -> None:
        self._inner = inner

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read as the stream does. Raises OSError on damaged data."""
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise OSError(0, "its compressed data is damaged") from error
        buffer[: len(data)] = data
        return len(data)


class _Beginning(io.RawIOBase):
    """The first bytes of a file, as if it ended there."""

    def __init__(self, inner: io.RawIOBase, size: int) -> None:
        self._inner = inner
        self._size = size

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Always true: the file is a regular one."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; the end is the one that the file had."""
        if whence == io.SEEK_END:
            return self._inner.seek(max(0, self._size + offset))
        return self._inner.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read as the file does, and not beyond the end."""
        data = self._inner.read(max(0, min(len(buffer), self._size - self._inner.tell()))) or b""
        buffer[: len(data)] = data
        return len(data)
