"""A cap on the size of replies, so that a broken or hostile server cannot fill the memory."""

import httpx

from flowctl.model.errors import Refused
from flowctl.model.request import Request

LARGEST = 64 * 1024 * 1024
"""Bytes of a reply's body after decompression; the largest page of a list is far below it."""
_DESCRIBE_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def read_capped(request: Request, reply: httpx.Response, largest: int = LARGEST) -> httpx.Response:
    """A streamed reply with its whole body.

    The bytes are counted after decompression: that is what a small compressed body can grow to. Raises Refused where
    there are more than `largest`.
    """
    parts: list[bytes] = []
    size = 0
    for part in reply.iter_bytes():
        size += len(part)
        if size > largest:
            raise Refused.because(
                "reply-too-large",
                f"the reply to {request.method} {request.path} is larger than {largest // 1024 // 1024} MiB",
                hint="Check that the endpoint is the platform's own.",
            )
        parts.append(part)
    headers = [(name, value) for name, value in reply.headers.items() if name not in _DESCRIBE_THE_BODY]
    return httpx.Response(reply.status_code, headers=headers, content=b"".join(parts), request=reply.request)
