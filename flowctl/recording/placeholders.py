"""Placeholders: what stands for a value in a record. One value has one placeholder, of the same form.

A placeholder is recognized by its form wherever it stands, so that a record can be sent again with other IDs in it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

ID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,128}|[0-9A-HJKMNP-TV-Z]{26})"
    r"(?![0-9A-Za-z])"
)
"""IDs of Experience Platform: UUIDs, hexadecimal numbers of 16 digits or more, ULIDs."""
ATOM: Final = re.compile(
    r"(?<![0-9A-Za-z-])(?:(?:text|secret|person|org|host)-[0-9]+|00000000-0000-4000-8000-[0-9a-f]{12}"
    r"|f0{7,119}[0-9a-f]{8}|F0{17}[0-9A-F]{8}|80{6}[0-9]{8})(?![0-9A-Za-z-])|(?<![0-9A-Za-z])word[0-9]+(?![0-9A-Za-z])"
)
"""A placeholder anywhere in a text."""
_ULID_LENGTH: Final = 26


class Placeholders:
    """The placeholders of one record, by value. `kept` are values that stand for themselves.

    `first` is the number of the first placeholder of each form; two sets of placeholders never meet with others.
    """

    def __init__(self, *, first: int = 1, kept: Iterable[str] = (), given: Mapping[str, str] | None = None) -> None:
        self._next = first
        self._kept = frozenset(kept)
        self._made: dict[tuple[str, str], str] = {
            ("word" if made.startswith("word") else "", value): made for value, made in (given or {}).items()
        }
        self.originals: dict[str, str] = {made: value for (_, value), made in self._made.items()}

    def text(self, value: str) -> str:
        """Return what stands for a text of unknown meaning."""
        return self._of(value, lambda number: f"text-{number}")

    def secret(self, value: str) -> str:
        """Return what stands for a credential."""
        return self._of(value, lambda number: f"secret-{number}")

    def word(self, value: str) -> str:
        """Return what stands for a word of a path or expression: a name of one's own fields."""
        return self._of(value, lambda number: f"word{number}", kind="word")

    def person(self, value: str, rest: str) -> str:
        """Return what stands for an address of a person or program; `rest` follows the placeholder."""
        return self._of(value, lambda number: f"person-{number}{rest}")

    def organization(self, value: str) -> str:
        """Return what stands for an organization."""
        return self._of(value, lambda number: f"org-{number}@AdobeOrg")

    def host(self, value: str) -> str:
        """Return what stands for the host of an address."""
        return self._of(value, lambda number: f"host-{number}.example.com")

    def id(self, value: str) -> str:
        """Return what stands for an ID, in the same form."""
        if "-" in value:
            return self._of(value, lambda number: f"00000000-0000-4000-8000-{number:012x}")
        if len(value) == _ULID_LENGTH and not re.fullmatch("[0-9a-f]+", value):
            return self._of(value, lambda number: f"F{0:017d}{number:08X}")
        return self._of(value, lambda number: f"f{0:0{len(value) - 9}d}{number:08x}")

    def number(self, value: int) -> int:
        """Return what stands for a number that is the ID of an object."""
        return int(self._of(str(value), lambda number: f"8{number:014d}", kind="number"))

    def _of(self, value: str, form: Callable[[int], str], kind: str = "") -> str:
        if value in self._kept:
            return value
        # The same letters as a name and as a word of an expression have two placeholders: each form has its syntax.
        made = self._made.get((kind, value))
        if made is None:
            made = self._made[kind, value] = form(self._next)
            self.originals[made] = value
            self._next += 1
        return made


def blanked(text: str) -> str:
    """Return a text with the form of each placeholder alone: texts that differ only in values are equal."""
    return ATOM.sub(_form, text)


def _form(match: re.Match[str]) -> str:
    atom = match[0]
    if atom.startswith("word"):
        return "<word>"
    name, hyphen, _ = atom.partition("-")
    if hyphen and name.isalpha() and not set(name) <= set("0f"):
        return f"<{name}>"
    return f"<id of {len(atom)}>"
