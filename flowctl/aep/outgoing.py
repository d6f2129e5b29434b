"""What of a request HTTP can carry."""

import json
from collections.abc import Mapping

from flowctl.aep.errors import what
from flowctl.model.errors import PlatformError
from flowctl.model.header_value import is_sendable
from flowctl.model.request import Request


def content_of(request: Request, headers: Mapping[str, str]) -> bytes | None:
    """The body as bytes, None where there is none; raises PlatformError for a request that HTTP cannot carry."""
    wrong = next((name for name, value in headers.items() if not is_sendable(value)), None)
    if wrong is not None:
        raise unsendable(request, f"its header {wrong} holds what no header can")
    if not is_sendable(request.path):
        raise unsendable(request, "its address holds what no address can")
    try:
        return None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise unsendable(request, "its body is not text") from None


def unsendable(request: Request, why: str) -> PlatformError:
    """The error for a request that HTTP cannot carry; nothing of it was sent, and the value is not shown."""
    error = PlatformError.because(
        "unsendable-request",
        f"{what(request)} cannot be sent: {why}",
        hint="Remove control characters and non-ASCII characters from the setting, secret or ID that it is made of.",
    )
    error.maybe_done = False
    return error
