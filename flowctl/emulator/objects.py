"""The store of JSON documents: rows by sandbox, kind and id, with an etag that is checked in the UPDATE itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from flowctl.emulator.conditions import ALWAYS, Condition
from flowctl.emulator.json_text import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_COLUMNS = "seq, id, name, etag, created, body"


class Stored(NamedTuple):
    """One stored document."""

    seq: int
    id: str
    name: str | None
    etag: str
    created: int
    text: str

    def value(self) -> dict[str, Any]:
        """Return the document as a fresh object."""
        document: dict[str, Any] = json.loads(self.text)
        return document


class ObjectStore:
    """Documents of one table (`object`, `audit_event` or the read-only `library`) and what refers to what."""

    def __init__(self, connection: sqlite3.Connection, table: str = "object") -> None:
        self._connection = connection
        self._table = table

    def insert(
        self,
        scope: int,
        kind: str,
        id_: str,
        body: dict[str, Any],
        *,
        etag: str,
        created: int,
        name: str | None = None,
    ) -> None:
        """Store a new document. Raises `sqlite3.IntegrityError` where the id exists."""
        self._connection.execute(
            f"INSERT INTO {self._table} (scope, kind, id, name, etag, created, body) VALUES (?,?,?,?,?,?,?)",
            (scope, kind, id_, name, etag, created, dump(body)),
        )

    def get(self, scope: int, kind: str, id_: str) -> Stored | None:
        """Return one document, or None."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM {self._table} WHERE scope = ? AND kind = ? AND id = ?", (scope, kind, id_)
        ).fetchone()
        return Stored(*row) if row else None

    def name_of(self, scope: int, kind: str, id_: str) -> str | None:
        """Return the name of one document, or None if it has none or is not there."""
        row = self._connection.execute(
            f"SELECT name FROM {self._table} WHERE scope = ? AND kind = ? AND id = ?", (scope, kind, id_)
        ).fetchone()
        return row[0] if row else None

    def scopes_of(self, kind: str, id_: str) -> list[int]:
        """Return the sandboxes with a document of that ID, the oldest document first."""
        rows = self._connection.execute(
            f"SELECT scope FROM sandbox JOIN {self._table} AS it USING (scope) "
            "WHERE kind = ? AND it.id = ? ORDER BY seq",
            (kind, id_),
        )
        return [int(scope) for (scope,) in rows]

    def replace(
        self,
        scope: int,
        kind: str,
        id_: str,
        body: dict[str, Any],
        *,
        etag: str,
        expected: str | None = None,
        name: str | None = None,
    ) -> bool:
        """Store a new state of a document; with `expected`, only over that etag. Return whether it was stored."""
        cursor = self._connection.execute(
            f"UPDATE {self._table} SET body = ?, etag = ?, name = ? "
            "WHERE scope = ? AND kind = ? AND id = ? AND (? IS NULL OR etag = ?)",
            (dump(body), etag, name, scope, kind, id_, expected, expected),
        )
        return cursor.rowcount == 1

    def delete(self, scope: int, kind: str, id_: str) -> bool:
        """Remove a document and what it refers to. Return whether it was there."""
        self._connection.execute("DELETE FROM reference WHERE scope = ? AND kind = ? AND id = ?", (scope, kind, id_))
        cursor = self._connection.execute(
            f"DELETE FROM {self._table} WHERE scope = ? AND kind = ? AND id = ?", (scope, kind, id_)
        )
        return cursor.rowcount == 1

    def select(
        self,
        scope: int,
        kind: str,
        where: Condition = ALWAYS,
        *,
        order: str = "seq",
        limit: int = -1,
        offset: int = 0,
    ) -> list[Stored]:
        """Return documents that meet `where`. `order` is SQL made by the caller from known names only."""
        if where.by_id and order.endswith("seq"):
            # The plus sign keeps SQLite from walking the whole list in its order to find a few ids.
            order = order.removesuffix("seq") + "+seq"
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM {self._table} WHERE scope = ? AND kind = ? AND ({where.sql}) "
            f"ORDER BY {order} LIMIT ? OFFSET ?",
            (scope, kind, *where.parameters, limit, offset),
        )
        return [Stored(*row) for row in rows]

    def count(self, scope: int, kind: str, where: Condition = ALWAYS) -> int:
        """Return how many documents meet `where`."""
        (number,) = self._connection.execute(
            f"SELECT count(*) FROM {self._table} WHERE scope = ? AND kind = ? AND ({where.sql})",
            (scope, kind, *where.parameters),
        ).fetchone()
        return int(number)

    def refer_anew(self, scope: int, kind: str, id_: str, targets: Iterable[tuple[str, str]]) -> None:
        """Record what a document refers to, in place of what was recorded before."""
        self._connection.execute("DELETE FROM reference WHERE scope = ? AND kind = ? AND id = ?", (scope, kind, id_))
        self.refer(scope, kind, id_, targets)

    def refer(self, scope: int, kind: str, id_: str, targets: Iterable[tuple[str, str]]) -> None:
        """Record what a new document refers to."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO reference (scope, kind, id, to_kind, to_id) VALUES (?,?,?,?,?)",
            [(scope, kind, id_, to_kind, to_id) for to_kind, to_id in targets],
        )

    def referrers(self, scope: int, kind: str, to_kind: str, to_id: str) -> Sequence[str]:
        """Return the IDs of the documents of `kind` that refer to the given one."""
        rows = self._connection.execute(
            "SELECT id FROM reference WHERE scope = ? AND to_kind = ? AND to_id = ? AND kind = ? ORDER BY id",
            (scope, to_kind, to_id, kind),
        )
        return [row[0] for row in rows]
