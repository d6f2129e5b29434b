"""One try of a request: sent, and its whole reply received, before a deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from flowctl.aep.raw_reply import RawReply, received
from flowctl.aep.waits import Untrusted
from flowctl.aep.wire import Wire
from flowctl.model.request import Request

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
"""Failures before the platform has seen anything of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Sends over one client.

    `seconds` is what a try may take in all, from the connection to the last byte; `proxied` has the variable that names
    the proxy, by host and port, of what goes through one.
    """

    http: httpx.Client
    wire: Wire
    seconds: float
    proxied: Mapping[str, str]

    def send(self, request: Request, *, headers: Mapping[str, str], content: bytes | None = None) -> RawReply:
        """The whole reply, of whatever status. Raises httpx.RequestError where none came in time."""
        options: dict[str, Any] = {"headers": dict(headers), "content": content}
        if request.query:
            options["params"] = list(request.query)
        try:
            with self.wire.within(self.seconds), self.http.stream(request.method, request.path, **options) as streamed:
                return received(request, streamed)
        except httpx.RequestError as error:
            variable = self.proxied.get(error.request.url.netloc.decode())
            if variable:
                error.add_note(f"(through the proxy of {variable})")
            raise


def distrust(failure: BaseException | None) -> str:
    """Why a certificate is not trusted, where that is the failure; else nothing."""
    cause = failure.__cause__ if failure is not None else None
    return str(cause) if isinstance(cause, Untrusted) else ""


def is_final(failure: httpx.RequestError | None) -> bool:
    """Whether trying again is of no use: a certificate or a proxy refuses, or the request cannot be written."""
    if isinstance(failure, httpx.ProxyError):
        return str(failure)[:1] == "4"
    return isinstance(failure, httpx.LocalProtocolError) or distrust(failure) != ""
