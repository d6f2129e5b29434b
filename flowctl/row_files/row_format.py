"""How a file of rows is to be read, and what the name of a file tells about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePath

Form = Literal["delimited", "json", "ndjson", "parquet"]

_BY_ENDING: Final[Mapping[str, Form]] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}
_PACKED: Final = frozenset({".gz", ".gzip", ".bz2", ".zip"})
_DELIMITERS: Final[Mapping[str, str]] = {"\\t": "\t", "tab": "\t", "comma": ",", "pipe": "|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFormat:
    """The form of a file. `encoding` is empty where the file itself tells, and else UTF-8."""

    form: Form = "delimited"
    delimiter: str = ","
    encoding: str = ""


def ending(path: PurePath) -> str:
    """Return the ending of a name in lower case, without one that says how the file is compressed."""
    endings = [part.lower() for part in path.suffixes]
    if endings and endings[-1] in _PACKED:
        endings.pop()
    return endings[-1] if endings else ""


def form_of_name(path: PurePath) -> Form | None:
    """Return the form that the ending of a name stands for, or None for an ending that says nothing."""
    return _BY_ENDING.get(ending(path))


def delimiter_of(given: str) -> str | None:
    """Return the delimiter that a setting stands for, or None if it is not one character that can be one."""
    delimiter = _DELIMITERS.get(given, given)
    return None if len(delimiter) != 1 or delimiter in '\r\n"' else delimiter
