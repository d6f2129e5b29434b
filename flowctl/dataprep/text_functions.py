"""Functions on texts, regular expressions, hashes and URLs (Adobe docs: data-prep/functions.md)."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from flowctl.dataprep.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_RESULT = 1_000_000
_PORTS = {"http": 80, "https": 443, "ftp": 21, "sftp": 22, "ssh": 22}
# A nested quantifier can run for ever; such patterns are refused instead of evaluated.
_RISKY = re.compile(r"[+*}]\s*\)[+*{]")


def as_text(value: Any) -> str:
    """Return a value as the language writes it: booleans in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _bounded(size: int) -> int:
    if not 0 <= size <= LONGEST_RESULT:
        raise ExpressionError("The result is too long.")
    return size


def _pad(text: str, size: int, pad: str) -> str:
    return (pad * _bounded(size))[: max(0, size - len(text))]


def _instr(text: str, part: str, start: int = 0, occurrence: int = 1) -> int:
    position = start - 1
    for _ in range(occurrence):
        position = text.find(part, position + 1)
        if position < 0:
            return -1
    return position


def pattern(text: str) -> re.Pattern[str]:
    """Return a compiled regular expression. Refuses one that may take for ever."""
    if _RISKY.search(text) or len(text) > 500:
        raise ExpressionError("The regular expression is too complex to be evaluated here.")
    return re.compile(text)


def _split(text: str, separators: str) -> list[str]:
    return [part for part in re.split(f"[{re.escape(separators)}]", text) if part]


def _extract(text: str, regex: str) -> list[str]:
    match = pattern(regex).fullmatch(text)
    return [match[0], *match.groups()] if match else []


def _hash(name: str) -> Callable[..., str]:
    return lambda text, charset="UTF-8": hashlib.new(name, as_text(text).encode(charset)).hexdigest()


def _crc32(text: str, charset: str = "UTF-8") -> str:
    # The documented value has its bytes in reverse order.
    return zlib.crc32(as_text(text).encode(charset)).to_bytes(4, "little").hex()


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return parts.port or _PORTS.get(parts.scheme)


def _query(url: str, anchor: str = "retain") -> dict[str, str]:
    query, _, fragment = url.partition("?")[2].partition("#")
    pairs = [part.partition("=") for part in query.split("&") if part]
    result = {key: value for key, _, value in pairs}
    if fragment and anchor == "append":
        result["_anchor_"] = fragment
    elif fragment and anchor == "retain" and pairs:
        result[pairs[-1][0]] += f"#{fragment}"
    return result


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "concat": lambda *parts: "".join(as_text(part) for part in parts),
    "explode": lambda text, regex=",": pattern(regex).split(text),
    "instr": _instr,
    "replacestr": lambda text, old, new: text.replace(old, new),
    "substr": lambda text, start, length=None: text[start:] if length is None else text[start : start + length],
    "lower": lambda text: text.lower(),
    "lcase": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "ucase": lambda text: text.upper(),
    "split": _split,
    "join": lambda separator, items: separator.join(as_text(item) for item in items),
    "array_to_string": lambda separator, items: separator.join(as_text(item) for item in items),
    "lpad": lambda text, size, pad: _pad(text, size, pad) + text,
    "rpad": lambda text, size, pad: text + _pad(text, size, pad),
    "left": lambda text, count: text[:count],
    "right": lambda text, count: text[-count:] if count else "",
    "ltrim": lambda text: text.lstrip(),
    "rtrim": lambda text: text.rstrip(),
    "trim": lambda text: text.strip(),
    "extract_regex": _extract,
    "matches_regex": lambda text, regex: pattern(regex).fullmatch(text) is not None,
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha512": _hash("sha512"),
    "md5": _hash("md5"),
    "crc32": _crc32,
    "get_url_protocol": lambda url: urlsplit(url).scheme or None,
    "get_url_host": lambda url: urlsplit(url).hostname,
    "get_url_port": _port,
    "get_url_path": lambda url, full=True: _path(url, full=full),
    "get_url_query_str": _query,
    "get_url_encoded": lambda text: quote(text, safe="-_.*"),
    "get_url_decoded": unquote,
}


def _path(url: str, *, full: bool) -> str:
    path = urlsplit(url).path
    return path if full else path.rpartition("/")[2]
