"""The time on the platform that a reply shows in its `Date` header."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def reply_time(headers: Mapping[str, str]) -> float | None:
    """Epoch seconds, or None if the reply does not show them; `Age` says how long a cache has kept it."""
    try:
        age = max(0, int(headers.get("age", "0")))
        return parsedate_to_datetime(headers["date"]).timestamp() + age
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
