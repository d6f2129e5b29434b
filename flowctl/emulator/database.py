"""The SQLite file: its tables, its one connection per process, and write transactions."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flowctl.emulator.data_error import DataError, DataInUse, NewerData
from flowctl.emulator.soundness import code_of, is_busy, require_columns, require_sound, require_usable
from flowctl.emulator.write_ahead_log import WriteAheadLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAME = "platform.sqlite3"
LAYOUT_VERSION = 4
BUSY_SECONDS = 10.0
_HINDRANCES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    }
)

OBJECT_COLUMNS = """(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    scope INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    etag TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (scope, kind, id)
)"""

# The exact expression that lists order by, so that SQLite can use the index.
UPDATED_AT = "IFNULL(json_extract(body, '$.updatedAt'), '')"

_TABLES = f"""
CREATE TABLE IF NOT EXISTS organization (id TEXT PRIMARY KEY, tenant TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS client (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, org TEXT NOT NULL, permissions TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token (
    token TEXT PRIMARY KEY, client TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sandbox (
    scope INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (org, name));
CREATE TABLE IF NOT EXISTS object {OBJECT_COLUMNS};
CREATE INDEX IF NOT EXISTS object_by_name ON object (scope, kind, name);
CREATE INDEX IF NOT EXISTS object_in_order ON object (scope, kind, seq);
CREATE INDEX IF NOT EXISTS object_by_update ON object (scope, kind, {UPDATED_AT});
CREATE TABLE IF NOT EXISTS audit_event (
    seq INTEGER PRIMARY KEY, scope INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT,
    etag TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audit_event_by_asset ON audit_event (scope, kind, name);
INSERT INTO audit_event (scope, kind, id, name, etag, created, body)
    SELECT scope, kind, id, name, etag, created, body FROM object WHERE kind = 'auditEvent' ORDER BY seq;
DELETE FROM object WHERE kind = 'auditEvent';
CREATE TABLE IF NOT EXISTS reference (
    scope INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, to_kind TEXT NOT NULL, to_id TEXT NOT NULL,
    PRIMARY KEY (scope, kind, id, to_kind, to_id)) WITHOUT ROWID;
DROP INDEX IF EXISTS reference_to;
CREATE INDEX IF NOT EXISTS reference_target ON reference (to_kind, to_id, scope, kind, id);
CREATE TABLE IF NOT EXISTS mapping_set_version (
    scope INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (scope, id, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transition (
    scope INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, following TEXT NOT NULL,
    due INTEGER, reads INTEGER, PRIMARY KEY (scope, kind, id)) WITHOUT ROWID;
"""


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps for a database."""
    return tuple(path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal"))


def hindrance(error: BaseException) -> str | None:
    """Return why undamaged data cannot be read or written, such as a full disk; None for any other error."""
    if isinstance(error, OSError):
        return error.strerror
    is_one = isinstance(error, sqlite3.Error) and code_of(error) in _HINDRANCES
    return str(error) if is_one else None


def is_damage(error: sqlite3.Error) -> bool:
    """Whether a file is not a sound database."""
    return code_of(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class Database:
    """One SQLite connection; whoever uses it has the turn of the platform. `on_stored` is called after each commit.

    Write-ahead logging lets several processes share a data folder; `synchronous=NORMAL` keeps every
    acknowledged write over a kill of the process.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises `DataError` for one that is not a sound database of the emulator."""
        self.on_stored: Callable[[], None] = lambda: None
        for file in files_of(path):
            require_usable(file)
        try:
            self.connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        except sqlite3.Error as error:
            raise DataError(f"{path}: {error}") from error
        try:
            self._open(path)
        except (sqlite3.Error, DataError) as error:
            self.close()
            if is_busy(error):
                raise DataInUse(f"{path} is locked by another program") from error
            if isinstance(error, NewerData):
                raise NewerData(f"{path}: {error}") from error
            raise DataError(f"{path}: {error}") from error
        except ValueError as error:  # text that is not UTF-8
            self.close()
            raise DataError(f"{path}: it is damaged") from error

    def _open(self, path: Path) -> None:
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version > LAYOUT_VERSION:
            raise NewerData(f"it was written by a newer release (layout {version})")
        tables = {name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if version == 0 and tables:
            raise DataError("it is the database of another program")
        if version:
            require_sound(self.connection, tables, version)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self._log = WriteAheadLog(self.connection, path, busy_ms=int(BUSY_SECONDS * 1000))
        if version < LAYOUT_VERSION:
            with self.writing():
                for statement in _TABLES.split(";"):
                    self.connection.execute(statement)
                self.connection.execute(f"PRAGMA user_version={LAYOUT_VERSION}")
        if version:
            require_columns(self.connection)

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[None]:
        """Hold the write lock: commit at the end, roll everything back on any exception. May be nested.

        Without `keep`, everything is rolled back in any case.
        """
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT" if keep else "ROLLBACK")
        except BaseException:
            if self.connection.in_transaction:  # SQLite itself has ended it after some errors, such as a full disk
                self.connection.execute("ROLLBACK")
            raise
        if keep:
            self._log.bound()
            self.on_stored()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
