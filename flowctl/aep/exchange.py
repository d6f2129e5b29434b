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
"""Failures before Experience Platform has received anything of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Sends over one client.

    `seconds` is the limit of a try from the connection to the last byte, `connect_seconds` that of the connection.
    `proxied` has the variable that names the proxy, by host and port, of requests that go through one. `environment` is
    the path of the environment's settings in flowctl.yaml, such as `environments.dev.`.
    """

    http: httpx.Client
    wire: Wire
    seconds: float
    connect_seconds: float
    proxied: Mapping[str, str]
    environment: str = ""

    def send(self, request: Request, *, headers: Mapping[str, str], content: bytes | None = None) -> RawReply:
        """The whole reply, of whatever status. Raises httpx.RequestError if none came in time."""
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
    """Why a certificate is not trusted, if that is the failure; else nothing."""
    cause = failure.__cause__ if failure is not None else None
    return str(cause) if isinstance(cause, Untrusted) else ""


def is_final(failure: httpx.RequestError | None) -> bool:
    """Whether a retry is useless: an untrusted certificate, a refusing proxy, a request that cannot be written."""
    if isinstance(failure, httpx.ProxyError):
        return str(failure)[:1] == "4"
    return isinstance(failure, httpx.LocalProtocolError) or distrust(failure) != ""
