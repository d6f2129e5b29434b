"""Regular expressions that one person writes and that meet text of another: searched with a limit of time."""

import re
from functools import lru_cache
from typing import Final

SECONDS: Final = 0.5
"""How long one search may take."""
MOST_TIMEOUTS: Final = 3
"""A pattern that was too slow this often is not tried again."""
_LONGEST_PLAIN: Final = 2000
_TOO_LARGE: Final = "a number in it is too large"
_REPEATS: Final = "*+?{"
_MOST_PARTS: Final = 100_000
"""The parts of a pattern with its counted repetitions written out, which is how `regex` compiles it."""
_PARTS: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d*)(?:,\d*)?\}|.", re.DOTALL)


class SlowPattern(Exception):  # noqa: N818 - reads as what happened
    """A search for this pattern was given up."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern

    def __str__(self) -> str:
        return f"a search for the regular expression takes longer than {SECONDS} s"


class ForeignPattern:
    """A compiled pattern. Raises re.error if it is not a regular expression of Python."""

    def __init__(self, source: str) -> None:
        self.pattern = source
        try:
            self._compiled = re.compile(source)
        except (OverflowError, RecursionError, ValueError):
            raise re.error(_TOO_LARGE, source) from None
        # One repetition and no group: the time grows with the square of the text at most.
        self._is_plain = "(" not in source and sum(map(source.count, _REPEATS)) <= 1
        self._is_huge = not self._is_plain and _parts(source) > _MOST_PARTS
        self._timeouts = 0

    def search(self, text: str) -> bool:
        """Whether the pattern is somewhere in the text. Raises SlowPattern."""
        if self._is_plain and len(text) <= _LONGEST_PLAIN:
            return self._compiled.search(text) is not None
        if self._is_huge or self._timeouts >= MOST_TIMEOUTS:
            raise SlowPattern(self.pattern)
        import regex  # few patterns need it, and `re` has no limit of time

        try:
            return regex.compile(self.pattern).search(text, timeout=SECONDS) is not None
        except (TimeoutError, MemoryError, OverflowError, RecursionError, regex.error):
            self._timeouts += 1
            raise SlowPattern(self.pattern) from None


def _parts(source: str) -> int:
    """About how many parts a pattern has with each counted repetition written out as often as it has to occur."""
    sizes, last = [0], 0
    for found in _PARTS.finditer(source):
        part, count = found[0], found[1]
        if part == "(":
            sizes.append(0)
            continue
        if part == ")" and len(sizes) > 1:
            last = sizes.pop()
        elif count is not None:
            repeated = last * max(int(count or 0), 1)
            sizes[-1], last = sizes[-1] - last, repeated
        else:
            last = 1
        sizes[-1] += last
    return sum(sizes)


@lru_cache(maxsize=1024)
def foreign_pattern(source: str) -> ForeignPattern:
    """The pattern of a source, compiled once. Raises re.error."""
    return ForeignPattern(source)
