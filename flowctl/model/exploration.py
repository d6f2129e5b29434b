"""What a base connection holds: the entries of a folder, or the columns and rows of one table or file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """A table, a file or a folder of a source."""

    type: str
    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumn:
    """A column, or a nested member with dots in its name; `type` is in Adobe's words, such as `date-time`."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """The columns of a table or file, and its first rows if they were asked for."""

    columns: tuple[SourceColumn, ...]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """What a connection holds at its root or in a folder; `path` is empty for the root."""

    connection: str
    path: str
    entries: tuple[SourceEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """One table or file of a connection; the values of its rows are masked unless `shows_values`.

    `param` is the source parameter by which a pipeline reads it: `tableName` or `path`.
    """

    connection: str
    path: str
    table: SourceTable
    shows_values: bool
    param: str
