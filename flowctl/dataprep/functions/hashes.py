"""Digests of text in a character set of Java."""

from __future__ import annotations

import codecs
import hashlib
import zlib
from typing import TYPE_CHECKING

from flowctl.dataprep.problem import ExpressionError, nearest_name
from flowctl.dataprep.types import Value, as_text
from flowctl.dataprep.utf16 import well_formed

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGESTS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha512": "sha512"}
# Python knows these names too, but they are no character sets.
_NOT_TEXT = frozenset({"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "undefined"})
_NOT_TEXT_EITHER = frozenset({"unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape", "mbcs"})

_COMMON = ("UTF-8", "UTF-16", "UTF-32", "US-ASCII", "ISO-8859-1")
"""Those that a misspelled name may stand for."""


def encoded(text: str, charset: str) -> bytes:
    """Return the bytes of a text, with a question mark for what the character set lacks. Raises `ExpressionError`."""
    name = charset.upper()
    if name in ("UTF-16", "UTF_16", "UTF16"):
        # Java writes the mark and the larger byte first.
        return codecs.BOM_UTF16_BE + well_formed(text).encode("utf-16-be")
    try:
        codec = codecs.lookup({"UNICODEBIGUNMARKED": "utf-16-be", "UTF-32": "utf-32-be"}.get(name, charset))
        if codec.name in _NOT_TEXT | _NOT_TEXT_EITHER:
            raise LookupError
        return well_formed(text).encode(codec.name.removesuffix("-sig"), "replace")
    except (LookupError, ValueError):
        near = nearest_name(charset[:40], _COMMON)
        raise ExpressionError(f'There is no character set "{charset[:40]}".', "unknown-charset", nearest=near) from None


def _digest(name: str) -> Callable[[Value, str], str]:
    def digest(value: Value, charset: str = "UTF-8") -> str:
        return hashlib.new(name, encoded(as_text(value), charset)).hexdigest()

    return digest


def _crc32(value: Value, charset: str = "UTF-8") -> str:
    # The documented value has its bytes in reverse order.
    return zlib.crc32(encoded(as_text(value), charset)).to_bytes(4, "little").hex()


def _hash(algorithm: str, value: Value, charset: str = "UTF-8") -> str:
    name = algorithm.lower().replace("-", "")
    if name == "crc32":
        return _crc32(value, charset)
    if name not in _DIGESTS:
        raise ExpressionError(f'There is no hash algorithm "{algorithm[:40]}".')
    return _digest(name)(value, charset)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    **{name: _digest(name) for name in _DIGESTS},
    "crc32": _crc32,
    "hash": _hash,
}
