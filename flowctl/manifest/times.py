"""Start times: from RFC 3339, or seconds since 1970-01-01 UTC, to those seconds."""

import re
from datetime import datetime
from functools import lru_cache

from flowctl.late_pattern import late_pattern
from flowctl.model.json_value import JSON

_RFC3339 = late_pattern(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|z|[+-]\d{2}:\d{2})?\Z", re.ASCII)
_SECONDS = late_pattern(r"\d{1,16}\Z", re.ASCII)
_MILLISECONDS_FROM = 100_000_000_000


def epoch_seconds(value: JSON) -> int:
    """The seconds. Raises ValueError, with words that follow "startTime", for every other value."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _seconds(value)
    if not isinstance(value, str):
        raise ValueError("is not a valid time")
    return _of_text(value.strip())


@lru_cache(maxsize=256)
def _of_text(text: str) -> int:
    """The seconds of a time that is written as text. Many pipelines begin at the same time."""
    if _SECONDS.match(text):
        return _seconds(int(text))
    found = _RFC3339.match(text)
    if found is None:
        raise ValueError("is not a valid time")
    if found[4] is None:
        raise ValueError("has no time zone")
    if found[3] and found[3].strip("0"):
        raise ValueError("has fractions of a second")
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[4].upper()}")
    except ValueError:
        raise ValueError("is a time that does not exist") from None
    return _seconds(int(moment.timestamp()))


def _seconds(number: int) -> int:
    if number < 0:
        raise ValueError("is before 1970")
    if number >= _MILLISECONDS_FROM:
        raise ValueError("is in milliseconds instead of seconds")
    return number
