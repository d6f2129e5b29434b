"""Schedules in words and as times: how often a flow runs, since when, and its next runs in UTC."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flowctl.model.json_value import JSON

RUNS: Final = 3
"""How many of the next runs a reviewer sees."""
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def schedule_words(schedule: Mapping[str, JSON]) -> str:
    """The schedule as a clause: `every 2 hours from 2026-12-01 00:00 UTC, with backfill`."""
    start = _time(_number(schedule.get("startTime")))
    frequency, interval = schedule.get("frequency"), _number(schedule.get("interval"))
    if frequency == "once":
        return f"once, at {start}" if start else "once"
    if not isinstance(frequency, str) or frequency not in _SECONDS:
        return ""
    count = int(interval or 1)
    often = f"every {frequency}" if count == 1 else f"every {count} {frequency}s"
    backfill = "without backfill" if str(schedule.get("backfill", True)).lower() == "false" else "with backfill"
    return ", ".join([f"{often} from {start}" if start else often, backfill])


def next_runs(schedule: Mapping[str, JSON], now: int | None) -> Sequence[str]:
    """The next runs after `now`, from the first one if that is not known; none if the schedule tells no time."""
    start = _number(schedule.get("startTime"))
    if start is None:
        return []
    frequency = schedule.get("frequency")
    if frequency == "once":
        return [shown for shown in [_time(start)] if shown and (now is None or start > now)]
    step = _SECONDS.get(str(frequency), 0) * int(_number(schedule.get("interval")) or 1)
    if step <= 0:
        return []
    first = 0 if now is None else max(0, math.floor((now - start) / step) + 1)
    return [shown for number in range(first, first + RUNS) if (shown := _time(start + number * step))]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _time(seconds: float | None) -> str:
    """The time to the minute, in UTC; empty if it is none."""
    if seconds is None:
        return ""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""
