"""Dates in Java's patterns: reading them, writing them, and the default patterns that are tried in order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flowctl.dataprep.dates.letters import elements
from flowctl.dataprep.dates.reading import Reader
from flowctl.dataprep.dates.writing import writer
from flowctl.dataprep.problem import ExpressionError

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
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_MILLISECONDS = 253_402_300_799_999
_LEAST_MILLISECONDS = -62_135_596_800_000
_DIGITS = str.maketrans("123456789", "000000000")


@lru_cache(maxsize=256)
def reader(pattern: str) -> Reader:
    """Return what reads a pattern. Raises `ExpressionError` on a letter that is none of Java's."""
    return Reader(elements(pattern))


def parse_date(text: str, pattern: str | None = None) -> datetime:
    """Return the date that a text says, in a given pattern or in the first default one that matches.

    Raises `ExpressionError`. A text without zone is in UTC. ISO 8601 is tried last, because the published
    examples need it although the list of patterns does not have it.
    """
    if pattern is not None:
        return reader(pattern).read(text)
    for candidate in _candidates(text.translate(_DIGITS)):
        try:
            return candidate.read(text)
        except ExpressionError:
            continue
    if _ISO.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise ExpressionError(f'"{text[:60]}" is not a date in any of the default formats.', "not-a-date")


@lru_cache(maxsize=1024)
def _candidates(shape: str) -> tuple[Reader, ...]:
    """Return the default patterns that a text with these digits, all written as 0, can be in."""
    readers = (reader(pattern) for pattern in DEFAULT_PATTERNS)
    return tuple(candidate for candidate in readers if candidate.fits(shape))


def format_date(moment: datetime, pattern: str) -> str:
    """Return a date in a Java pattern. Raises `ExpressionError` on a letter that is none of Java's."""
    return writer(pattern)(moment)


def from_milliseconds(milliseconds: float) -> datetime:
    """Return the date so many milliseconds after 1970, in UTC."""
    if not _LEAST_MILLISECONDS <= milliseconds <= _LARGEST_MILLISECONDS:
        raise ExpressionError("The date is outside of the years 1 to 9999.", "not-a-date")
    # Counted, because Windows knows no time before 1970 and none after 3000.
    return _EPOCH + timedelta(milliseconds=int(milliseconds))
