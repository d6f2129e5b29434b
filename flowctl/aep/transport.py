"""The connections underneath: no redirects, no cookies, proxies and authorities as the environment says.

httpx's transports without its client, which would look for redirects, cookies, credentials and mounts in each request.
"""

import ssl
from collections.abc import Mapping
from typing import Final

import httpcore
import httpx

from flowctl import __version__
from flowctl.aep.certificates import trusted
from flowctl.aep.kept_connections import KeptConnections
from flowctl.aep.proxies import Proxy
from flowctl.aep.wire import Wire
from flowctl.model.errors import PlatformError
from flowctl.model.loopback import is_loopback


class _Transport(httpx.HTTPTransport):
    """Connections over a wire of ours, through a proxy or not."""

    def __init__(self, wire: Wire, context: ssl.SSLContext, proxy: Proxy | None) -> None:
        common = {"ssl_context": context, "keepalive_expiry": _KEPT_SECONDS, "network_backend": wire}
        # These pools only make connections: they would let threads look at the connections of one another.
        if proxy is None:
            self._maker = httpcore.ConnectionPool(**common)  # type: ignore[arg-type]
        else:
            account = None if proxy.user is None else (proxy.user.encode(), proxy.password.encode())
            self._maker = httpcore.HTTPProxy(
                proxy_url=httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/"),
                proxy_auth=account,
                proxy_ssl_context=context if proxy.scheme == "https" else None,
                **common,  # type: ignore[arg-type]
            )
        self._pool = KeptConnections(self._maker.create_connection)  # type: ignore[assignment]


class Connections:
    """Kept connections to the endpoint and to the address of tokens. Threads may share them."""

    def __init__(
        self, endpoint: str, transports: Mapping[tuple[str, bytes], httpx.BaseTransport], timeout: httpx.Timeout
    ) -> None:
        self.endpoint = httpx.URL(endpoint)
        self._transports = transports
        self._timeout = timeout.as_dict()

    def address(self, path: str) -> httpx.URL:
        """The address of a path below the endpoint; that of a whole URL is the URL itself."""
        url = httpx.URL(path)
        if not url.is_relative_url:
            return url
        below = self.endpoint.raw_path.rstrip(b"/") + b"/" + url.raw_path.lstrip(b"/")
        return self.endpoint.copy_with(raw_path=below)

    def request(
        self, method: str, address: httpx.URL, *, headers: Mapping[str, str], content: bytes | None
    ) -> httpx.Request:
        """A request with the headers that all have."""
        limits = {"timeout": self._timeout}
        return httpx.Request(method, address, headers={**_HEADERS, **headers}, content=content, extensions=limits)

    def send(self, request: httpx.Request) -> httpx.Response:
        """The reply, whose body is still to be read. Raises httpx.RequestError if none came in time."""
        transport = self._transports[request.url.scheme, request.url.netloc]
        try:
            response = transport.handle_request(request)
        except httpx.RequestError as error:
            error.request = request
            raise
        response.request = request
        return response

    def close(self) -> None:
        """Close the connections."""
        for transport in self._transports.values():
            transport.close()


_KEPT_SECONDS: Final = 5.0
"""Seconds that a connection is kept without a request."""
_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"flowctl/{__version__}",
}


def connections_to(
    endpoint: str,
    token_url: str,
    *,
    proxies: Mapping[str, Proxy],
    wire: Wire,
    connect_timeout: float,
    read_timeout: float,
    environ: Mapping[str, str],
) -> Connections:
    """The connections to these two addresses.

    Raises PlatformError for proxy or certificate variables that cannot be used, and for plain http off this machine.
    """
    for url in (endpoint, token_url):
        if httpx.URL(url).scheme != "https" and not is_loopback(url):
            raise PlatformError.because(
                "invalid-url",
                "plain http would send the credentials unencrypted",
                hint="Write https://HOST in flowctl.yaml. Plain http is accepted only for this machine.",
            )
    context = _context((endpoint, token_url), environ)
    transports = {
        (parts.scheme, parts.netloc): _Transport(wire, context, proxies.get(url))
        for url, parts in ((url, httpx.URL(url)) for url in (token_url, endpoint))
    }
    return Connections(endpoint, transports, httpx.Timeout(read_timeout, connect=connect_timeout))


def _context(urls: tuple[str, ...], environ: Mapping[str, str]) -> ssl.SSLContext:
    """Reading the list of authorities takes long, and plain http, on this machine only, needs none."""
    if any(httpx.URL(url).scheme == "https" for url in urls):
        return trusted(environ)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
