"""Read simple YAML to a value, several times faster than by composing nodes.

This module reads block mappings and lists, flow collections on one line, and scalars on one line, plain or in quotes
without escapes, as nearly every manifest has them. Any other text, and above all a wrong one, is left to the reader,
which knows the place of each value. For the texts that this module reads, the reader has the same value and no problem.
"""

import re
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flowctl.model.json_value import JSON
from flowctl.text.scalars import FIRST, WORDS, loses_zeros, resolve

if TYPE_CHECKING:
    from flowctl.text.forms import Forms

_FEW: Final = 50
"""Texts that are read before their forms are of use."""
DEEPEST: Final = 30
"""Levels of nesting; what is deeper is left to the reader."""

_KEY: Final = r"[A-Za-z_$][A-Za-z0-9_$./-]{0,200}"
_WORD: Final = r"""[^ :,\[\]{}"'#&*!|>%@`?\\]"""
_TEXT: Final = rf"(?:(?![-=~]){_WORD}|-(?=[0-9])){_WORD}*(?: {_WORD}+)*"
"""A plain scalar in a flow collection. No sign in it means anything there, in any release of libyaml."""
_QUOTED: Final = r'"[^"\\]*"|' + r"'[^']*'"
_PAIR: Final = rf"(?:{_KEY}|{_QUOTED}): (?:{_TEXT}|{_QUOTED})"
_FLAT: Final = rf"\{{{_PAIR}(?:, {_PAIR})*\}}"
_flat: Final = re.compile(_FLAT).fullmatch
_pairs: Final = re.compile(rf"(\{{|, )({_KEY}|{_QUOTED}): ({_TEXT}|{_QUOTED})").findall
_item_pairs: Final = re.compile(rf"((- \{{|\}}\n- \{{|, )({_KEY}|{_QUOTED}): ({_TEXT}|{_QUOTED}))").findall
_entry: Final = re.compile(rf"({_KEY}|{_QUOTED}):(?: +(.+))?").fullmatch
_flow_key: Final = re.compile(rf"({_KEY}|{_QUOTED}): +").match
_flow_scalar: Final = re.compile(rf"{_QUOTED}|{_TEXT}").match
_quoted: Final = re.compile(_QUOTED).fullmatch
_plain: Final = re.compile(rf"(?:(?![-=~]){_WORD}|-(?=[0-9.])).*").fullmatch
_NOT_TEXT: Final = frozenset("\"'+-.0123456789~")
"""What a scalar begins with that is not the text that is written, apart from words such as `true`."""

_Rows: TypeAlias = list[tuple[int, str]]
"""Lines that are neither empty nor a comment: how far each is indented, and what follows."""


_SCALAR: Final = object()
_PAIRS: Final = object()


class _Other(Exception):  # noqa: N818 - reads as what happened
    """The text is not simple YAML."""


class NotPlain:
    """What `plain_value` returns for a text that is left to the reader."""


class _Reading:
    """How many texts were read in this process, and the forms that many of them have."""

    texts = 0
    forms: "Forms | None" = None


def plain_value(text: str) -> JSON | type[NotPlain]:
    """The value of the one document in a text, with substitutions as they are written; or NotPlain."""
    forms = _forms()
    if forms is None:
        return read_plain(text)
    value = forms.value(text)
    if value is None:
        value = read_plain(text)
        if value is not NotPlain:
            forms.note(text, value, read_plain)
    return value


def _forms() -> "Forms | None":
    """The forms of texts; None for the first texts, because a small workspace has none."""
    if _Reading.forms is None:
        _Reading.texts += 1
        if _Reading.texts > _FEW:
            from flowctl.text.forms import Forms

            _Reading.forms = Forms()
    return _Reading.forms


def read_plain(text: str) -> JSON | type[NotPlain]:
    """The value of the one document in a text, read line by line; or NotPlain."""
    if not text.replace("\n", "").isprintable():
        return NotPlain
    rows: _Rows = []
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if content and content[0] != "#":
            rows.append((len(line) - len(content), content.rstrip(" ")))
    if rows and rows[0] == (0, "---"):
        del rows[0]
    if not rows or rows[0][0]:
        return NotPlain
    try:
        value, end = _block(rows, 0, 0, 0)
    except (_Other, ValueError, IndexError):
        return NotPlain
    return value if end == len(rows) else NotPlain


def _block(rows: _Rows, at: int, indent: int, depth: int) -> tuple[JSON, int]:
    """The collection that begins in a row, and the row after it."""
    if depth > DEEPEST:
        raise _Other
    return (_list if rows[at][1].startswith("- ") else _mapping)(rows, at, indent, depth)


def _mapping(rows: _Rows, at: int, indent: int, depth: int) -> tuple[JSON, int]:
    found: dict[str, JSON] = {}
    last = len(rows)
    while at < last:
        level, content = rows[at]
        if level != indent:  # where it is not the end of this mapping, no other one goes on there
            break
        key, rest, form = _line(content)
        if key in found:
            raise _Other
        at += 1
        if form is _SCALAR:
            found[key] = rest
        elif form is _PAIRS:
            found[key] = dict(rest)
        elif rest is not None:
            found[key] = _inline(rest, depth)
        elif at < last and (rows[at][0] > indent or (rows[at][0] == indent and rows[at][1].startswith("- "))):
            found[key], at = _block(rows, at, rows[at][0], depth + 1)
        else:
            raise _Other
    return found, at


