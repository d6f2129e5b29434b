"""Texts that fit a terminal: what they take of its width, cut in the middle, and wrapped between words."""

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.views.output import RenderOptions
from flowctl.views.visible import visible

PIPED: Final = 80
"""The width without a terminal."""
_NARROWEST: Final = 40
_PROSE: Final = 96
"""The most columns that a paragraph takes."""
_ENOUGH: Final = 60
"""The columns beside an indent in which sentences read well, with the paths in them."""
_LEAST: Final = 20
"""The fewest, however narrow the terminal is."""
_ELLIPSIS: Final = "…"
_BEFORE: Final = 10
"""Characters that are shown before the first difference."""
_WIDE: Final = frozenset("WF")


def cells(text: str) -> int:
    """How many columns of a terminal a visible text takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * (width - cells(text))


def cut(text: str, width: int) -> str:
    """A visible text that takes no more than a width: its middle is left out if it is longer."""
    if cells(text) <= width:
        return text
    room = max(width - 1, 2)
    begin = _first(text, room - room // 2)
    end = _first(text[::-1], room // 2)[::-1]
    return f"{begin}{_ELLIPSIS}{end}"


def _first(text: str, room: int) -> str:
    """The beginning of a text that takes no more than some columns."""
    for number, character in enumerate(text):
        room -= _cells_of(character)
        if room < 0:
            return text[:number]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """The width of what is printed. Sentences are wrapped for a terminal alone: in a log each has one line.

    `masked` removes secrets: of a secret that is cut or wrapped nothing could find the parts later.
    """

    columns: int = PIPED
    wraps: bool = False
    masked: Callable[[str], str] = str

    def room(self, indent: int) -> int:
        """How many columns are left beside an indent."""
        return max(self.columns, _NARROWEST) - indent

    def fit(self, text: str, room: int) -> str:
        """The text, visible, and cut in the middle if it is longer than the room."""
        shown = visible(text)
        return shown if cells(shown) <= room else cut(visible(self.masked(text)), room)

    def fit_both(self, before: str, after: str, room: int) -> Sequence[str]:
        """Two sides of a change; if they are cut, what is the same at their beginnings goes first."""
        sides = [visible(side) for side in (before, after)]
        if max(map(cells, sides)) > room:
            sides = [visible(self.masked(side)) for side in (before, after)]
            pairs = enumerate(zip(*sides, strict=False))
            same = next((place for place, (one, other) in pairs if one != other), min(map(len, sides))) - _BEFORE
            sides = [f"{_ELLIPSIS}{side[same:]}" if same > 1 else side for side in sides]
        return [cut(side, room) for side in sides]

    def sentence(self, text: str, indent: int, hang: int) -> Iterator[str]:
        """The lines of a sentence behind an indent, those after its first behind `hang` more columns."""
        shown, begin = visible(text), " " * indent
        if not self.wraps or cells(shown) <= self.room(indent):
            yield begin + shown
            return
        for line in _lines(_words(visible(self.masked(text)), self.room(indent + hang)), " ", self.room(indent), hang):
            yield begin + line
            begin = " " * (indent + hang)

    def prose(self, text: str, indent: int) -> Sequence[str]:
        """The lines of a text beside an indent, which are never longer than is good to read."""
        columns = min(_PROSE, max(self.columns - indent, _LEAST)) if self.wraps else _PROSE
        return textwrap.wrap(self.masked(text), columns, break_long_words=False, break_on_hyphens=False)

    def is_narrow(self, indent: int) -> bool:
        """Whether a terminal has too little room for sentences beside an indent."""
        return self.wraps and self.columns - indent < _ENOUGH

    def listed(self, parts: Sequence[str], room: int) -> Sequence[str]:
        """Parts behind each other in as many lines as they need; a part that is longer than a line is cut."""
        return list(_lines([self.fit(part, room - 1) for part in parts], ", ", room, 0))


def _words(text: str, room: int) -> Sequence[str]:
    """The parts of a sentence between which it is wrapped: its words, and code in back-ticks if it fits a line."""
    words: list[str] = []
    code = ""
    for word in text.split(" "):
        code += f" {word}" if code else word
        if code.count("`") % 2:
            continue
        words += [code] if cells(code) <= room else code.split(" ")
        code = ""
    return words + code.split(" ") if code else words


def wrapped(text: str, room: int) -> Sequence[str]:
    """The lines of a visible text, none of whose words is broken."""
    return list(_lines(text.split(" "), " ", room, 0))


def _lines(parts: Sequence[str], separator: str, room: int, hang: int) -> Iterator[str]:
    """Lines of visible parts, none of which is broken; those after the first have less room."""
    line, used = "", 0
    for number, part in enumerate(parts):
        text = part if number == len(parts) - 1 else part + separator
        taken = cells(text.rstrip())
        if used and used + taken > room:
            yield line.rstrip()
            line, used, room, hang = "", 0, room - hang, 0
        line, used = line + text, used + cells(text)
    if line:
        yield line.rstrip()


UNWRAPPED: Final = Width()
"""The width without a terminal."""


def width_of(options: RenderOptions) -> Width:
    """The width for a rendered result."""
    has_terminal = options.columns is not None
    return Width(columns=options.columns or PIPED, wraps=has_terminal, masked=options.masked)
