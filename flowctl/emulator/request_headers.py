"""The headers of a request: decoded once, because nearly every layer asks for some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable


class RequestHeaders:
    """Headers by their names in lower case, as ASGI gives them. Of a header that stands twice, the first counts."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
        self._first = dict(reversed(self._pairs))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    @overload
    def get(self, name: str) -> str | None: ...

    @overload
    def get(self, name: str, default: str) -> str: ...

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the value of a header, or the default."""
        return self._first.get(name, default)

    def getlist(self, name: str) -> list[str]:
        """Return the values of a header that may stand several times."""
        return [value for each, value in self._pairs if each == name]
