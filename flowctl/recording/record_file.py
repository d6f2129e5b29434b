"""The file of a record: JSON Lines, a head and then one exchange each, complete after every line."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flowctl.recording.exchanges import LARGEST_LINE, RECEIVED, SENT
from flowctl.regular_file import read_regular
from flowctl.strict_json import NotJson, parse, text_of

VERSION: Final = "1"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"})

_HEADERS: Final = frozenset({*SENT, *RECEIVED, "authorization"})
"""Others, such as those of the length of a body, would not be those of the request that is sent."""


_BODIES: Final = frozenset({"json", "form", "shape", "bytes"})
"""What a record says of a body: one of them."""


class RecordError(ValueError):
    """The file is not a record; the message says where and why, to follow "is not a record: "."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The exchanges of a record, and whether its last line was cut off."""

    exchanges: tuple[dict[str, Any], ...]
    is_cut: bool = False


class RecordFile:
    """A new file that only its owner reads. Raises OSError if something has the name already."""

    def __init__(self, path: Path, release: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path, flags, 0o600)
        self._lock = threading.Lock()
        self._size = 0
        self.written = 0
        try:
            self._line({"recordVersion": VERSION, "flowctl": release})
        except OSError:
            os.close(self._descriptor)
            path.unlink(missing_ok=True)
            raise

    def add(self, exchange: Mapping[str, Any]) -> None:
        """Write one exchange to the file before returning. Raises OSError; the file then ends with a whole line."""
        with self._lock:
            self._line({"exchange": self.written + 1, **exchange})
            self.written += 1

    def close(self) -> None:
        """Close the file; what was written is on the disk."""
        with self._lock:
            try:
                os.fsync(self._descriptor)
            finally:
                os.close(self._descriptor)

    def _line(self, members: Mapping[str, Any]) -> None:
        line = (json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        left = memoryview(line)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            os.lseek(self._descriptor, self._size, os.SEEK_SET)
            raise
        self._size += len(line)


def read(path: Path) -> Recorded:
    """Return the exchanges of a file. Raises RecordError, and OSError where it cannot be read."""
    try:
        text = text_of(read_regular(path))
    except NotJson as error:
        raise RecordError(f"{error.words} (line {error.line})") from None
    lines = text.split("\n")
    is_cut = lines.pop() != ""
    if not lines:
        raise RecordError("its first line is incomplete" if text else "it is empty")
    head = _parsed(lines[0], 1)
    if not isinstance(head, dict) or "recordVersion" not in head:
        raise RecordError("its first line has no recordVersion")
    if head["recordVersion"] != VERSION:
        raise RecordError(f"its version is not {VERSION}; a newer release of flowctl wrote it")
    return Recorded(exchanges=tuple(_exchange(line, number) for number, line in enumerate(lines[1:], 2)), is_cut=is_cut)


def _exchange(line: str, number: int) -> dict[str, Any]:
    if len(line) > LARGEST_LINE:
        raise RecordError(f"line {number} has more than {LARGEST_LINE:,} characters, which no exchange has")
    value = _parsed(line, number)
    if not isinstance(value, dict) or not _is_request(value.get("request")):
        raise RecordError(f"line {number} has no request")
    reply = value.get("reply")
    if reply is None and isinstance(value.get("failure"), str):
        return value
    if value.get("withheld") is True and isinstance(reply, dict):
        return value
    if not isinstance(reply, dict) or not _is_side(reply) or type(reply.get("status")) is not int:
        raise RecordError(f"line {number} has no reply")
    return value


def _is_request(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_side(value) or value.get("method") not in _METHODS:
        return False
    path, query = value.get("path"), value.get("query")
    return (
        isinstance(path, str)
        and isinstance(query, str)
        and path.startswith("/")
        and _is_plain(path + query)
        and " " not in path + query
    )


def _is_side(value: dict[str, Any]) -> bool:
    headers, body = value.get("headers"), value.get("body")
    if not isinstance(headers, dict) or not (body is None or (isinstance(body, dict) and body.keys() & _BODIES)):
        return False
    form = (body or {}).get("form", [])
    pairs = isinstance(form, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair) for pair in form
    )
    return pairs and all(
        isinstance(each, str) and name in _HEADERS and _is_plain(each) for name, each in headers.items()
    )


def _is_plain(text: str) -> bool:
    return text.isprintable() and text.isascii()


def _parsed(line: str, number: int) -> Any:
    try:
        return parse(line)
    except NotJson as error:
        raise RecordError(f"line {number}, column {error.column}: {error.words}") from None
