"""Writing a date in a Java pattern."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.dates.letters import Element, elements
from flowctl.dataprep.dates.names import DAYS, ERAS, LONG_ERAS, MONTHS, QUARTERS
from flowctl.dataprep.dates.zones import zone_id, zone_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Writer = Callable[[datetime], str]


@lru_cache(maxsize=256)
def writer(pattern: str) -> Writer:
    """Return what writes a date in a pattern. Raises `ExpressionError` on a letter that is none of Java's."""
    parts = [_part(element) for element in elements(pattern)]
    return lambda moment: "".join([part(moment) for part in parts])


def _part(element: Element) -> Writer:
    letter, count = element.letter, element.count
    if not letter or letter in "[]":
        return lambda _: element.text
    if letter in _TEXTS:
        text = _TEXTS[letter]
        return lambda moment: text(moment, count)
    number = _NUMBERS[letter]
    return lambda moment: str(number(moment)).zfill(count)


def _year(year: int, count: int) -> str:
    return f"{year % 100:02}" if count == 2 else str(year).zfill(count)


def _month(moment: datetime, count: int) -> str:
    name = MONTHS[moment.month - 1]
    if count < 3:
        return str(moment.month).zfill(count)
    return name[:3] if count == 3 else name if count == 4 else name[0]


def _weekday(moment: datetime, count: int) -> str:
    name = DAYS[moment.weekday()]
    return name[:3] if count < 4 else name if count == 4 else name[0]


def _quarter(moment: datetime, count: int) -> str:
    number = (moment.month + 2) // 3
    return QUARTERS[number - 1] if count == 4 else f"Q{number}" if count == 3 else str(number).zfill(min(count, 2))


def _fraction(moment: datetime, count: int) -> str:
    # Adobe's table says milliseconds; more letters than three are digits of the second.
    if count > 3:
        return f"{moment.microsecond:06}".ljust(9, "0")[:count]
    return str(moment.microsecond // 1000).zfill(count)


def _offset(moment: datetime, form: int, *, zero: str | None) -> str:
    found = moment.utcoffset() or timedelta(0)
    if zero is not None and not found:
        return zero
    sign = "-" if found < timedelta(0) else "+"
    hours, minutes = divmod(abs(int(found.total_seconds())) // 60, 60)
    if form == 1:
        return f"{sign}{hours:02}" + (f"{minutes:02}" if minutes else "")
    return f"{sign}{hours:02}{':' if form in (3, 5) else ''}{minutes:02}"


def _rfc_offset(moment: datetime, count: int) -> str:
    if count == 4:
        return _localized_offset(moment, 4)
    return _offset(moment, 5, zero="Z") if count == 5 else _offset(moment, 2, zero=None)


def _localized_offset(moment: datetime, count: int) -> str:
    text = _offset(moment, 3, zero="")
    if count == 1 and text:
        hours, _, minutes = text[1:].partition(":")
        text = f"{text[0]}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")
    return f"GMT{text}"


def first_week_day(day: date) -> int:
    """Return the number of a weekday in a week that begins on Sunday, which is 1."""
    return day.isoweekday() % 7 + 1


def week_of_year(day: date) -> tuple[int, int]:
    """Return week year and week as in the United States: weeks begin on Sunday, the first one has January 1."""
    saturday = day + timedelta(days=7 - first_week_day(day)) if day.year < 9999 else day
    return saturday.year, (saturday.timetuple().tm_yday - 1) // 7 + 1


def _week_of_month(moment: datetime) -> int:
    first = moment.date().replace(day=1)
    return (moment.day + first_week_day(first) - 2) // 7 + 1


def _localized_weekday(moment: datetime, count: int) -> str:
    return _weekday(moment, count) if count > 2 else str(first_week_day(moment.date())).zfill(count)


_TEXTS: dict[str, Callable[[datetime, int], str]] = {
    "y": lambda moment, count: _year(moment.year, count),
    "Y": lambda moment, count: _year(week_of_year(moment.date())[0], count),
    "u": lambda moment, count: _year(moment.year, 4) if count == 4 else str(moment.isoweekday()).zfill(count),
    "M": _month,
    "L": _month,
    "E": _weekday,
    "e": _localized_weekday,
    "c": _localized_weekday,
    "Q": _quarter,
    "q": _quarter,
    "G": lambda _, count: LONG_ERAS[1] if count == 4 else ERAS[1][: 1 if count == 5 else 2],
    "a": lambda moment, _: "AM" if moment.hour < 12 else "PM",
    "S": _fraction,
    "z": lambda moment, count: zone_name(moment, full=count == 4),
    "V": lambda moment, _: zone_id(moment),
    "O": _localized_offset,
    "X": lambda moment, count: _offset(moment, count, zero="Z"),
    "x": lambda moment, count: _offset(moment, count, zero=None),
    "Z": _rfc_offset,
}
_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "D": lambda moment: moment.timetuple().tm_yday,
    "d": lambda moment: moment.day,
    "w": lambda moment: week_of_year(moment.date())[1],
    "W": _week_of_month,
    "F": lambda moment: (moment.day - 1) // 7 + 1,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "K": lambda moment: moment.hour % 12,
    "h": lambda moment: moment.hour % 12 or 12,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
    "n": lambda moment: moment.microsecond * 1000,
    "A": lambda moment: (moment.hour * 3600 + moment.minute * 60 + moment.second) * 1000 + moment.microsecond // 1000,
    "N": lambda moment: (
        ((moment.hour * 3600 + moment.minute * 60 + moment.second) * 1_000_000 + moment.microsecond) * 1000
    ),
}
