"""From a regular expression of Java to one of the package `regex`; forms that Java does not have are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowctl.dataprep.patterns.brackets import Brackets
from flowctl.dataprep.patterns.classes import (
    LINE_END,
    character,
    short_class,
    with_case,
)

MOST_REPETITIONS = 2**31 - 1
_QUANTIFIER = re.compile(r"\{([0-9]{1,10})(?:(,)([0-9]{1,10})?)?\}")
_WORD = r"[\p{L}\p{Nd}\p{Mn}_]"
_FLAGS = "idmsuxU"


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of translated pattern: whether the length of its matches has a limit, and whether it is one character.

    Java takes one character with a greedy `+` or `*` as limited, and every other endless repetition as not.
    """

    text: str
    limited: bool = True
    one: bool = False


def translated(pattern: str) -> str:
    """Return the pattern for `regex.compile` in its version 1. Raises `ExpressionError` on what Java refuses."""
    return _Translator(pattern).whole()


class _Translator(Brackets):
    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self._names: set[str] = set()
        self._groups = 0

    def whole(self) -> str:
        part = self._alternatives()
        if self._position < len(self._pattern):
            self._refuse("unmatched closing parenthesis")
        return part.text

    def _alternatives(self) -> _Part:
        self._deeper()
        flags = self._flags
        parts = [self._sequence()]
        while self._peek() == "|":
            self._position += 1
            parts.append(self._sequence())
        self._depth -= 1
        self._flags = flags
        return _Part("|".join(part.text for part in parts), all(part.limited for part in parts))

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while True:
            self._skip_comments()
            if self._peek() in ("", "|", ")"):
                return _Part("".join(part.text for part in parts), all(part.limited for part in parts))
            if self._peek(2) == "\\Q":
                parts.extend(self._quoted())
            else:
                parts.append(self._quantified(self._atom()))

    def _quoted(self) -> list[_Part]:
        self._position += 2
        end = self._pattern.find("\\E", self._position)
        stop = len(self._pattern) if end < 0 else end
        text = self._pattern[self._position : stop]
        self._position = min(stop + 2, len(self._pattern))
        parts = [self._single(ord(letter)) for letter in text]
        return [*parts[:-1], self._quantified(parts[-1])] if parts else []

    def _quantified(self, part: _Part) -> _Part:
        self._skip_comments()
        mark = self._peek()
        if mark not in ("?", "*", "+", "{") or mark == "":
            return part
        limited = mark == "?"
        if mark == "{":
            match = _QUANTIFIER.match(self._pattern, self._position)
            if match is None:
                self._refuse("illegal repetition")
            least, most = int(match[1]), int(match[3]) if match[3] else None
            if least > MOST_REPETITIONS or (most is not None and (most < least or most > MOST_REPETITIONS)):
                self._refuse("illegal range of repetitions")
            mark = match[0]
            limited = match[2] is None or most is not None
        self._position += len(mark)
        suffix = self._peek() if self._peek() in ("?", "+") and self._peek() else ""
        self._position += len(suffix)
        limited = limited or (part.one and mark in ("*", "+") and not suffix)
        return _Part(f"(?:{part.text}){mark}{suffix}", part.limited and limited)

    def _atom(self) -> _Part:
        letter = self._next()
        match letter:
            case "(":
                return self._group()
            case "[":
                return _Part(self._class(), one=True)
            case "\\":
                return self._escape()
            case "." if "s" in self._flags:
                return _Part(r"(?s:.)", one=True)
            case ".":
                return _Part(r"[^\x0a]" if "d" in self._flags else f"[^{LINE_END}]", one=True)
            case "^":
                return _Part(self._line_start() if "m" in self._flags else r"\A")
            case "$":
                return _Part(self._line_end(anywhere="m" in self._flags))
            case "*" | "+" | "?":
                self._position -= 1
                self._refuse(f"dangling {letter}")
            case "{":
                self._position -= 1
                if _QUANTIFIER.match(self._pattern, self._position) is None:
                    self._refuse("illegal repetition")
                return _Part("")
        return self._single(ord(letter))

    def _single(self, code: int) -> _Part:
        if "i" in self._flags:
            return _Part(f"[{with_case(code, unicode='u' in self._flags)}]", one=True)
        return _Part(character(code), one=True)

    def _line_start(self) -> str:
        if "d" in self._flags:
            return r"(?:\A|(?<=\x0a)(?!\Z))"
        return r"(?:\A|(?:(?<=[\x0a\x85\u2028\u2029])|(?<=\x0d)(?!\x0a))(?!\Z))"

    def _line_end(self, *, anywhere: bool) -> str:
        if "d" in self._flags:
            return r"(?=\x0a|\Z)" if anywhere else r"(?=\x0a?\Z)"
        if anywhere:
            return r"(?:(?<!\x0d)(?=\x0a)|(?=[\x0d\x85\u2028\u2029])|(?=\Z))"
        return r"(?:(?=\x0d\x0a\Z)|(?<!\x0d)(?=\x0a\Z)|(?=[\x0d\x85\u2028\u2029]?\Z))"

    def _group(self) -> _Part:
        if self._peek() != "?":
            self._groups += 1
            return self._closed("(")
        self._position += 1
        for opening in (":", ">", "=", "!"):
            if self._peek() == opening:
                self._position += 1
                part = self._closed(f"(?{opening}")
                return part if opening in ":>" else _Part(part.text)
        if self._peek(2) in ("<=", "<!"):
            opening = self._peek(2)
            self._position += 2
            part = self._closed(f"(?{opening}")
            if not part.limited:
                self._refuse("a look-behind needs a limit of length")
            return _Part(part.text)
        if self._peek() == "<":
            return self._named()
        return self._flagged()

    def _closed(self, opening: str) -> _Part:
        part = self._alternatives()
        if self._peek() != ")":
            self._refuse("unclosed group")
        self._position += 1
        return _Part(f"{opening}{part.text})", part.limited)

    def _named(self) -> _Part:
        match = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>").match(self._pattern, self._position)
        if match is None:
            self._refuse("a group has no valid name")
        if match[1] in self._names:
            self._refuse(f"a second group {match[1]}")
        self._names.add(match[1])
        self._groups += 1
        self._position = match.end()
        return self._closed(f"(?P<{match[1]}>")

    def _flagged(self) -> _Part:
        match = re.compile(rf"([{_FLAGS}]*(?:-[{_FLAGS}]*)?)([:)])").match(self._pattern, self._position)
        if match is None:
            self._refuse("unknown group")
        self._position = match.end()
        if match[2] == ")":
            self._flags = self._flags.changed(match[1])
            return _Part("")
        before = self._flags
        self._flags = before.changed(match[1])
        part = self._closed("(?:")
        self._flags = before
        return part

    def _escape(self) -> _Part:
        letter = self._next()
        if letter in "dDwWsShHvV":
            return _Part(short_class(letter, unicode="U" in self._flags), one=True)
        if letter in "pP":
            return _Part(self._property(negated=letter == "P"), one=True)
        if letter in "bB":
            if self._peek(3) == "{g}":
                self._refuse("this boundary is not evaluated")
            inside = rf"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
            return _Part(inside if letter == "b" else f"(?!{inside})")
        if letter in "123456789":
            return self._back_reference(letter)
        simple = {"A": r"\A", "G": r"\G", "z": r"\Z", "Z": self._line_end(anywhere=False), "X": r"\X"}
        if letter in simple:
            return _Part(simple[letter])
        if letter == "R":
            return _Part(r"(?:\x0d\x0a|[\x0a-\x0d\x85\u2028\u2029])")
        if letter == "k":
            match = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>").match(self._pattern, self._position)
            if match is None or match[1] not in self._names:
                self._refuse("a reference to a group that is not there")
            self._position = match.end()
            return self._reference(match[1])
        return self._single(self._escaped_code(letter))

    def _back_reference(self, digits: str) -> _Part:
        while self._peek().isdigit() and self._peek() and int(digits + self._peek()) <= self._groups:
            digits += self._next()
        # Java matches nothing where the group comes later.
        return self._reference(digits) if int(digits) <= self._groups else _Part("(?!)")

    def _reference(self, name: str) -> _Part:
        text = f"(?P={name})" if not name.isdigit() else f"\\g<{name}>"
        return _Part(f"(?i:{text})" if "i" in self._flags else text, limited=False)