@lru_cache(maxsize=4096)
def _line(content: str) -> tuple[str, Any, object]:
    """The key of a line, what follows it, and in which form. Files of a workspace have many lines in common.

    The value is there if it cannot change: a scalar, or the pairs of a mapping of scalars. Of any other it is the text.
    """
    entry = _entry(content)
    if entry is None:
        raise _Other
    written, rest = entry.groups()
    key = _key(written)
    if rest is None or rest[0] == "[" or (rest[0] == "{" and _flat(rest) is None):
        return key, rest, None
    if rest[0] == "{":
        return key, tuple(_flat_mappings(rest)[0].items()), _PAIRS
    return key, _inline(rest, 0), _SCALAR


def _list(rows: _Rows, at: int, indent: int, depth: int) -> tuple[JSON, int]:
    found: list[JSON] = []
    last, tried = len(rows), at
    while at < last:
        level, content = rows[at]
        if level != indent or not content.startswith("- "):
            break
        if at >= tried and content.startswith("- {"):
            items, tried = _flat_run(rows, at, indent)
            if items:
                found += items
                at = tried
                continue
        item = content[2:].lstrip(" ")
        if item[0] not in "{[" and _entry(item) is not None:
            inner = indent + len(content) - len(item)
            rows[at] = (inner, item)
            value, at = _mapping(rows, at, inner, depth + 1)
            found.append(value)
        else:
            found.append(_inline(item, depth))
            at += 1
    return found, at


def _flat_run(rows: _Rows, at: int, indent: int) -> tuple[list[JSON], int]:
    """The items from a row on that are mappings on one line, read together, and the row after them.

    There are no items if one of them has more than scalars.
    """
    end, last = at + 1, len(rows)
    while end < last and rows[end][0] == indent and rows[end][1].startswith("- {"):
        end += 1
    return _flat_items("\n".join([content for _, content in rows[at:end]])), end


@lru_cache(maxsize=1000)
def _key(text: str) -> str:
    """A key. All files share one string for it."""
    if text[0] in "\"'":
        return intern(text[1:-1])
    if text[0] in FIRST and not isinstance(resolve(text), str):
        raise _Other
    return intern(text)


def _inline(text: str, depth: int) -> JSON:
    """The value in the rest of a line."""
    first = text[0]
    if first == "{":
        if _flat(text) is not None:
            return _flat_mappings(text)[0]
    elif first != "[":
        if first in "\"'":
            if _quoted(text) is None:
                raise _Other
        elif _plain(text) is None or ": " in text or " #" in text or text[-1] == ":":
            raise _Other
        return _scalar(text)
    value, at = _flow(text, 0, depth + 1)
    if at != len(text):
        raise _Other
    return value


def _flat_mappings(text: str) -> list[JSON]:
    """Mappings of scalars, the most common items of lists."""
    found: list[JSON] = []
    members: dict[str, JSON] = {}
    for sign, written, value in _pairs(text):
        if sign == "{":
            members = {}
            found.append(members)
        key = _key(written)
        if key in members:
            raise _Other
        members[key] = value if value[0] not in _NOT_TEXT and value not in WORDS else _scalar(value)
    return found


def _flat_items(text: str) -> list[JSON]:
    """The items of a list, each of them a mapping of scalars; none if any holds more.

    The parts that are found make up the whole text, or something else is in it.
    """
    parts = _item_pairs(text)
    if not parts or parts[0][1] != "- {" or text[-1] != "}" or sum([len(part[0]) for part in parts]) + 1 != len(text):
        return []
    found: list[JSON] = []
    members: dict[str, JSON] = {}
    for _, sign, written, value in parts:
        if sign != ", ":
            members = {}
            found.append(members)
        key = _key(written)
        if key in members:
            raise _Other
        members[key] = value if value[0] not in _NOT_TEXT and value not in WORDS else _scalar(value)
    return found


def _scalar(text: str) -> JSON:
    first = text[0]
    if first in "\"'":
        return text[1:-1]
    if first not in FIRST:
        return text
    value = resolve(text)
    if type(value) is int and loses_zeros(text):
        raise _Other
    return value


def _flow(text: str, at: int, depth: int) -> tuple[JSON, int]:
    """The value that begins at a place in a flow collection, and the place after it."""
    if depth > DEEPEST:
        raise _Other
    if text[at] == "{":
        return _flow_mapping(text, at + 1, depth)
    if text[at] == "[":
        return _flow_list(text, at + 1, depth)
    scalar = _flow_scalar(text, at)
    if scalar is None:
        raise _Other
    return _scalar(scalar[0]), scalar.end()


def _flow_mapping(text: str, at: int, depth: int) -> tuple[JSON, int]:
    found: dict[str, JSON] = {}
    at = _next(text, at)
    while text[at] != "}":
        name = _flow_key(text, at)
        if name is None:
            raise _Other
        key = _key(name[1])
        if key in found:
            raise _Other
        found[key], at = _flow(text, name.end(), depth + 1)
        at = _separated(text, at, "}")
    return found, at + 1


def _flow_list(text: str, at: int, depth: int) -> tuple[JSON, int]:
    found: list[JSON] = []
    at = _next(text, at)
    while text[at] != "]":
        value, at = _flow(text, at, depth + 1)
        found.append(value)
        at = _separated(text, at, "]")
    return found, at + 1


def _separated(text: str, at: int, end: str) -> int:
    """The place of the next item, or of the end."""
    at = _next(text, at)
    if text[at] == end:
        return at
    if text[at] != ",":
        raise _Other
    return _next(text, at + 1)


def _next(text: str, at: int) -> int:
    """The next place that is not a space."""
    while text[at] == " ":
        at += 1
    return at
