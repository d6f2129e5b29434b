"""Functions on dates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowctl.dataprep.dates import format_date, from_milliseconds, parse_date
from flowctl.dataprep.dates.resolution import localized
from flowctl.dataprep.dates.zones import zone
from flowctl.dataprep.problem import ExpressionError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.types import Value

_PARTS: dict[str, Callable[[datetime], int]] = {
    **dict.fromkeys(("year", "yyyy", "yy"), lambda moment: moment.year),
    **dict.fromkeys(("quarter", "qq", "q"), lambda moment: (moment.month + 2) // 3),
    **dict.fromkeys(("month", "mm", "m"), lambda moment: moment.month),
    **dict.fromkeys(("dayofyear", "dy", "y"), lambda moment: moment.timetuple().tm_yday),
    **dict.fromkeys(("day", "dd", "d"), lambda moment: moment.day),
    **dict.fromkeys(("week", "ww", "w"), lambda moment: moment.isocalendar().week),
    **dict.fromkeys(("weekday", "dw"), lambda moment: moment.isoweekday()),
    **dict.fromkeys(("hour", "hh", "hh24"), lambda moment: moment.hour),
    "hh12": lambda moment: moment.hour % 12 or 12,
    **dict.fromkeys(("minute", "mi", "n"), lambda moment: moment.minute),
    **dict.fromkeys(("second", "ss", "s"), lambda moment: moment.second),
    **dict.fromkeys(("millisecond", "sss", "ms"), lambda moment: moment.microsecond // 1000),
}
_SETTABLE = {
    **dict.fromkeys(("year", "yyyy", "yy"), "year"),
    **dict.fromkeys(("month", "mm", "m"), "month"),
    **dict.fromkeys(("day", "dd", "d"), "day"),
    **dict.fromkeys(("hour", "hh"), "hour"),
    **dict.fromkeys(("minute", "mi", "n"), "minute"),
    **dict.fromkeys(("second", "ss", "s"), "second"),
}
DATE_PARTS = frozenset(_PARTS)
SETTABLE_PARTS = frozenset(_SETTABLE)


def part_problem(part: str, known: frozenset[str]) -> ExpressionError:
    """Return the error for a component that does not exist."""
    return ExpressionError(
        f'There is no date component "{part[:40]}".',
        "date-part-unknown",
        nearest=nearest_name(part, known),
    )


def _date(text: Value, pattern: str | None = None, default: Value = None) -> Value:
    if text is None or text == "":
        return _moment(default)
    return parse_date(text, pattern) if isinstance(text, str) else _moment(text)


def _moment(value: Value) -> datetime | None:
    """Return what the first and third argument of `date` stand for: a date, its text, or milliseconds."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_milliseconds(value)
    raise ExpressionError("date takes a string or a date.")


def _part(part: str, moment: datetime) -> int:
    found = _PARTS.get(part.lower())
    if found is None:
        raise part_problem(part, DATE_PARTS)
    return found(moment)


def _with_part(part: str, value: int, moment: datetime) -> datetime:
    name = _SETTABLE.get(part.lower())
    if name is None:
        raise part_problem(part, SETTABLE_PARTS)
    try:
        changes = {name: value}
        if name in ("year", "month"):
            # A day that the month lacks becomes its last one, as in java.time.
            first = moment.replace(day=1, **changes)  # type: ignore[arg-type]
            changes["day"] = min(moment.day, _last_day(first))
        local = moment.replace(tzinfo=None, **changes)
    except (ValueError, OverflowError) as error:
        raise ExpressionError(f"The date cannot have {name} {value}: {error}.", "not-a-date") from None
    return localized(local, moment.tzinfo or UTC)


def _last_day(first: datetime) -> int:
    for day in (31, 30, 29):
        try:
            return first.replace(day=day).day
        except ValueError:
            continue
    return 28


def _made(
    year: int, month: int, day: int, hour: int, minute: int, second: int, nanosecond: int, zone_name: str
) -> datetime:
    try:
        if not 0 <= nanosecond < 1_000_000_000:
            raise ValueError("nanosecond must be in 0..999999999")
        local = datetime(year, month, day, hour, minute, second, nanosecond // 1000)
    except (ValueError, OverflowError) as error:
        raise ExpressionError(f"There is no such date: {error}.", "not-a-date") from None
    return localized(local, zone(zone_name))


def in_zone(moment: datetime, zone_name: str) -> datetime:
    """Return the same instant in a zone. Raises `ExpressionError`."""
    try:
        return moment.astimezone(zone(zone_name))
    except OverflowError:
        raise ExpressionError("The date is outside of the years 1 to 9999.", "not-a-date") from None


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "date": _date,
    "format": format_date,
    "dformat": lambda milliseconds, pattern: format_date(from_milliseconds(milliseconds), pattern),
    "date_part": _part,
    "set_date_part": _with_part,
    "make_date_time": _made,
    "make_timestamp": _made,
    "zone_date_to_utc": lambda moment: in_zone(moment, "UTC"),
    "zone_date_to_zone": in_zone,
}
