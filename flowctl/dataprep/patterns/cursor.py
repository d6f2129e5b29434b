"""A place in a regular expression of Java, with the flags that are on there, and the escapes of single characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NoReturn

from flowctl.dataprep.patterns.classes import character, property_class, with_case
from flowctl.dataprep.problem import ExpressionError

DEEPEST = 60
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}


@dataclass(frozen=True, slots=True)
class Flags:
    """What is switched on: i, d, m, s, u, x, U."""

    on: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, flag: str) -> bool:
        return flag in self.on or (flag == "u" and "U" in self.on)

    def changed(self, text: str) -> Flags:
        """Return the flags after `(?text)`."""
        on, _, off = text.partition("-")
        return replace(self, on=(self.on | frozenset(on)) - frozenset(off))


class Cursor:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._flags = Flags()
        self._depth = 0

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

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("it is nested too deeply")

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

    def _in_brackets(self, code: int) -> str:
        """Return a character for the inside of brackets."""
        return with_case(code, unicode="u" in self._flags) if "i" in self._flags else character(code)
