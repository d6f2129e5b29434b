"""Whether the database that an earlier process left is sound: damage shows at the start and not in a request."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from flowctl.emulator.data_error import DataError

if TYPE_CHECKING:
    from pathlib import Path

_COLUMNS = {
    "organization": "id, tenant",
    "client": "id, secret, org, permissions",
    "token": "token, client, expires",
    "sandbox": "scope, org, name, id, body",
    "object": "seq, scope, kind, id, name, etag, created, body",
    "audit_event": "seq, scope, kind, id, name, etag, created, body",
    "reference": "scope, kind, id, to_kind, to_id",
    "mapping_set_version": "scope, id, version, body",
    "transition": "scope, kind, id, following, due, reads",
}
# Tables, with the column that holds JSON, and the layout from which on they are there.
_JSON_COLUMNS = (
    ("object", "body", 1),
    ("sandbox", "body", 1),
    ("client", "permissions", 1),
    ("audit_event", "body", 4),
)


def require_usable(file: Path) -> None:
    """Raise `DataError` if something that is there is not a file that can be written."""
    try:
        is_there, is_file = file.exists(), file.is_file()
    except OSError as error:
        raise DataError(f"{file}: {error.strerror}") from error
    if is_there and not is_file:
        raise DataError(f"{file} is not a regular file")
    if is_there and not os.access(file, os.W_OK):
        raise DataError(f"{file} cannot be written")


def require_sound(connection: sqlite3.Connection, tables: set[str], version: int) -> None:
    """Read through what an earlier process left, so that damage shows now and not in the middle of a request."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DataError(f"it is damaged ({' '.join(str(verdict).split())})")
    for table, column in ((table, column) for table, column, since in _JSON_COLUMNS if version >= since):
        if table not in tables:
            raise DataError(f"it has no table {table}")
        found = connection.execute(f"SELECT 1 FROM {table} WHERE NOT json_valid({column}) LIMIT 1").fetchone()
        if found is not None:
            raise DataError(f"it is damaged (a row of {table} is not JSON)")


def require_columns(connection: sqlite3.Connection) -> None:
    """Raise `DataError` if a table of this layout, or a column of one, is missing."""
    for table, columns in _COLUMNS.items():
        try:
            connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")
        except sqlite3.OperationalError as error:
            raise error if is_busy(error) else DataError(f"it is damaged ({error})") from error


def is_busy(error: BaseException) -> bool:
    """Whether another program has locked the data."""
    return isinstance(error, sqlite3.Error) and code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary code of an error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
