"""Strings as Java counts them: in UTF-16 code units, in which an emoji is two."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def length(text: str) -> int:
    """Return the number of UTF-16 code units."""
    return len(text) if text.isascii() else len(units(text))


def units(text: str) -> str:
    """Return a string with one character for each UTF-16 code unit, so that indexes count units."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    pairs = []
    for character in text:
        if character > "\uffff":
            rest = ord(character) - 0x10000
            pairs.append(chr(0xD800 + (rest >> 10)) + chr(0xDC00 + (rest & 0x3FF)))
        else:
            pairs.append(character)
    return "".join(pairs)


def joined(text: str) -> str:
    """Return a string of units with its surrogate pairs joined to characters; half a pair stays half."""
    if text.isascii() or _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def well_formed(text: str) -> str:
    """Return a string as Java writes it out: pairs joined, and a question mark for half a pair."""
    if text.isascii() or _HALF.search(text) is None:
        return text
    return _HALF.sub("?", joined(text))


def sort_key(text: str) -> bytes | str:
    """Return what strings are ordered by: their code units."""
    return text.encode("utf-16-be", "surrogatepass")
