"""Character classes in brackets: unions, intersections, ranges and quotations."""

from __future__ import annotations

from flowctl.dataprep.patterns.classes import character, range_with_case, short_class
from flowctl.dataprep.patterns.cursor import Cursor


class Brackets(Cursor):
    """Translates what stands in brackets."""

    def _class(self) -> str:
        """Translate a class; the opening bracket has been read."""
        self._deeper()
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
        return [self._in_brackets(ord(letter)) for letter in text]

    def _member(self) -> str:
        letter = self._next()
        if letter == "[":
            return self._class()
        first: int | str = self._class_escape() if letter == "\\" else ord(letter)
        if isinstance(first, str):
            return first
        if self._peek() != "-" or self._peek(2)[1:] in ("]", "[", ""):
            return self._in_brackets(first)
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
