"""The SQLite file: its tables, its one connection per process, and write transactions."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYOUT_VERSION = 3
BUSY_SECONDS = 30.0

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


class Database:
    """One SQLite connection, used only by the server's event loop.

    Write-ahead logging lets several processes share a data folder; `synchronous=NORMAL` keeps every
    acknowledged write over a kill of the process.
    """

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self._create_tables()

    def _create_tables(self) -> None:
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version == LAYOUT_VERSION:
            return
        if version > LAYOUT_VERSION:
            self.close()
            raise RuntimeError(f"The emulator's data was written by a newer version (layout {version}).")
        with self.writing():
            for statement in _TABLES.split(";"):
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA user_version={LAYOUT_VERSION}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: commit at the end, roll everything back on any exception. May be nested."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
