"""Which proxy a request goes through: what the proxy variables of the process say, never for this machine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit

from flowctl.model.errors import PlatformError
from flowctl.model.loopback import is_loopback

_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXCEPTIONS = ("no_proxy", "NO_PROXY")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_ADVICE = "Correct or unset {}, or add this host to NO_PROXY. The value is not shown, because it may have a password."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy and the environment variable that names it."""

    variable: str
    scheme: str
    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


def proxy_for(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address, or None. Raises PlatformError that names the variable whose value is not usable."""
    if is_loopback(url):
        return None
    variable = next((name for name in _VARIABLES if environ.get(name, "").strip()), None)
    if variable is None or _is_excepted(url, environ):
        return None
    return _read(variable, environ[variable].strip())


def _read(variable: str, text: str) -> Proxy:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unusable(variable, "is not a valid address") from None
    scheme = parts.scheme
    if scheme.startswith("socks"):
        raise _unusable(variable, "names a SOCKS proxy, and flowctl supports HTTP proxies only")
    if scheme not in ("http", "https"):
        raise _unusable(variable, "must be an address such as http://proxy.example.com:3128")
    if not _HOST.fullmatch(host) or not all(0 < len(label) < 64 for label in host.rstrip(".").split(".")) or port == 0:
        raise _unusable(variable, "does not name a host and port")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _unusable(variable, "must not have a path, a query or a fragment")
    return Proxy(
        variable=variable,
        scheme=scheme,
        host=host,
        port=port or (443 if scheme == "https" else 80),
        user=_user(variable, parts),
        password=unquote(parts.password or ""),
    )


def _user(variable: str, parts: SplitResult) -> str | None:
    if parts.username is None:
        return None
    user = unquote(parts.username)
    if ":" in user:
        raise _unusable(variable, "has a user name with a colon, which a proxy cannot read")
    return user


def _unusable(variable: str, why: str) -> PlatformError:
    return PlatformError.because(
        "invalid-proxy", f"the environment variable {variable} {why}", hint=_ADVICE.format(variable)
    )


def _is_excepted(url: str, environ: Mapping[str, str]) -> bool:
    name = next((name for name in _EXCEPTIONS if environ.get(name, "").strip()), None)
    if name is None:
        return False
    parts = urlsplit(url)
    host, port = (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)
    return any(_covers(entry.strip().lower(), host, port) for entry in environ[name].split(",") if entry.strip())


def _covers(entry: str, host: str, port: int) -> bool:
    """Whether one entry of NO_PROXY covers a host: `*`, a name with its subdomains, an address or network."""
    if entry == "*":
        return True
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal():
        return int(number) == port and _covers(name.strip("[]"), host, port)
    name = entry.removeprefix("*").lstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
