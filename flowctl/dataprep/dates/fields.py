"""The text of each letter of a date pattern, as a regular expression, and what kind of value it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.dates.names import DAYS, ERAS, LONG_ERAS, MONTHS, QUARTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.dataprep.dates.letters import Element

ANY_WIDTH = r"\d{1,9}"
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
NAMES: dict[str, Sequence[str]] = {
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


def source(letter: str, count: int) -> tuple[str, str, str]:
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
        return kept, kind, "|".join(sorted(NAMES[kind], key=len, reverse=True))
    if letter == "S":
        return "S", "fraction", rf"\d{{{count}}}"
    kind = "year2" if letter in "yY" and count == 2 else "number"
    return {"L": "M", "q": "Q", "c": "e"}.get(letter, letter), kind, _digits(letter, count)


def is_any_width(element: Element) -> bool:
    """Return whether an element is a number with any number of digits."""
    return element.letter not in ("", "[", "]") and source(element.letter, element.count)[2] == ANY_WIDTH


def _digits(letter: str, count: int) -> str:
    if letter in "yY":
        return rf"\d{{{count}}}" if count in (2, 4) else rf"\d{{{count},9}}"
    if letter == "D" and count == 2:
        return r"\d{2,3}"
    return ANY_WIDTH if count == 1 else rf"\d{{{count}}}"
