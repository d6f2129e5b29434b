"""The elements of a Java date pattern: letters with their number, and literal text.

The table of letters that Adobe publishes has two dialects in it: `u` is the number of the weekday and `S` are
milliseconds, as in SimpleDateFormat; `V`, `O`, `Q` and `L` exist in java.time only, whose other letters are read too.
"""

from __future__ import annotations

from dataclasses import dataclass

from flowctl.dataprep.problem import ExpressionError

# How often a letter may stand at most.
_MOST = {
    **dict.fromkeys("dHhKkmsw", 2),
    **dict.fromkeys("WFac", 1),
    **dict.fromkeys("GMLEQqXxZe", 5),
    **dict.fromkeys("Dn", 3),
    **dict.fromkeys("Oz", 4),
    **dict.fromkeys("V", 2),
    **dict.fromkeys("yYuAN", 9),
    "S": 9,
}
_MEANINGS = {"D": 3, "n": 9}


@dataclass(frozen=True, slots=True)
class Element:
    """A letter and how often it stands, literal text (`letter` is then empty), or a bracket of an optional part."""

    letter: str
    count: int
    text: str = ""


def elements(pattern: str) -> tuple[Element, ...]:
    """Return the elements of a pattern. Raises `ExpressionError`."""
    found: list[Element] = []
    position = 0
    while position < len(pattern):
        letter = pattern[position]
        if letter == "'":
            text, position = _quoted(pattern, position)
            found.append(Element("", 0, text))
        elif letter.isascii() and letter.isalpha():
            count = len(pattern) - position - len(pattern[position:].lstrip(letter))
            found.append(_letter(pattern, letter, count))
            position += count
        elif letter in "[]":
            found.append(Element(letter, 0))
            position += 1
        elif letter in "{}#":
            raise _bad(pattern, f"the character {letter} is reserved")
        else:
            found.append(Element("", 0, letter))
            position += 1
    open_parts = 0
    for element in found:
        open_parts += (element.letter == "[") - (element.letter == "]")
        if open_parts < 0:
            raise _bad(pattern, "a bracket is not opened")
    return (*found, *[Element("]", 0)] * open_parts)


def _letter(pattern: str, letter: str, count: int) -> Element:
    most = _MEANINGS.get(letter, _MOST.get(letter))
    if most is None:
        raise _bad(pattern, f"there is no letter {letter}")
    if count > most or (letter == "O" and count not in (1, 4)):
        raise _bad(pattern, f"the letter {letter} stands too often")
    return Element(letter, count)


def _quoted(pattern: str, position: int) -> tuple[str, int]:
    if pattern[position : position + 2] == "''":
        return "'", position + 2
    parts = []
    position += 1
    while True:
        end = pattern.find("'", position)
        if end < 0:
            raise _bad(pattern, "a quote is not closed")
        parts.append(pattern[position:end])
        if pattern[end : end + 2] != "''":
            return "".join(parts), end + 1
        parts.append("'")
        position = end + 2


def _bad(pattern: str, why: str) -> ExpressionError:
    return ExpressionError(f'"{pattern[:60]}" is not a date pattern: {why}.', "bad-date-pattern")
