"""Write documents as YAML: short mappings on one line, strings plain where every reader takes them as strings."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from flowctl.model.json_value import JSON

_WIDTH: Final = 110
_WORDS: Final = r"[A-Za-z_/][\w/.()*+=<>;$-]*"
_PLAIN: Final = re.compile(rf"{_WORDS}(?: {_WORDS})*\Z", re.ASCII)
"""Strings that need no quotes, in a mapping on one line too."""
_PLAIN_TOO: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z|https?://[\w./-]+\Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII
)
"""IDs, addresses of schemas and times, which are strings in every manifest."""
_NOT_STRINGS: Final = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"])
_UNPRINTABLE: Final = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Substitution(str):
    """A `${...}` that is to be written as it stands; in any other string it is escaped."""

    __slots__ = ()


def document_text(content: Mapping[str, JSON], comments: Iterable[str] = ()) -> str:
    """One document with its comments before it."""
    lines = [*(f"# {comment}" for comment in comments), *_members(content, "")]
    return "\n".join(lines) + "\n"


def _members(content: Mapping[str, JSON], indent: str) -> Iterator[str]:
    for key, value in content.items():
        yield from _beside(f"{indent}{_quoted(key)}:", value, indent)


def _beside(head: str, value: JSON, indent: str) -> Iterator[str]:
    """A value after its key: on the same line if it is short, otherwise below it."""
    line = f"{head} {_inline(value)}"
    if not isinstance(value, Mapping | list | tuple) or not value or (_is_short(value) and len(line) <= _WIDTH):
        yield line
    elif isinstance(value, Mapping):
        yield head
        yield from _members(value, f"{indent}  ")
    else:
        yield head
        yield from _items(value, f"{indent}  ")


def _items(items: Sequence[JSON], indent: str) -> Iterator[str]:
    for item in items:
        line = f"{indent}- {_inline(item)}"
        if isinstance(item, Mapping) and item and (len(line) > _WIDTH or not _is_short(item)):
            first, *rest = _members(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            yield line


def _is_short(value: JSON) -> bool:
    """Whether a mapping or list reads well on one line: it holds values, or one mapping of values."""
    members = list(value.values()) if isinstance(value, Mapping) else list(value)
    nested = [member for member in members if isinstance(member, Mapping | list | tuple) and member]
    if isinstance(value, Mapping):
        return not nested or (len(members) == 1 and all(map(_is_short, nested)))
    return not nested


def _inline(value: JSON) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_quoted(key)}: {_inline(member)}' for key, member in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    return _scalar(value)


def _scalar(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Substitution):
        return f'"{value}"'
    return _quoted(str(value).replace("${", "$${"))


def _quoted(text: str) -> str:
    """The string, in quotes where it needs them; keys stand so too, as nothing is substituted in them."""
    is_plain = _PLAIN.match(text) is not None and text.lower() not in _NOT_STRINGS
    if is_plain or _PLAIN_TOO.match(text):
        return text
    if '"' in text and "'" not in text and _UNPRINTABLE.search(text) is None:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{_UNPRINTABLE.sub(_escape, escaped)}"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
