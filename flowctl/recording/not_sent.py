"""Which exchanges of a record cannot be sent again, and why."""

import re
from collections.abc import Collection
from typing import Any, Final

from flowctl.recording.placeholders import ATOM
from flowctl.recording.sandboxes import ALWAYS, sandbox_of

_LONGEST_TARGET: Final = 32_000
"""Characters of a path and query: a server takes 64 KiB of a request before its body."""
_CONTROL: Final = "/_emulator"
"""Below it the emulator is reset and changed. Experience Platform has nothing there."""
_UPLOAD: Final = re.compile(r"/import/batches/(?P<batch>[^/]+)/datasets/[^/]+/files/")
"""A file with rows is sent there. The emulator cannot make records of a batch without them."""
_NO_ROWS: Final = "the rows that it sends are not in the record"


def why_not_sent(exchange: dict[str, Any], sandboxes: Collection[str]) -> str:
    """Return why an exchange is skipped, whatever was sent before; `sandboxes` are those that existed."""
    request = exchange["request"]
    if exchange.get("withheld"):
        return "the record withholds it"
    if exchange.get("reply") is None:
        return f"there is no reply ({exchange['failure']})"
    if request["method"] == "OTHER":
        return "its method is unknown"
    if request["path"].startswith(_CONTROL):
        return "it would change the emulator itself"
    if any(ATOM.search(value) for value in _filters(request["query"])):
        return "the filters in its query are not in the record"
    if len(request["path"]) + len(request["query"]) > _LONGEST_TARGET:
        return "its URL is longer than a server accepts"
    sandbox = sandbox_of(request)
    if sandbox in ALWAYS and sandbox not in sandboxes and exchange["reply"]["status"] in (403, 404):
        return f"the record does not show that it had a sandbox {sandbox}, which the emulator always has"
    body = request["body"] or {}
    if "shape" in body or (batch_of_upload(request) and "bytes" in body):
        return _NO_ROWS
    return "its body is not recorded" if "bytes" in body else ""


def batch_of_upload(request: dict[str, Any]) -> str:
    """Return the batch to which a request sends a file with rows; it is empty for any other request."""
    upload = _UPLOAD.search(request["path"])
    return upload["batch"] if upload and request["body"] else ""


def _filters(query: str) -> list[str]:
    """Return the filters of rows in a query, which are an encoded JSON document."""
    return [value for name, _, value in (pair.partition("=") for pair in query.split("&")) if name == "filters"]
