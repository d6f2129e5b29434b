"""The target of a request: a path, or an address as clients send it to a proxy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_ADDRESS = re.compile(rb"https?://(?P<host>[^/]*)(?P<path>/.*|)", re.IGNORECASE)


def without_address(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return a request whose target is a path. The host of an address counts instead of `Host` (RFC 9112)."""
    if scope["raw_path"].startswith(b"/"):
        return scope
    found = _ADDRESS.fullmatch(scope["raw_path"])
    if found is None:
        return scope
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "raw_path": found["path"] or b"/", "headers": [(b"host", found["host"]), *others]}
