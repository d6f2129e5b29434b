"""The log of requests since the last DELETE, in bounded memory."""

from __future__ import annotations

import itertools
from collections import deque
from typing import Any

CAPACITY = 200_000


class RequestLog:
    """The newest 200,000 requests as method, path, query and status."""

    def __init__(self) -> None:
        self._entries: deque[tuple[str, str, str, int | None]] = deque(maxlen=CAPACITY)

    def add(self, method: str, path: str, query: str, status: int | None) -> None:
        """Record one request; `status` is None where the connection was dropped without a reply."""
        self._entries.append((method, path, query, status))

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries, oldest first."""
        return [_entry(*parts) for parts in self._entries]

    def newest(self, count: int) -> list[dict[str, Any]]:
        """Return up to `count` entries, newest first."""
        return [_entry(*parts) for parts in itertools.islice(reversed(self._entries), count)]


def _entry(method: str, path: str, query: str, status: int | None) -> dict[str, Any]:
    return {"method": method, "path": path, "query": query, "status": status}
