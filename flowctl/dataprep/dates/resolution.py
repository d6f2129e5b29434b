"""From the parts of a date to the date, as java.time resolves them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, tzinfo

from flowctl.dataprep.dates.names import DAYS
from flowctl.dataprep.dates.writing import first_week_day
from flowctl.dataprep.dates.zones import offset, zone


def resolved(found: dict[str, int | str]) -> datetime:
    """Return the date of values by their letter. Raises `ValueError`, and `ExpressionError` on an unknown zone."""
    numbers = {letter: value for letter, value in found.items() if isinstance(value, int)}
    if numbers.get("G") == 1:
        raise ValueError("years before Christ are not evaluated")
    day = _day(numbers)
    weekday = numbers.get("u")
    if weekday is not None and day.isoweekday() != weekday:
        raise ValueError(f"the day is a {DAYS[day.weekday()]}")
    hour, next_day = _hour(numbers)
    moment = datetime(day.year, day.month, day.day, hour, numbers.get("m", 0), numbers.get("s", 0), numbers.get("S", 0))
    if next_day:
        if moment.minute or moment.second or moment.microsecond:
            raise ValueError("24 is not an hour")
        moment += timedelta(days=1)
    return localized(moment, _zone(str(found["zone"])) if "zone" in found else UTC)


def _day(numbers: dict[str, int]) -> date:
    year = numbers.get("y")
    if year is None and "Y" in numbers and "w" in numbers:
        return _week_day(numbers)
    if year is None:
        raise ValueError("it has no year")
    if "D" in numbers and "M" not in numbers:
        if numbers["D"] > 365 + calendar.isleap(year):
            raise ValueError("the year has no such day")
        return date(year, 1, 1) + timedelta(days=numbers["D"] - 1)
    if "M" not in numbers or "d" not in numbers:
        raise ValueError("it has no month or no day")
    return date(year, numbers["M"], min(numbers["d"], calendar.monthrange(year, numbers["M"])[1]))


def _week_day(numbers: dict[str, int]) -> date:
    first = date(numbers["Y"], 1, 1)
    sunday = first - timedelta(days=first_week_day(first) - 1) + timedelta(weeks=numbers["w"] - 1)
    if "e" in numbers:
        return sunday + timedelta(days=numbers["e"] - 1)
    if "u" not in numbers:
        raise ValueError("it has no day of the week")
    return sunday + timedelta(days=numbers["u"] % 7)


def _hour(numbers: dict[str, int]) -> tuple[int, bool]:
    """Return the hour, and whether it is midnight at the end of the day."""
    if "H" in numbers:
        return numbers["H"] % 24, numbers["H"] == 24
    if "k" in numbers:
        return numbers["k"] % 24, False
    twelve = numbers["h"] % 12 if "h" in numbers else numbers.get("K", 0)
    return twelve + (12 if numbers.get("a") == 2 else 0), False


def _zone(text: str) -> tzinfo:
    if text == "GMT":
        return offset(0)
    return zone(text)


def localized(moment: datetime, where: tzinfo) -> datetime:
    """Return a local time in a zone; one that the clocks leave out moves forward, as in Java."""
    aware = moment.replace(tzinfo=where)
    return aware.astimezone(UTC).astimezone(where) if moment.year > 1 and where is not UTC else aware
