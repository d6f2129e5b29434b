"""Forms of plain texts: what texts have in common that differ in nothing but some strings.

Manifests of one kind are often written alike, by one person or one program. Once many texts of a form were read, the
form tells where the strings are and what they are the values of, and the next text is read by one regular expression.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from flowctl.model.json_value import JSON
from flowctl.text.scalars import WORDS

ENOUGH: Final = 60
"""Texts of a form that are read before the form is used: to prepare it takes as long as to read so many."""
MOST_FORMS: Final = 32
MOST_STRINGS: Final = 200
"""Strings of a text with a form; more would take long to prepare."""
_MOST_OUTSIDE: Final = 2000
"""Texts without a form after which no further one is looked for."""

_SIGNS: Final = r"[$()+./0-9;<=A-Z^_a-z~-]"
"""What may stand in a string that is not in quotes: ASCII, and nothing that means something in YAML."""
_BARE: Final = rf"(?![-=~+.0-9]){_SIGNS}++(?: {_SIGNS}++)*+"
_WORDS: Final = frozenset(filter(str.isalpha, WORDS))
"""What is not a string although it looks like one, such as `true`."""
_IN_DOUBLE: Final = r"[ !#-\[\]-~]*+"
_IN_SINGLE: Final = r"[ !#-&(-\[\]-~]*+"
_strings: Final = re.compile(
    rf"(?<=: )(?:\"(?P<double>{_IN_DOUBLE})\"|'(?P<single>{_IN_SINGLE})'"
    rf"|(?!(?:{'|'.join(sorted(_WORDS))})(?:[,}}\n]|\Z))(?P<bare>{_BARE}))(?=[,}}\n]|\Z)"
)

Reader = Callable[[str], JSON]


class Form:
    """A form: the pattern of its texts, and what makes a value of the strings in one."""

    __slots__ = ("_match", "_value")

    def __init__(self, pattern: str, value: Callable[..., JSON]) -> None:
        self._match = re.compile(pattern).fullmatch
        self._value = value

    def value(self, text: str) -> JSON:
        """The value of a text, or None if it has another form."""
        found = self._match(text)
        if found is None:
            return None
        strings = found.groups()
        return self._value(*strings) if _WORDS.isdisjoint(strings) else None


class Forms:
    """The forms of the texts that were read, by their number of lines."""

    def __init__(self) -> None:
        self._known: dict[int, list[Form]] = {}
        self._count = 0
        self._outside = 0
        self._seen: Counter[int] = Counter()

    def value(self, text: str) -> JSON:
        """The value of a text that has a known form; None for any other."""
        known = self._known.get(text.count("\n")) if self._count else None
        for form in known or ():
            value = form.value(text)
            if value is not None:
                return value
        return None

    def note(self, text: str, value: JSON, read: Reader) -> None:
        """Note that a text had to be read: if that was often so for texts of its form, the form is used from now on."""
        if self._outside >= _MOST_OUTSIDE or self._count >= MOST_FORMS:
            return
        self._outside += 1
        key = hash(_strings.sub("", text))
        self._seen[key] += 1
        if self._seen[key] == ENOUGH:
            form = form_of(text, value, read)
            if form is not None:
                self._known.setdefault(text.count("\n"), []).insert(0, form)
                self._count += 1
                self._outside = 0


def form_of(text: str, value: JSON, read: Reader) -> Form | None:
    """The form of a text that has this value; None if it has none, or too many strings.

    The text is read once more with marks in place of the strings, which tells what each of them is the value of.
    """
    found = list(_strings.finditer(text))
    if not isinstance(value, dict) or len(found) > MOST_STRINGS:
        return None
    marks = [f"string.{place}.of.{len(found)}" for place in range(len(found))]
    if any(mark in text for mark in marks):
        return None
    marked, pattern, end = "", "", 0
    for mark, string in zip(marks, found, strict=True):
        kind = str(string.lastgroup)
        begin, stop = string.span(kind)
        between = text[end:begin]
        marked += between + mark
        pattern += f"{re.escape(between)}({_PATTERNS[kind]})"
        end = stop
    pattern += re.escape(text[end:])
    source, used = _source(read(marked + text[end:]), {mark: place for place, mark in enumerate(marks)})
    if sorted(used) != list(range(len(marks))):
        return None
    names = ", ".join(f"s{place}" for place in range(len(marks)))
    build = eval(f"lambda {names}: {source}", {"__builtins__": {}})  # names and constants only
    form = Form(pattern, build)
    return form if form.value(text) == value else None


_PATTERNS: Final = {"double": _IN_DOUBLE, "single": _IN_SINGLE, "bare": _BARE}


def _source(value: JSON, places: dict[str, int]) -> tuple[str, Sequence[int]]:
    """The expression that makes the value of the strings, and which of them stand in it."""
    if isinstance(value, dict):
        parts = [(f"{key!r}: ", _source(member, places)) for key, member in value.items()]
        return "{" + ", ".join(key + source for key, (source, _) in parts) + "}", [
            n for _, (_, used) in parts for n in used
        ]
    if isinstance(value, list):
        items = [_source(item, places) for item in value]
        return "[" + ", ".join(source for source, _ in items) + "]", [n for _, used in items for n in used]
    if isinstance(value, str) and value in places:
        return f"s{places[value]}", [places[value]]
    return repr(value), []
