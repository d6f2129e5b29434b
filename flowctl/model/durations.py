"""Durations and beginnings as people write them: `90m`, `1d12h`, `PT24H`, a day, a time, seconds since 1970."""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from flowctl.late_pattern import late_pattern

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PARTS: Final = late_pattern(r"(?:\d{1,9}[smhdw])+", re.ASCII | re.IGNORECASE)
_PART: Final = late_pattern(r"(\d+)([smhdw])", re.ASCII | re.IGNORECASE)
_ISO: Final = late_pattern(
    r"P(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?)", re.ASCII | re.IGNORECASE
)
_DAY: Final = late_pattern(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH: Final = late_pattern(r"\d{9,16}", re.ASCII)
_MILLISECONDS_FROM: Final = 100_000_000_000
_LONGEST: Final = 10 * 366 * 86_400
DURATIONS: Final = "a duration such as 90m, 24h or 7d"
BEGINNINGS: Final = f"{DURATIONS}, a day such as 2026-12-01, or a time such as 2026-12-01T06:00:00Z"


def seconds_of(text: str) -> int:
    """The seconds of a duration. Raises ValueError, with words that tell what was expected or found."""
    word = text.strip()
    seconds = _plain(word) or _iso(word)
    if seconds is None:
        raise ValueError(f"expected {DURATIONS}")
    if seconds == 0:
        raise ValueError("expected a duration of at least 1s")
    if seconds > _LONGEST:
        raise ValueError("expected a duration of at most 10 years")
    return seconds


def _plain(word: str) -> int | None:
    if not _PARTS.fullmatch(word):
        return None
    return sum(int(number) * _SECONDS[unit.lower()] for number, unit in _PART.findall(word))


def _iso(word: str) -> int | None:
    found = _ISO.fullmatch(word)
    if found is None or not any(found.groups()):
        return 0 if _PARTS.fullmatch(word) else None
    units = ("w", "d", "h", "m", "s")
    return sum(int(number) * _SECONDS[unit] for number, unit in zip(found.groups(), units, strict=True) if number)


class Beginning(NamedTuple):
    """When a stretch of time begins: so many seconds before now, or at a moment in epoch milliseconds."""

    ago: int | None = None
    moment: int | None = None

    def at(self, now: int) -> int:
        """The beginning in epoch milliseconds; `now` is that of Experience Platform."""
        return self.moment if self.moment is not None else now - (self.ago or 0) * 1000


def beginning_of(text: str) -> Beginning:
    """The beginning that a word stands for. Raises ValueError, with words that tell what was expected or found."""
    word = text.strip()
    if _EPOCH.fullmatch(word):
        number = int(word)
        return Beginning(moment=number if number >= _MILLISECONDS_FROM else number * 1000)
    if _DAY.match(word):
        return Beginning(moment=_moment(word))
    try:
        return Beginning(ago=seconds_of(word))
    except ValueError as error:
        if str(error) == f"expected {DURATIONS}":
            raise ValueError(f"expected {BEGINNINGS}") from None
        raise


def _moment(word: str) -> int:
    try:
        found = datetime.fromisoformat(word.upper())
    except ValueError:
        raise ValueError(f"expected {BEGINNINGS}") from None
    if found.tzinfo is None:
        if not _DAY.fullmatch(word):
            raise ValueError("expected a time with a time zone, such as 2026-12-01T06:00:00Z")
        found = found.replace(tzinfo=UTC)
    return int(found.timestamp() * 1000)


def rfc3339(milliseconds: int) -> str:
    """A moment in epoch milliseconds as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
