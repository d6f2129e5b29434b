"""Find secrets in a text by one pattern, in any encoding."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.masking.codings import Layer, folded, readings
from flowctl.masking.needles import Needle

Span = tuple[int, int]

_ID: Final = late_pattern(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)
_LENGTH_OF_ID: Final = 36
_CUT_MARK: Final = late_pattern(r"…|\.\.\.")
_SHORT_TEXT: Final = 1000
"""Characters up to which a text is looked through part by part: a pattern takes longer to compile than that."""
_SHORTEST_START: Final = 4
_LONGEST_START: Final = 64


class Search:
    """The compiled search for a set of needles."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._heads: dict[str, list[Needle]] = defaultdict(list)
        self._tails: dict[str, list[Needle]] = defaultdict(list)
        self._starts: set[str] = set()
        for needle in needles:
            self._heads[needle.head].append(needle)
            self._tails[needle.tail].append(needle)
            if not needle.alone:
                self._starts |= {needle.text[:length] for length in range(_SHORTEST_START, needle.cut)}
        self._parts = {*self._heads, *self._tails}

    def spans(self, text: str) -> list[Span]:
        """The places of secrets in a text, in order and without overlaps."""
        if not self._parts:
            return []
        found: list[Span] = []
        for reading, layer in readings(text):
            if self._holds(folded(reading)):
                found += self._within(layer())
            cut = list(self._before_cuts(reading))
            if cut:
                whole = layer()
                found += ((whole.starts[begin], whole.ends[end - 1]) for begin, end in cut)
        return merged(found)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_alternatives(sorted(self._parts)))

    def _holds(self, text: str) -> bool:
        """Whether a folded text contains a part that reveals a secret."""
        if len(text) <= _SHORT_TEXT and "_pattern" not in self.__dict__:
            return any(part in text for part in self._parts)
        return self._pattern.search(text) is not None

    def _before_cuts(self, text: str) -> Iterator[Span]:
        """Beginnings of secrets right before the mark of a cut. There, shorter ones count than elsewhere."""
        for mark in _CUT_MARK.finditer(text):
            begin = max(mark.start() - _LONGEST_START, 0)
            layer = Layer.of(text[begin : mark.start()]).folded()
            for length in range(len(layer.text), _SHORTEST_START - 1, -1):
                if layer.text[-length:] in self._starts:
                    yield begin + layer.starts[-length], mark.start()
                    break

    def _within(self, layer: Layer) -> Iterator[Span]:
        """The places in the original text."""
        whole = layer.folded()
        ids = [found.span() for found in _ID.finditer(layer.text)]
        for begin, end, alone in self._hits(whole.text):
            first, last = whole.starts[begin], whole.ends[end - 1]
            if alone and (_continues(layer.text, first - 1) or _continues(layer.text, last)):
                continue
            if end - begin < _LENGTH_OF_ID // 2 and any(low <= first and last <= high for low, high in ids):
                # A few characters of an id that are like a secret by chance.
                continue
            yield layer.starts[first], layer.ends[last - 1]

    def _hits(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """The places of needles, and of their beginnings and ends, in a folded text, each as long as it matches."""
        found = self._pattern.search(text)
        while found is not None:
            for length in range(1, found.end() - found.start() + 1):
                part = text[found.start() : found.start() + length]
                for needle in self._heads.get(part, ()):
                    end = found.start() + _common(text[found.start() : found.start() + len(needle.text)], needle.text)
                    yield found.start(), end, needle.alone
                for needle in self._tails.get(part, ()):
                    end = found.start() + length
                    before = text[max(end - len(needle.text), 0) : end]
                    yield end - _common(before[::-1], needle.text[::-1]), end, needle.alone
            found = self._pattern.search(text, found.start() + 1)


def _continues(text: str, place: int) -> bool:
    """Whether the character at a place makes its neighbor part of a longer word or number."""
    return 0 <= place < len(text) and (text[place].isalnum() or text[place] in "_-")


def _common(first: str, second: str) -> int:
    """The length of the common beginning of two texts, found by halves: a text may be long and all the same sign."""
    low, high = 0, min(len(first), len(second))
    if first[:high] == second[:high]:
        return high
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if first[low:middle] == second[low:middle] else (low, middle)
    return low


def merged(spans: list[Span]) -> list[Span]:
    """The spans in order; those that touch or overlap are joined."""
    whole: list[Span] = []
    for begin, end in sorted(spans):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole


def _alternatives(words: Sequence[str], depth: int = 0) -> str:
    """A pattern for any of these sorted words, the longest first, that tries each beginning only once."""
    if len(words) == 1:
        return re.escape(words[0][depth:])
    groups: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) > depth:
            groups[word[depth]].append(word)
    branches = [re.escape(sign) + _alternatives(group, depth + 1) for sign, group in groups.items()]
    if len(words) == sum(map(len, groups.values())) and len(branches) == 1:
        return branches[0]
    ends_here = "?" if any(len(word) == depth for word in words) else ""
    return f"(?:{'|'.join(branches)}){ends_here}"
