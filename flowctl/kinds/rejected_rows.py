"""The rows that ingestion rejected, as Data Access keeps them for 30 days: lists of files, and files of JSON lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flowctl.kinds.identifier import Unclear, listed, path_part
from flowctl.model.request import Reply, Request

DAYS_KEPT: Final = 30
_BASE: Final = "/data/foundation/export/batches"
_FOLDER: Final = "row_errors"
_PAGE: Final = 100
"""The most files that one list has, by Adobe's description."""


@dataclass(frozen=True, slots=True)
class RowsFile:
    """A file of rejected rows by its name."""

    name: str


def rows_files(batch: str) -> Request:
    """The first page of the files of a batch."""
    return _meta(batch, (("path", _FOLDER), ("start", "0"), ("limit", str(_PAGE))))


def rows_in(batch: str, file: RowsFile) -> Request:
    """The read of one file."""
    return Request(
        method="GET", path=f"{_BASE}/{path_part(batch)}/meta", query=(("path", f"{_FOLDER}/{file.name}"),), lines=True
    )


def files_of(reply: Reply) -> list[RowsFile]:
    """The files that a list shows."""
    return [RowsFile(_name(item["name"])) for item in listed(reply.body["data"])]


def next_files(request: Request, reply: Reply) -> Request | None:
    """The next page; a page that is not full is the last one."""
    if len(reply.body["data"]) < _PAGE:
        return None
    start = int(dict(request.query)["start"]) + _PAGE
    query = tuple((name, str(start) if name == "start" else value) for name, value in request.query)
    return Request(method="GET", path=request.path, query=query)


def rows_of(reply: Reply) -> list[Mapping[str, Any]]:
    """The rows of a file."""
    rows = listed(reply.body)
    if not all(isinstance(row, dict) for row in rows):
        raise Unclear("a row in it is not an object")
    return rows


def codes_of(row: Mapping[str, Any]) -> list[str]:
    """The codes of the errors of a row."""
    errors = row.get("_errors")
    found = errors if isinstance(errors, list) else []
    return [str(each.get("code") or "unknown") for each in found if isinstance(each, dict)]


def _meta(batch: str, query: tuple[tuple[str, str], ...]) -> Request:
    return Request(method="GET", path=f"{_BASE}/{path_part(batch)}/meta", query=query)


def _name(value: object) -> str:
    """The name of a file, which becomes the name of one here: nothing that leads elsewhere."""
    if isinstance(value, str) and 0 < len(value) <= 128 and not value.startswith(".") and _is_plain(value):
        return value
    raise Unclear("a file in it has a name that cannot be used")


def _is_plain(name: str) -> bool:
    return all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name)
