"""From a regular expression of Java to one of the package `regex`; forms that Java does not have are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NoReturn

from flowctl.dataprep.patterns.classes import (
    LINE_END,
    character,
    property_class,
    range_with_case,
    short_class,
    with_case,
)
from flowctl.dataprep.problem import ExpressionError

DEEPEST = 60
MOST_REPETITIONS = 2**31 - 1
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}
_QUANTIFIER = re.compile(r"\{([0-9]{1,10})(?:(,)([0-9]{1,10})?)?\}")
_WORD = r"[\p{L}\p{Nd}\p{Mn}_]"
_FLAGS = "idmsuxU"


@dataclass(frozen=True, slots=True)
class _Flags:
    """What is switched on: i, d, m, s, u, x, U."""

    on: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, flag: str) -> bool:
        return flag in self.on or (flag == "u" and "U" in self.on)

    def changed(self, text: str) -> _Flags:
        on, _, off = text.partition("-")
        return replace(self, on=(self.on | frozenset(on)) - frozenset(off))


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


class _Translator:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._flags = _Flags()
        self._depth = 0
        self._names: set[str] = set()
        self._groups = 0

    def whole(self) -> str:
        part = self._alternatives()
        if self._position < len(self._pattern):
            self._refuse("unmatched closing parenthesis")
        return part.text

    def _refuse(self, why: str) -> NoReturn:
        shown = self._pattern if len(self._pattern) <= 80 else self._pattern[:77] + "..."
        raise ExpressionError(
            f'"{shown}" is not a regular expression of Java: {why} at character {self._position + 1}.', "bad-regex"
        )

    def _peek(self, size: int = 1) -> str:
        return self._pattern[self._position : self._position + size]

    def _next(self) -> str:
        if self._position >= len(self._pattern):
            self._refuse("it ends too early")
        self._position += 1
        return self._pattern[self._position - 1]

    def _skip_comments(self) -> None:
        while "x" in self._flags and self._peek() and (self._peek().isspace() or self._peek() == "#"):
            if self._next() == "#":
                end = self._pattern.find("\n", self._position)
                self._position = len(self._pattern) if end < 0 else end

    def _alternatives(self) -> _Part:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("it is nested too deeply")
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

    def _escaped_code(self, letter: str) -> int:
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "0":
            return self._digits(r"[0-3][0-7]{2}|[0-7]{1,2}", 8)
        if letter == "x" and self._peek() == "{":
            code = self._digits(r"\{([0-9a-fA-F]{1,6})\}", 16)
            return code if code <= 0x10FFFF else self._refuse("no such code point")
        if letter == "x":
            return self._digits(r"[0-9a-fA-F]{2}", 16)
        if letter == "u":
            return self._code_unit()
        if letter == "c":
            return ord(self._next()) ^ 64
        if letter.isascii() and letter.isalpha():
            self._position -= 1
            self._refuse(f"unknown escape \\{letter}")
        return ord(letter)

    def _code_unit(self) -> int:
        first = self._digits(r"[0-9a-fA-F]{4}", 16)
        if 0xD800 <= first < 0xDC00 and self._peek(2) == "\\u":
            before = self._position
            self._position += 2
            second = self._digits(r"[0-9a-fA-F]{4}", 16)
            if 0xDC00 <= second < 0xE000:
                return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            self._position = before
        return first

    def _digits(self, source: str, base: int) -> int:
        match = re.compile(source).match(self._pattern, self._position)
        if match is None:
            self._refuse("an escape without digits")
        self._position = match.end()
        return int(match[match.lastindex or 0], base)

    def _property(self, *, negated: bool) -> str:
        name = self._next()
        if name == "{":
            end = self._pattern.find("}", self._position)
            if end < 0:
                self._refuse("unclosed property")
            name = self._pattern[self._position : end]
            self._position = end + 1
        if not re.fullmatch(r"[A-Za-z0-9_ =-]+", name):
            self._refuse("unknown property")
        found = property_class(name, unicode="U" in self._flags)
        if found is None:
            self._refuse(f"unknown property {name}")
        if "i" in self._flags and name in ("Lower", "Upper", "javaLowerCase", "javaUpperCase", "Lu", "Ll", "Lt"):
            found = r"[\p{Lu}\p{Ll}\p{Lt}]" if "L" in name[:1] and len(name) == 2 else "[a-zA-Z]"
        return f"[^{found}]" if negated else found

    def _class(self) -> str:
        """Translate a class; the opening bracket has been read."""
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("it is nested too deeply")
        negated = self._peek() == "^"
        self._position += negated
        operands: list[list[str]] = [[]]
        first = True
        while True:
            self._skip_comments()
            if self._peek() == "]" and not first:
                self._position += 1
                break
            if self._peek(2) == "&&":
                self._position += 2
                while self._peek() == "&":
                    self._position += 1
                operands.append([])
                continue
            if self._peek(2) == "\\Q":
                operands[-1].extend(self._quoted_members())
            else:
                operands[-1].append(self._member())
            first = False
        self._depth -= 1
        texts = [f"[{''.join(members)}]" for members in operands if members]
        if not texts:
            self._refuse("an empty class")
        inside = "&&".join(texts)
        return f"[{'^' if negated else ''}{inside}]"

    def _quoted_members(self) -> list[str]:
        self._position += 2
        end = self._pattern.find("\\E", self._position)
        if end < 0:
            self._refuse("unclosed class")
        text = self._pattern[self._position : end]
        self._position = end + 2
        return [self._class_single(ord(letter)) for letter in text]

    def _class_single(self, code: int) -> str:
        return with_case(code, unicode="u" in self._flags) if "i" in self._flags else character(code)

    def _member(self) -> str:
        letter = self._next()
        if letter == "[":
            return self._class()
        first: int | str = self._class_escape() if letter == "\\" else ord(letter)
        if isinstance(first, str):
            return first
        if self._peek() != "-" or self._peek(2)[1:] in ("]", "[", ""):
            return self._class_single(first)
        self._position += 1
        letter = self._next()
        last = self._class_escape() if letter == "\\" else ord(letter)
        if isinstance(last, str) or last < first:
            self._refuse("illegal range of characters")
        if "i" in self._flags:
            return range_with_case(first, last, unicode="u" in self._flags)
        return f"{character(first)}-{character(last)}"

    def _class_escape(self) -> int | str:
        letter = self._next()
        if letter in "dDwWsShHvV":
            return short_class(letter, unicode="U" in self._flags)
        if letter in "pP":
            return self._property(negated=letter == "P")
        return self._escaped_code(letter)
