"""Requests into bytes, and those that HTTP cannot carry into errors."""

import json
from collections.abc import Mapping

from flowctl.aep.request_words import action
from flowctl.model.errors import PlatformError
from flowctl.model.header_value import is_sendable
from flowctl.model.request import Request


def content_of(request: Request, headers: Mapping[str, str]) -> bytes | None:
    """The body as bytes, None if there is none. Raises PlatformError for a request that HTTP cannot carry."""
    wrong = next((name for name, value in headers.items() if not is_sendable(value)), None)
    if wrong is not None:
        raise unsendable(request, f"its header {wrong} has characters that a header cannot have")
    if not is_sendable(request.path):
        raise unsendable(request, "its address has characters that an address cannot have")
    try:
        return None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise unsendable(request, "its body cannot be written as UTF-8") from None


def unsendable(request: Request, why: str) -> PlatformError:
    """The error for a request that HTTP cannot carry; nothing of it was sent, and the value is not shown."""
    error = PlatformError.because(
        "unsendable-request",
        f"cannot {action(request)}: {why}",
        hint="Remove control characters and non-ASCII characters from the setting, secret or ID that it comes from.",
    )
    error.maybe_done = False
    return error
