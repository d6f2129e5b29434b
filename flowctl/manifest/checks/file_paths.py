"""Paths of files and folders: names that Adobe's sources do not accept."""

from collections.abc import Iterator
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.auth_params import connector_of
from flowctl.manifest.checks.source import source_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import Step
from flowctl.validation.wording import all_of, code, codes, key, value_words

LONGEST: Final = 255
"""Characters of the name of one file or folder."""

_FORBIDDEN: Final = late_pattern(r"[\"\\:|<>?]")
_UNPRINTABLE: Final = late_pattern(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]")
_RESERVED: Final = late_pattern(r"[!'();@&=+$,#\[\]]|%(?![0-9A-Fa-f]{2})")
_DEVICES: Final = frozenset(
    {*(f"LPT{n}" for n in range(1, 10)), *(f"COM{n}" for n in range(1, 10)), "PRN", "AUX", "NUL", "CON", "CLOCK$"}
)


def source_path(document: Document, index: Index) -> Iterator[Diagnostic]:
    """The path that a Pipeline reads files from; `*` matches any characters."""
    known = source_of(document, index).connector
    reads_files = known.reads_files if known else document.at("source", "params", "type") in ("file", "folder")
    if reads_files:
        yield from _path(document, "source", "params", "path", pattern=True)


def account_path(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """The folder that an account is limited to."""
    known = connector_of(document.content)
    if known is not None and known.reads_files:
        yield from _path(document, "auth", "params", "folderPath", pattern=False)


def _path(document: Document, *path: Step, pattern: bool) -> Iterator[Diagnostic]:
    value = document.at(*path)
    if not isinstance(value, str):
        return
    found = _fault(value, pattern)
    if found is not None:
        what, hint = found
        yield document.error("invalid-path", f"{key(*path)} {what}", *path, detail=_found(document, *path), hint=hint)
        return
    reserved = sorted(set(_RESERVED.findall(value)))
    escaped = [f"`%{ord(sign):02X}` for {code(sign)}" for sign in reserved]
    if reserved:
        yield document.error(
            "unescaped-path",
            f"{key(*path)} has {all_of(codes(reserved))} without an escape",
            *path,
            detail=_found(document, *path),
            hint=f"Write {all_of(escaped)}, or rename the file or folder.",
            severity=Severity.WARNING,
        )


def _found(document: Document, *path: Step) -> str:
    shown = str(document.shown(*path))
    return f"Found {value_words(shown)}." if shown.strip() else ""


def _fault(value: str, pattern: bool) -> tuple[str, str] | None:
    """What is wrong with a path, and what to do about it."""
    names = value.split("/")
    odd = sorted(set(_FORBIDDEN.findall(value if pattern else value.replace("*", "?"))))
    long = next((name for name in names if len(name) > LONGEST), None)
    device = next((name for name in names if name.upper() in _DEVICES or name in (".", "..")), None)
    if not value.strip():
        return "is empty", "Name the file or folder to read."
    if _UNPRINTABLE.search(value):
        return "has a character that no path may have", "Remove control characters and private-use characters."
    if odd:
        return f"has {all_of(codes(odd))}, which no path may have", "Rename the file or folder, or correct the path."
    if long is not None:
        return f"has a name of {len(long)} characters, the limit is {LONGEST}", "Rename the file or folder."
    if device is not None:
        return f"has the reserved name {code(device)}", "Rename the file or folder."
    if value.endswith("/") and value != "/":
        return "ends with a slash", f"Write {code(value.rstrip('/') or '/')}."
    return None
