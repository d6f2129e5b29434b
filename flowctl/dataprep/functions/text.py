"""Functions on strings, and those that take a regular expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep import patterns
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import LONGEST_TEXT, Value, as_text, bounded
from flowctl.dataprep.utf16 import joined, units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_PADDED = 1_000_000
# What Java's Character.isWhitespace says: not the no-break spaces.
WHITE_SPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a"
    "\u2028\u2029\u205f\u3000"
)


def _concat(*parts: Value) -> str:
    return bounded("".join([part if isinstance(part, str) else as_text(part) for part in parts]))


def find(text: str, part: str, start: int = 0, occurrence: int = 1) -> int:
    """Return the position of the n-th occurrence of a part, in UTF-16 code units, or -1."""
    whole, wanted = units(text), units(part)
    position = max(0, start) - 1
    for _ in range(min(occurrence, len(whole) + 1)):
        position = whole.find(wanted, position + 1)
        if position < 0:
            return -1
    return position if occurrence > 0 else -1


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        return text
    if len(new) > len(old) and text.count(old) * len(new) > LONGEST_TEXT:
        raise ExpressionError(f"The result has more than {LONGEST_TEXT} characters.")
    return text.replace(old, new)


def substring(text: str, start: int, length: int) -> str:
    """Return a part of a text, cut where the text ends."""
    start = max(0, start)
    return joined(units(text)[start : start + max(0, length)])


def _right(text: str, count: int) -> str:
    return joined(units(text)[-count:]) if count > 0 else ""


def _split(text: str, separators: str) -> list[str]:
    if not separators:
        return [text] if text else []
    first = separators[0]
    for other in separators[1:]:
        text = text.replace(other, first)
    return [part for part in text.split(first) if part]


def _join(separator: str, items: Sequence[Value]) -> str:
    texts = [as_text(item) for item in items if item is not None]
    if sum(map(len, texts)) + len(separator) * len(texts) > LONGEST_TEXT:
        raise ExpressionError(f"The result has more than {LONGEST_TEXT} characters.")
    return separator.join(texts)


def _padding(text: str, count: int, padding: str | None) -> str:
    if count > LONGEST_PADDED:
        raise ExpressionError(f"A string is padded to at most {LONGEST_PADDED} characters.")
    missing = count - len(units(text))
    if missing <= 0:
        return ""
    pad = units(padding or " ")
    return joined((pad * (missing // len(pad) + 1))[:missing])


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "concat": _concat,
    "explode": lambda text, regex=",": patterns.split(regex, text),
    "instr": find,
    "replacestr": _replace,
    "substr": substring,
    "lower": str.lower,
    "lcase": str.lower,
    "upper": str.upper,
    "ucase": str.upper,
    "split": _split,
    "join": _join,
    "lpad": lambda text, count, padding: _padding(text, count, padding) + text,
    "rpad": lambda text, count, padding: text + _padding(text, count, padding),
    "left": lambda text, count: substring(text, 0, count),
    "right": _right,
    "ltrim": lambda text: text.lstrip(WHITE_SPACE),
    "rtrim": lambda text: text.rstrip(WHITE_SPACE),
    "trim": lambda text: text.strip(WHITE_SPACE),
    "extract_regex": lambda text, regex: patterns.groups(regex, text),
    "matches_regex": lambda text, regex: patterns.full_match(regex, text),
}
