"""URLs of Experience Platform: https everywhere, plain http only on this machine."""

from ipaddress import IPv6Address
from typing import Final
from urllib.parse import urlsplit

from flowctl.late_pattern import late_pattern
from flowctl.model.header_value import is_sendable
from flowctl.model.loopback import is_loopback

ADOBE_TOKEN_URL: Final = "https://ims-na1.adobelogin.com/ims/token/v3"
_LABEL: Final = late_pattern(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def checked_url(text: str) -> str:
    """The URL without a final slash. Raises ValueError, with words that follow the setting's name."""
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        # The reader's own words quote a part of the URL, which may be a part of a password.
        raise ValueError("is not a URL") from None
    if parts.scheme not in ("https", "http") or not host or not is_sendable(text.strip()) or " " in text.strip():
        raise ValueError("is not a URL of a host")
    if not all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split(".")) and not _is_ipv6(host):
        raise ValueError("has no valid host name")
    if parts.username is not None or parts.password is not None:
        raise ValueError("has a user name or a password")
    if parts.query or parts.fragment:
        raise ValueError("has a query or a fragment")
    if parts.scheme == "http" and not is_loopback(text):
        raise ValueError("uses plain http, which would send the credentials readably")
    return text.strip().rstrip("/")


def _is_ipv6(host: str) -> bool:
    try:
        return IPv6Address(host).scope_id is None
    except ValueError:
        return False
