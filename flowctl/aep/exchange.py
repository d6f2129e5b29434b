"""One try of a request: sent, and its whole reply received, before a deadline."""

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

import httpx

from flowctl.aep.kept_connections import Ended
from flowctl.aep.raw_reply import RawReply, received
from flowctl.aep.transport import Connections
from flowctl.aep.waits import Untrusted
from flowctl.aep.wire import Wire
from flowctl.model.request import Request

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
"""Failures before Experience Platform has received anything of the request."""

_MOST_ADDRESSES: Final = 256
"""Addresses that are kept: those of lists, which are asked again and again, are far fewer."""
_RESERVED: Final = re.compile(r"[^A-Za-z0-9_.~-]")
_QUOTED: Final = {chr(code): quote_plus(chr(code)) for code in range(128)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Sends over the same connections.

    `seconds` is the limit of a try from the connection to the last byte, `connect_seconds` that of the connection.
    `proxied` has the variable that names the proxy, by host and port, of requests that go through one. `environment` is
    the path of the environment's settings in flowctl.yaml, such as `environments.dev.`.
    """

    connections: Connections
    wire: Wire
    seconds: float
    connect_seconds: float
    proxied: Mapping[str, str]
    environment: str = ""
    _addresses: dict[str, httpx.URL] = field(default_factory=dict, repr=False, compare=False)

    def send(self, request: Request, *, headers: Mapping[str, str], content: bytes | None = None) -> RawReply:
        """The whole reply, of whatever status. Raises httpx.RequestError if none came in time."""
        sent = self._built(request, headers, content)
        try:
            with self.wire.within(self.seconds), closing(self.connections.send(sent)) as streamed:
                return received(request, streamed)
        except httpx.RequestError as error:
            variable = self.proxied.get(error.request.url.netloc.decode())
            if variable:
                error.add_note(f"(through the proxy of {variable})")
            raise

    def _built(self, request: Request, headers: Mapping[str, str], content: bytes | None) -> httpx.Request:
        """The request with its query.

        A query may name a hundred IDs, and httpx looks at each character of an address several times. So it gets the
        address without the query, and httpcore the whole target. What a proxy is told is made of the address only.
        """
        address = self._address(request.path)
        built = self.connections.request(request.method, address, headers=headers, content=content)
        if request.query:
            if built.url.netloc.decode() in self.proxied:
                built.url = built.url.copy_with(params=list(request.query))
            else:
                built.extensions["target"] = built.url.raw_path + b"?" + _encoded(request.query)
        return built

    def _address(self, path: str) -> httpx.URL:
        """The address of a path below the endpoint, put together once for the same path."""
        known = self._addresses.get(path)
        if known is None:
            if len(self._addresses) >= _MOST_ADDRESSES:
                self._addresses.clear()
            known = self._addresses[path] = self.connections.address(path)
        return known


def _encoded(query: Iterable[tuple[str, str]]) -> bytes:
    """A query as `urlencode` writes it; in a long list of IDs there is little to write otherwise."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query).encode()


def _quoted(text: str) -> str:
    return _RESERVED.sub(lambda found: _QUOTED[found[0]], text) if text.isascii() else quote_plus(text)


def distrust(failure: BaseException | None) -> str:
    """Why a certificate is not trusted, if that is the failure; else nothing."""
    cause = failure.__cause__ if failure is not None else None
    return str(cause) if isinstance(cause, Untrusted) else ""


def had_ended(failure: httpx.RequestError | None) -> bool:
    """Whether the request was sent on a kept connection that the other side had closed, as far as anyone can tell."""
    return failure is not None and isinstance(failure.__cause__, Ended)


def is_final(failure: httpx.RequestError | None) -> bool:
    """Whether a retry is useless: an untrusted certificate, a refusing proxy, a request that cannot be written."""
    if isinstance(failure, httpx.ProxyError):
        return str(failure)[:1] == "4"
    return isinstance(failure, httpx.LocalProtocolError) or distrust(failure) != ""
