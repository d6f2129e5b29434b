"""Reading a date in a Java pattern: strict ranges, case-sensitive names, a day that the month lacks becomes its last.

This is what java.time does by default. A text that matches yyyyMMdd with month 20 is refused, so that the next default
pattern, MMddyyyy, can read it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from flowctl.dataprep.dates.fields import ANY_WIDTH, NAMES, is_any_width, source
from flowctl.dataprep.dates.resolution import resolved
from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.dataprep.dates.letters import Element

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
            self._refuse(text, "it has another form")
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
            return resolved(found)
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
        letter, kind, form = source(element.letter, element.count)
        if form == ANY_WIDTH and after is not None and is_any_width(after):
            # Nothing says where the first of two numbers ends.
            form += "+"
        self._letters.append((letter, kind))
        return f"({form})"

    def _value(self, letter: str, kind: str, text: str, whole: str) -> int:
        if kind == "fraction":
            return int(text.ljust(6, "0")[:6]) if len(text) > 3 else int(text) * 1000
        if kind == "year2":
            return 2000 + int(text)
        if kind != "number":
            return NAMES[kind].index(text) + 1
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
