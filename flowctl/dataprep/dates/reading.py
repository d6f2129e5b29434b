"""Reading a date in a Java pattern: strict ranges, case-sensitive names, a day that the month lacks becomes its last.

This is what java.time does by default. A text that matches yyyyMMdd with month 20 is refused, so that the next default
pattern, MMddyyyy, can read it.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NoReturn

from flowctl.dataprep.dates.names import DAYS, ERAS, LONG_ERAS, MONTHS, QUARTERS
from flowctl.dataprep.dates.writing import first_week_day
from flowctl.dataprep.dates.zones import offset, zone
from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.dataprep.dates.letters import Element

_ANY_WIDTH = r"\d{1,9}"
_RANGES = {
    "M": (1, 12),
    "L": (1, 12),
    "d": (1, 31),
    "D": (1, 366),
    "H": (0, 23),
    "k": (1, 24),
    "K": (0, 11),
    "h": (1, 12),
    "m": (0, 59),
    "s": (0, 59),
    "Q": (1, 4),
    "q": (1, 4),
    "w": (1, 53),
    "e": (1, 7),
    "u": (1, 7),
    "y": (1, 9999),
    "Y": (1, 9999),
}
_OFFSETS = {
    "X1": r"Z|[+-]\d{2}(?:\d{2})?",
    "X2": r"Z|[+-]\d{4}",
    "X3": r"Z|[+-]\d{2}:\d{2}",
    "x1": r"[+-]\d{2}(?:\d{2})?",
    "x2": r"[+-]\d{4}",
    "x3": r"[+-]\d{2}:\d{2}",
    "Z1": r"[+-]\d{4}",
    "Z4": r"GMT(?:[+-]\d{2}:\d{2})?",
    "Z5": r"Z|[+-]\d{2}:\d{2}",
    "O1": r"GMT(?:[+-]\d{1,2}(?::\d{2})?)?",
    "O4": r"GMT(?:[+-]\d{2}:\d{2})?",
}


class Reader:
    """Reads texts in one pattern."""

    def __init__(self, parts: Sequence[Element]) -> None:
        self._letters: list[tuple[str, str]] = []
        self._pattern = "".join(
            element.letter * max(1, element.count) if element.letter else element.text for element in parts
        )
        after = [*parts, None][1:]
        self._quick: list[int] | None = None
        self._source = re.compile("".join(map(self._group, parts, after)), re.ASCII)

        if all(kind == "number" for _, kind in self._letters) and "[" not in self._pattern:
            self._quick = _in_order([letter for letter, _ in self._letters])

    def fits(self, text: str) -> bool:
        """Return whether a text has the form of the pattern, whatever its numbers are."""
        return self._source.fullmatch(text) is not None

    def read(self, text: str) -> datetime:
        """Return the date that a text says; without a zone it is in UTC. Raises `ExpressionError`."""
        match = self._source.fullmatch(text)
        if match is None:
            self._refuse(text, "its form is another one")
        if self._quick is not None:
            try:
                year, month, day, *time = map(int, match.group(*self._quick))
                return datetime(year, month, day, *time[:3], tzinfo=UTC)  # type: ignore[arg-type, misc]
            except ValueError:
                # A day that the month lacks, or hour 24, or a number out of its range.
                pass
        found: dict[str, int | str] = {}
        for (letter, kind), value in zip(self._letters, match.groups(), strict=True):
            if value is None:
                continue
            number: int | str = value if kind in ("zone", "offset") else self._value(letter, kind, value, text)
            if found.setdefault(letter, number) != number:
                self._refuse(text, "two of its parts contradict each other")
        try:
            return _resolved(found)
        except (ValueError, OverflowError) as error:
            self._refuse(text, str(error))

    def _refuse(self, text: str, why: str) -> NoReturn:
        raise ExpressionError(
            f'"{text[:60]}" is not a date in the pattern {self._pattern}: {why.removesuffix(".")}.', "not-a-date"
        )

    def _group(self, element: Element, after: Element | None) -> str:
        if not element.letter:
            return re.escape(element.text)
        if element.letter in "[]":
            return "(?:" if element.letter == "[" else ")?"
        letter, kind, source = _source(element.letter, element.count)
        if source == _ANY_WIDTH and after is not None and _is_any_width(after):
            # Nothing says where the first of two numbers ends.
            source += "+"
        self._letters.append((letter, kind))
        return f"({source})"

    def _value(self, letter: str, kind: str, text: str, whole: str) -> int:
        if kind == "fraction":
            return int(text.ljust(6, "0")[:6]) if len(text) > 3 else int(text) * 1000
        if kind == "year2":
            return 2000 + int(text)
        if kind != "number":
            return _NAMES[kind].index(text) + 1
        number = int(text)
        least, most = _RANGES.get(letter, (0, 10**9))
        if not least <= number <= most and not (letter == "H" and number == 24):
            self._refuse(whole, f"{number} is not between {least} and {most}")
        return number


def _in_order(letters: list[str]) -> list[int] | None:
    """Return the groups of year, month, day and so on if a pattern has these letters only, and each of them once."""
    wanted = "yMdHms"[: len(letters)]
    if len(letters) < 3 or sorted(letters) != sorted(wanted):
        return None
    return [letters.index(letter) + 1 for letter in wanted]


_NAMES: dict[str, Sequence[str]] = {
    "month3": [name[:3] for name in MONTHS],
    "month4": MONTHS,
    "day3": [name[:3] for name in DAYS],
    "day4": DAYS,
    "half": ("AM", "PM"),
    "era": ERAS,
    "era4": LONG_ERAS,
    "quarter3": ("Q1", "Q2", "Q3", "Q4"),
    "quarter4": QUARTERS,
}


def _source(letter: str, count: int) -> tuple[str, str, str]:
    """Return the letter that the value belongs to, its kind, and the regular expression of its text."""
    if letter in "zV":
        return "zone", "zone", r"[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\d{1,2}(?::?\d{2})?"
    if letter in "XxZO":
        form = 1 if letter == "Z" and count < 4 else 3 if letter in "Xx" and count == 5 else count
        return "zone", "offset", _OFFSETS.get(f"{letter}{form}") or _OFFSETS[f"{letter}2"]
    if letter == "u" and count == 4:
        letter = "y"
    name = {"M": "month", "L": "month", "E": "day", "Q": "quarter", "q": "quarter", "a": "half", "G": "era"}.get(letter)
    if name and (count > 2 or letter in "EaG"):
        kind = name if letter == "a" or (letter == "G" and count < 4) else f"{name}{3 if count < 4 else 4}"
        kept = {"L": "M", "q": "Q", "E": "u"}.get(letter, letter)
        return kept, kind, "|".join(sorted(_NAMES[kind], key=len, reverse=True))
    if letter == "S":
        return "S", "fraction", rf"\d{{{count}}}"
    kind = "year2" if letter in "yY" and count == 2 else "number"
    return {"L": "M", "q": "Q", "c": "e"}.get(letter, letter), kind, _digits(letter, count)


def _is_any_width(element: Element) -> bool:
    return element.letter not in ("", "[", "]") and _source(element.letter, element.count)[2] == _ANY_WIDTH


def _digits(letter: str, count: int) -> str:
    if letter in "yY":
        return rf"\d{{{count}}}" if count in (2, 4) else rf"\d{{{count},9}}"
    if letter == "D" and count == 2:
        return r"\d{2,3}"
    return _ANY_WIDTH if count == 1 else rf"\d{{{count}}}"


def _resolved(found: dict[str, int | str]) -> datetime:
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
    return settled(moment, _zone(str(found["zone"])) if "zone" in found else UTC)


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


def settled(moment: datetime, where: tzinfo) -> datetime:
    """Return a local time in a zone; one that the clocks leave out moves forward, as in Java."""
    aware = moment.replace(tzinfo=where)
    return aware.astimezone(UTC).astimezone(where) if moment.year > 1 and where is not UTC else aware
