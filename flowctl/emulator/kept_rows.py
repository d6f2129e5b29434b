"""Rows that nearly every request asks for, kept decoded until this or another process changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

_Row = TypeVar("_Row")


class KeptRows:
    """What was read of a few small tables. Whoever changes them through this connection calls `clear`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[str, ...], Any] = {}
        self._version = 0

    def get(self, key: tuple[str, ...], read: Callable[[], _Row | None]) -> _Row | None:
        """Return the kept row of that key, else the one that `read` returns.

        In a transaction nothing is kept, because it may be rolled back. A change by another process shows in SQLite's
        `data_version`.
        """
        if self._connection.in_transaction:
            return read()
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            self.clear()
        row: _Row | None = self._rows.get(key)
        if row is None and (row := read()) is not None:
            self._rows[key] = row
        return row

    def clear(self) -> None:
        """Forget all rows, because one was changed."""
        self._rows.clear()
