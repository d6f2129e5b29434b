"""Dates in Java patterns: reading them, writing them, and the default patterns that are tried in order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from flowctl.dataprep.tokens import ExpressionError

# Adobe docs: data-prep/data-handling.md; the first that matches wins.
DEFAULT_PATTERNS = (
    "yyyy-MM-dd HH:mm:ssZ",
    "yyyy-MM-dd HH:mm:ss.SSSZ",
    "yyyy-MM-dd HH:mm:ss.SSS",
    "yyyy-MM-dd'T'HH:mm:ss.SSSX",
    "yyyy-MM-dd'T'HH:mm:ss'Z'",
    "yyyy-MM-dd",
    "yyyy/MM/dd",
    "yyyy.MM.dd",
    "yyyy-MMM-dd",
    "yyyyMMdd",
    "MM-dd-yyyy",
    "MMddyyyy",
    "M/dd/yyyy",
    "dd.M.yyyy",
    "M/dd/yyyy hh:mm:ss a",
    "dd.M.yyyy hh:mm:ss a",
    "dd.MMM.yyyy",
    "dd-MMM-yyyy",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PIECE = re.compile(r"'([^']*)'|([A-Za-z])\2*|.", re.DOTALL)
_SOURCES = {
    "y": r"(?P<y>\d{4})",
    "M": r"(?P<M>\d{1,2})",
    "MMM": r"(?P<MMM>[A-Za-z]{3})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "h": r"(?P<h>\d{1,2})",
    "m": r"(?P<m>\d{2})",
    "s": r"(?P<s>\d{2})",
    "S": r"(?P<S>\d{1,3})",
    "a": r"(?P<a>[AaPp][Mm])",
    "Z": r"(?P<zone>Z|[+-]\d{2}:?\d{2})",
    "X": r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)",
}


def parse_date(text: str, pattern: str | None) -> datetime:
    """Return the date that a text says, in a given pattern or in the first default one that matches.

    Raises `ExpressionError`. A text without zone is in UTC. ISO 8601 is tried last, because the published
    examples need it although the list of patterns does not have it.
    """
    if pattern is not None:
        found = _read(text, pattern)
        if found is None:
            raise ExpressionError(f"{text!r} is not a date in the pattern {pattern!r}.")
        return found
    for candidate in DEFAULT_PATTERNS:
        found = _read(text, candidate)
        if found is not None:
            return found
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ExpressionError(f"{text!r} is not a date in any of the default patterns.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def format_date(moment: datetime, pattern: str) -> str:
    """Return a date in a Java pattern. Raises `ExpressionError` on a letter that is not written here."""
    return "".join(_written(moment, match) for match in _PIECE.finditer(pattern))


def iso(moment: datetime) -> str:
    """Return a date as ISO 8601 with `Z` for UTC and no zero milliseconds."""
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > 100:
        return None
    parts = []
    for match in _PIECE.finditer(pattern):
        piece = match[0]
        if match[1] is not None:
            parts.append(re.escape(match[1]))
        elif match[2]:
            source = _SOURCES.get(piece if piece in _SOURCES else piece[0])
            if source is None:
                return None
            parts.append(rf"(?P<{piece[0]}>\d{{2}})" if piece in ("MM", "dd", "HH", "hh") else source)
        else:
            parts.append(re.escape(piece))
    try:
        return re.compile("".join(parts))
    except re.error:
        return None


def _read(text: str, pattern: str) -> datetime | None:
    compiled = _compiled(pattern)
    match = compiled.fullmatch(text) if compiled else None
    if match is None:
        return None
    found = match.groupdict()
    month = found.get("M") or "1"
    if found.get("MMM"):
        name = found["MMM"].lower()
        month = str(_MONTHS.index(name) + 1) if name in _MONTHS else "0"
    hour = int(found.get("H") or found.get("h") or 0)
    if found.get("a"):
        hour = hour % 12 + (12 if found["a"].lower() == "pm" else 0)
    fraction = int((found.get("S") or "0").ljust(3, "0")) * 1000
    try:
        return datetime(
            int(found.get("y") or 1970),
            int(month),
            int(found.get("d") or 1),
            hour,
            int(found.get("m") or 0),
            int(found.get("s") or 0),
            fraction,
            _zone(found.get("zone")),
        )
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    digits = str(text)[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if str(text)[0] == "-" else offset)


def _written(moment: datetime, match: re.Match[str]) -> str:
    piece = match[0]
    if match[1] is not None:
        return match[1] or "'"
    if not match[2]:
        return piece
    letter, size = piece[0], len(piece)
    offset = moment.strftime("%z") or "+0000"
    texts = {
        "y": str(moment.year % 100).zfill(2) if size == 2 else str(moment.year).zfill(size),
        "M": _MONTHS[moment.month - 1].capitalize() if size == 3 else str(moment.month).zfill(size),
        "d": str(moment.day).zfill(size),
        "H": str(moment.hour).zfill(size),
        "h": str((moment.hour - 1) % 12 + 1).zfill(size),
        "m": str(moment.minute).zfill(size),
        "s": str(moment.second).zfill(size),
        "S": str(moment.microsecond // 1000).zfill(size),
        "a": "AM" if moment.hour < 12 else "PM",
        "E": _DAYS[moment.weekday()] if size > 3 else _DAYS[moment.weekday()][:3],
        "Z": offset,
        "X": "Z" if offset == "+0000" else offset[:3] if size == 1 else offset,
    }
    if letter not in texts:
        raise ExpressionError(f"The pattern letter {letter} is not written here.")
    return texts[letter]
