"""Every version of every mapping set: PUT makes a new one, the older ones stay readable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import dump

if TYPE_CHECKING:
    import sqlite3


class MappingVersions:
    """Rows of `mapping_set_version`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, scope: int, id_: str, version: int, body: dict[str, Any]) -> None:
        """Store one version."""
        self._connection.execute(
            "INSERT INTO mapping_set_version (scope, id, version, body) VALUES (?, ?, ?, ?)",
            (scope, id_, version, dump(body)),
        )

    def get(self, scope: int, id_: str, version: int | None = None) -> dict[str, Any] | None:
        """Return one version, the latest where `version` is None, or None if there is none."""
        row = self._connection.execute(
            "SELECT body FROM mapping_set_version WHERE scope = ? AND id = ? AND (? IS NULL OR version = ?) "
            "ORDER BY version DESC LIMIT 1",
            (scope, id_, version, version),
        ).fetchone()
        if row is None:
            return None
        body: dict[str, Any] = json.loads(row[0])
        return body

    def delete(self, scope: int, id_: str) -> None:
        """Remove all versions of a mapping set."""
        self._connection.execute("DELETE FROM mapping_set_version WHERE scope = ? AND id = ?", (scope, id_))
