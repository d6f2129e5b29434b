"""Functions on URLs, which are read as `java.net.URI` reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.types import Value

_PORTS = {"http": 80, "https": 443, "ftp": 21, "sftp": 22, "ssh": 22}
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_ILLEGAL = re.compile(r'[\x00-\x20\x7f-\xa0\u2000-\u200a\u2028\u2029"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
_AUTHORITY = re.compile(
    r"(?:[^@]*@)?(\[[0-9A-Fa-f:.%]+\]|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*"
    r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?|\d{1,3}(?:\.\d{1,3}){3})(?::(\d*))?"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: str | None
    host: str | None
    port: int | None
    path: str | None


def _url(text: str) -> _Url | None:
    match = _PARTS.fullmatch(text)
    if match is None or _ILLEGAL.search(text) or "#" in (match[5] or ""):
        return None
    scheme, authority, path = match[1], match[2], match[3]
    if authority is None and scheme is None and ":" in path.partition("/")[0]:
        return None
    if scheme is not None and authority is None and not path.startswith("/"):
        # Such as mailto:a@b.c, which has no parts; without anything after the colon it is invalid.
        return _Url(scheme, None, None, None) if path or match[4] else None
    if authority == "" and not path:
        return None
    place = _AUTHORITY.fullmatch(authority or "")
    port = int(place[2]) if place and place[2] and len(place[2]) < 10 else None
    return _Url(scheme, place[1] if place else None, port, path)


def _protocol(text: str) -> str | None:
    url = _url(text)
    return url.scheme if url else None


def _host(text: str) -> str | None:
    url = _url(text)
    return url.host if url else None


def _port(text: str) -> int | None:
    url = _url(text)
    if url is None or url.scheme is None:
        return None
    return url.port if url.port is not None else _PORTS.get(url.scheme.lower())


def _path(text: str, full: bool = True) -> str | None:
    url = _url(text)
    if url is None or url.path is None:
        return None
    return url.path if full else url.path.rpartition("/")[2]


def _query(text: str, anchor: str) -> dict[str, str] | None:
    if anchor not in ("retain", "remove", "append"):
        raise ExpressionError("The anchor is one of retain, remove and append.")
    if _url(text) is None:
        return None
    query, _, fragment = text.partition("?")[2].partition("#")
    pairs = [part.partition("=") for part in query.split("&") if part]
    result = {key: value for key, _, value in pairs}
    if fragment and anchor == "append":
        result["_anchor_"] = fragment
    elif fragment and anchor == "retain" and pairs:
        result[pairs[-1][0]] += f"#{fragment}"
    return result


def _decoded(text: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise ExpressionError("A percent sign is not followed by two hexadecimal digits.")
    return unquote_plus(text)


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="-_.").replace("~", "%7E")


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "get_url_protocol": _protocol,
    "get_url_host": _host,
    "get_url_port": _port,
    "get_url_path": _path,
    "get_url_query_str": _query,
    "get_url_encoded": _encoded,
    "get_url_decoded": _decoded,
}
