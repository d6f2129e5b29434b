"""The text of a sample file: unpacked by what its first bytes say, and decoded."""

import bz2
import codecs
import gzip
import io
import os
import stat
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final, TextIO

from flowctl.preview.sample_format import SampleFormat

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def opened(path: Path, form: SampleFormat, stack: ExitStack) -> TextIO:
    """Return the text of a regular file. Raises OSError with words that follow "cannot be read: "."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - Path.stat raises ValueError for some names
        raise OSError(0, "it is not a regular file")
    raw = stack.enter_context(path.open("rb"))
    unpacked = _unpacked(raw, stack)
    start = unpacked.peek(4)[:4]
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), form.encoding or "utf-8")
    return stack.enter_context(io.TextIOWrapper(unpacked, encoding=encoding, newline=""))


def _unpacked(raw: io.BufferedReader, stack: ExitStack) -> io.BufferedReader:
    start = raw.peek(4)[:4]
    if start.startswith(b"\x1f\x8b"):
        return _buffered(_Sound(gzip.GzipFile(fileobj=raw)))
    if start.startswith(b"BZh"):
        return _buffered(_Sound(bz2.BZ2File(raw)))
    if start == b"PK\x03\x04":
        return _buffered(_Sound(_first_member(raw, stack)))
    if start == b"\x28\xb5\x2f\xfd":
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

    def __init__(self, inner: "IO[bytes] | gzip.GzipFile | bz2.BZ2File") -> None:
        self._inner = inner

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read as the stream does. Raises OSError on damaged data."""
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise OSError(0, "its compressed data is damaged") from error
        buffer[: len(data)] = data
        return len(data)
