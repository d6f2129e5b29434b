"""Time zones: regions, offsets and three-letter names."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from pathlib import Path

from flowctl.dataprep.problem import ExpressionError

_DATA = Path(__file__).parent / "zone_names.json"
_OFFSET = re.compile(r"(?:(?:UTC|GMT|UT)(?=[+-]))?([+-])([0-9]{1,2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?")
# A three-letter name is a fixed offset: the documented example has PST at eight hours in October, in summer time.
NAMED_OFFSETS = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "AEST": 10,
    "AEDT": 11,
}
_LARGEST_OFFSET = 18 * 3600


@lru_cache(maxsize=512)
def zone(name: str) -> tzinfo:
    """Return the time zone of a name or an offset. Raises `ExpressionError`."""
    if name in ("UTC", "GMT", "UT"):
        return UTC if name == "UTC" else timezone(timedelta(0), name)
    if name in ("Z", "z"):
        return offset(0)
    if name in NAMED_OFFSETS:
        return timezone(timedelta(hours=NAMED_OFFSETS[name]), name)
    match = _OFFSET.fullmatch(name)
    if match:
        seconds = int(match[2]) * 3600 + int(match[3] or 0) * 60 + int(match[4] or 0)
        return offset(-seconds if match[1] == "-" else seconds)
    try:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9~/._+-]+", name):
            from zoneinfo import ZoneInfo

            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise ExpressionError(f'There is no time zone "{name[:40]}".', "not-a-date")


@lru_cache(maxsize=256)
def offset(seconds: int) -> timezone:
    """Return the zone with a fixed offset. Raises `ExpressionError` beyond 18 hours, as Java."""
    if abs(seconds) > _LARGEST_OFFSET:
        raise ExpressionError("The offset of a time zone is at most 18 hours.", "not-a-date")
    hours, minutes = divmod(abs(seconds) // 60, 60)
    name = f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}" if seconds else "Z"
    return timezone(timedelta(seconds=seconds), name)


def zone_id(moment: datetime) -> str:
    """Return the ID of the zone of a date: `Europe/Paris`, `UTC`, `+02:00`, `Z`."""
    where = moment.tzinfo
    key = getattr(where, "key", None)  # that of a ZoneInfo, which is slow to import only to ask
    return key if isinstance(key, str) else str(moment.tzname())


@cache
def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return {zone_id: found for key, found in names.items() for zone_id in key.split()}


def zone_name(moment: datetime, *, full: bool) -> str:
    """Return the name of the zone at a date: `CEST`, or in full `Central European Summer Time`."""
    summer = bool(moment.dst())
    names = _names().get(zone_id(moment))
    if names is None:
        return str(moment.tzname())
    return names[2 * full + summer]
