"""Addresses of the platform: https everywhere, plain http only on this machine."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

ADOBE_TOKEN_URL: Final = "https://ims-na1.adobelogin.com/ims/token/v3"


def checked_url(text: str) -> str:
    """The address without a final slash. Raises ValueError, with words that follow the setting's name."""
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        # The reader's own words quote a part of the address, which may be a part of a password.
        raise ValueError("is not an address") from None
    if parts.scheme not in ("https", "http") or not host or any(sign.isspace() for sign in text.strip()):
        raise ValueError("must be an address such as https://platform.adobe.io")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("must not hold a query or a fragment")
    if parts.scheme == "http" and not is_loopback(text):
        raise ValueError("must be https: plain http would send the credentials readably")
    return text.strip().rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url.strip()).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
