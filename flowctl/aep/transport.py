"""The HTTP client underneath: no redirects, no cookies, proxies and authorities as the environment says."""

import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from flowctl import __version__
from flowctl.aep.certificates import trusted
from flowctl.aep.proxies import Proxy
from flowctl.aep.wire import Wire
from flowctl.model.errors import PlatformError
from flowctl.model.loopback import is_loopback


class _Transport(httpx.HTTPTransport):
    """Connections over a wire of ours, through a proxy or not."""

    def __init__(self, wire: Wire, context: ssl.SSLContext, proxy: Proxy | None, connections: int) -> None:
        common = {
            "ssl_context": context,
            "max_connections": connections,
            "max_keepalive_connections": connections,
            "keepalive_expiry": 5.0,
            "network_backend": wire,
        }
        if proxy is None:
            self._pool = httpcore.ConnectionPool(**common)  # type: ignore[arg-type]
            return
        account = None if proxy.user is None else (proxy.user.encode(), proxy.password.encode())
        self._pool = httpcore.HTTPProxy(
            proxy_url=httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/"),
            proxy_auth=account,
            proxy_ssl_context=context if proxy.scheme == "https" else None,
            **common,  # type: ignore[arg-type]
        )


def http_client(
    endpoint: str,
    token_url: str,
    *,
    proxies: Mapping[str, Proxy],
    wire: Wire,
    connections: int,
    connect_timeout: float,
    read_timeout: float,
    environ: Mapping[str, str],
) -> httpx.Client:
    """The client for these two addresses.

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
    return httpx.Client(
        base_url=endpoint,
        mounts={
            f"{parts.scheme}://{parts.netloc.decode()}": _Transport(wire, context, proxies.get(url), connections)
            for url, parts in ((url, httpx.URL(url)) for url in (endpoint, token_url))
        },
        transport=_Transport(wire, context, None, connections),
        timeout=httpx.Timeout(read_timeout, connect=connect_timeout, pool=read_timeout),
        headers={"User-Agent": f"flowctl/{__version__}", "Accept-Encoding": "gzip, deflate"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=False,
    )


def _context(urls: tuple[str, ...], environ: Mapping[str, str]) -> ssl.SSLContext:
    """Reading the list of authorities takes long, and plain http, on this machine only, needs none."""
    if any(httpx.URL(url).scheme == "https" for url in urls):
        return trusted(environ)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
