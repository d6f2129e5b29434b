"""Undo the encodings in which a server may return a value, and keep the place of each character.

A text is compared in a folded form: without case, white space and invisible characters.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from flowctl.late_pattern import late_pattern

_ROUNDS: Final = 3
"""How often a text is decoded: a percent-encoded text in JSON in JSON is the deepest seen in error messages."""
_DROPPED: Final = (
    [chr(code) for code in (*range(33), *range(0x7F, 0xA1), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5)]
    + [chr(code) for code in (*range(0x180B, 0x1810), *range(0x2000, 0x2010), *range(0x2028, 0x2030))]
    + [chr(code) for code in (*range(0x205F, 0x2070), 0x2800, 0x3000, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0)]
    + [chr(code) for code in (*range(0xFFF0, 0xFFFC), *range(0xE0000, 0xE0200))]
)
_DROP: Final = str.maketrans(dict.fromkeys(_DROPPED))
_NOT_KEPT: Final = frozenset(_DROPPED)
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

_ESCAPED: Final = late_pattern(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<hex>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|(?P<octal>(?:\\[0-3][0-7]{2})+)"
    r"|(?P<unit>(?:(?:\\|%)u[0-9A-Fa-f]{4})+)"
    r"|\\(?:u\{(?P<brace>[0-9A-Fa-f]{1,6})\}|U(?P<long>[0-9A-Fa-f]{8}))"
    r"|(?P<entity>&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};))"
    r"|\\(?P<sign>[^A-Za-z0-9]|[abefnrtv0])"
)
_PRINTABLE: Final = late_pattern(r"(?P<printable>(?:=[0-9A-Fa-f]{2})+)|=[ \t]*\r?\n")


class Layer(NamedTuple):
    """A text that was decoded from another one: character `n` comes from `starts[n]` to `ends[n]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Layer":
        """The text itself."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def decoded(self, coding: re.Pattern[str]) -> "Layer":
        """The text with one encoding undone once."""
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for found in coding.finditer(self.text):
            self._copy(done, found.start(), parts, starts, ends)
            made = _decoded(found)
            parts.append(made)
            starts += [self.starts[found.start()]] * len(made)
            ends += [self.ends[found.end() - 1]] * len(made)
            done = found.end()
        self._copy(done, len(self.text), parts, starts, ends)
        return Layer("".join(parts), starts, ends)

    def folded(self) -> "Layer":
        """The folded text, with places in this text and not in the original one."""
        kept = [place for place, sign in enumerate(self.text) if sign not in _NOT_KEPT]
        return Layer(folded(self.text), kept, [place + 1 for place in kept])

    def _copy(self, begin: int, end: int, parts: list[str], starts: list[int], ends: list[int]) -> None:
        parts.append(self.text[begin:end])
        starts += self.starts[begin:end]
        ends += self.ends[begin:end]


def folded(text: str) -> str:
    """The text without case, white space and invisible characters, with one character for each that remains."""
    text = text.translate(_DROP)
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_ASCII_LOWER)


def readings(text: str) -> Iterator[tuple[str, Callable[[], Layer]]]:
    """Each way to read a text: as it is, and decoded. A layer is created only when it is requested."""
    yield text, lambda: Layer.of(text)
    decoded = text
    for rounds in range(1, _ROUNDS + 1):
        if "%" not in decoded and "\\" not in decoded and "&" not in decoded:
            break
        before, decoded = decoded, _ESCAPED.sub(_decoded, decoded)
        if decoded == before:
            break
        yield decoded, lambda rounds=rounds: _undone(text, [_ESCAPED] * rounds)  # type: ignore[misc]
    if "=" in text:
        printable = _PRINTABLE.sub(_decoded, text)
        if printable != text:
            yield printable, lambda: _undone(text, [_PRINTABLE])


def _undone(text: str, codings: Sequence[re.Pattern[str]]) -> Layer:
    layer = Layer.of(text)
    for coding in codings:
        layer = layer.decoded(coding)
    return layer


def _decoded(found: re.Match[str]) -> str:
    kind, written = found.lastgroup, found[0]
    if kind in ("percent", "printable"):
        return _text(bytes.fromhex(written.replace("%", "").replace("=", "")))
    if kind == "hex":
        return _text(bytes.fromhex(written.replace("\\x", "")))
    if kind == "octal":
        return _text(bytes(int(number, 8) for number in written.split("\\")[1:]))
    if kind == "unit":
        units = bytes.fromhex(re.sub(r"[\\%]u", "", written))
        return units.decode("utf_16_be", "replace")
    if kind in ("brace", "long"):
        code = int(found[kind], 16)
        return chr(code) if code <= 0x10FFFF else ""
    if kind == "entity":
        import html  # its table of entities is slow to import, and most texts hold none

        return html.unescape(written)
    # A line break or another control character that is written as an escape does not count, as white space does not.
    sign = found["sign"] if kind == "sign" else ""
    return "" if sign.isalnum() else sign


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin1")
