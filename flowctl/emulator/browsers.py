"""Which requests of web browsers are refused: those that another site's page caused, and those under a foreign name.

A page of any site can send requests to a server on its reader's machine; the browser names the site in `Origin`. If the
site lets its own name lead to this machine (DNS rebinding), `Host` has a name that nobody gave this server. What such a
page shows or runs, an image or a script, is asked for without `Origin`; there `Sec-Fetch-Site` tells.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flowctl.emulator.errors import problem

if TYPE_CHECKING:
    from flowctl.emulator.errors import Refusal
    from flowctl.emulator.request_headers import RequestHeaders

_WILDCARDS = ("0.0.0.0", "::", "")
_OTHER_SITES = ("cross-site", "same-site")
_PORTS = {"http": 80, "https": 443}
_KEPT = 64
"""How many names are kept as read: nearly all requests give the same."""


class Names:
    """The names under which the server answers: those of loopback, the `--host` that it was given, and its addresses.

    Listening on every address, it has this machine's own name too.
    """

    def __init__(self, host: str) -> None:
        self._host = _plain(host)

    def check(self, headers: RequestHeaders, local_address: str) -> None:
        """Raise `Refusal` with 403 for a foreign `Host`, or for an `Origin` that is not the server itself."""
        host = headers.get("host")
        if host is not None and not self._is_known(host, local_address):
            raise _refused(
                "The request has a Host that is not the emulator's. Use its address, or a name given with --host."
            )
        for origin in headers.getlist("origin"):
            if host is None or _authority(origin) != _authority(f"http://{host}"):
                raise _refused("The request was sent by a web page of another site (Origin).")
        # A link that a person follows (`document`) leads to the page from anywhere.
        if headers.get("sec-fetch-site", "") in _OTHER_SITES and headers.get("sec-fetch-dest") != "document":
            raise _refused("The request was sent by a web page of another site (Sec-Fetch-Site).")

    def _is_known(self, host: str, local_address: str) -> bool:
        authority = _authority(f"http://{host}")
        if authority is None:
            return False
        name = authority[1]
        if name in ("localhost", self._host, _plain(local_address)) or _is_loopback(name):
            return True
        return self._host in _WILDCARDS and name in _own_names()


def _refused(detail: str) -> Refusal:
    return problem(403, "Forbidden", detail)


@lru_cache(_KEPT)
def _authority(origin: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port; None for `null` and for what is not an origin of the web."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path or set("@?#") & set(origin):
        return None
    return parts.scheme, _plain(parts.hostname), _PORTS[parts.scheme] if port is None else port


@lru_cache(_KEPT)
def _plain(name: str) -> str:
    """Return a name or address in one spelling: lowercase, no final dot, IPv4 addresses as such."""
    name = name.lower().removesuffix(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


@lru_cache(_KEPT)
def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@cache
def _own_names() -> frozenset[str]:
    return frozenset({_plain(socket.gethostname())})
