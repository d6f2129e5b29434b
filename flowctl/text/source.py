"""Decode the bytes of a file: UTF-8 only, with a problem for everything else."""

import re
from codecs import BOM_UTF8
from typing import NamedTuple

from flowctl.late_pattern import late_pattern

MOST_BYTES = 10_000_000
_NOT_ALLOWED = late_pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = late_pattern(r"^<{7} [^\r\n]*", re.MULTILINE)
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class TextProblem(NamedTuple):
    """A problem of the text of a file. Line and column are counted from 1."""

    code: str
    summary: str
    detail: str = ""
    hint: str = ""
    line: int = 1
    column: int = 1
    warning: bool = False


def decode(data: bytes, *, allows_conflict: bool = False) -> str | TextProblem:
    """The text without its byte order mark, or the reason why it is not read."""
    if len(data) > MOST_BYTES:
        return too_large()
    if data.startswith(_UTF16_OR_32) or b"\x00" in data[:4]:
        return TextProblem(
            code="not-utf-8",
            summary="the file is not UTF-8",
            detail="It is UTF-16 or UTF-32.",
            hint="Save the file as UTF-8.",
        )
    try:
        text = data.removeprefix(BOM_UTF8).decode()
        return text if allows_conflict else _merge_conflict(text) or text
    except UnicodeDecodeError as error:
        body = data.removeprefix(BOM_UTF8)
        line, column = place(body[: error.start].decode("utf-8"))
        return TextProblem(
            code="not-utf-8",
            summary="the file is not UTF-8",
            detail=f"The byte 0x{body[error.start]:02x} here is not valid.",
            hint="Save the file as UTF-8.",
            line=line,
            column=column,
        )


def too_large() -> TextProblem:
    """The problem of a file that is too large to be read."""
    return TextProblem(
        code="file-too-large",
        summary="the file is too large for a manifest",
        detail=f"The limit is {MOST_BYTES // 1_000_000} MB.",
        hint="Split it into several files.",
    )


def _merge_conflict(text: str) -> TextProblem | None:
    """The first conflict marker that a version control system left in the text."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text else None
    if found is None:
        return None
    return TextProblem(
        code="merge-conflict",
        summary="the file has a merge conflict",
        hint="Resolve the conflict: keep one side, or combine both, and remove the lines with markers.",
        line=place(text[: found.start()])[0],
    )


def control_character(text: str) -> TextProblem | None:
    """The first character that YAML does not allow in a text, if there is one."""
    found = _NOT_ALLOWED.search(text)
    if found is None:
        return None
    line, column = place(text[: found.start()])
    return TextProblem(
        code="control-character",
        summary=f"the file has the control character U+{ord(found[0]):04X}",
        detail="YAML does not allow it.",
        hint='Remove it, or write it as an escape in double quotes, such as `"\\x07"`.',
        line=line,
        column=column,
    )


def place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the end of a text."""
    lines = re.split("\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1
