"""JSON that is read strictly: whatever is wrong with a text is said in words, at a line, and nothing is guessed.

Refused besides bad syntax: a key that stands twice, numbers that JSON does not have or that are too long, halves of
characters, and nesting that no file of flowctl needs.
"""

import json
import re
from codecs import BOM_UTF8
from typing import Any, Final, NamedTuple

DEEPEST: Final = 150
"""Levels of nesting; a manifest may have 100."""
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_BLANKS: Final = b" \t\r\n"
_OUTLINE: Final = frozenset(b"{}[],:\\u")
_NOT_OUTLINE: Final = bytes(set(range(256)) - _OUTLINE)
_NO_BRACES: Final = bytes(_OUTLINE - set(b"{}"))
_UNTOLD: Final = object()


class NotJson(ValueError):  # noqa: N818 - reads as what happened
    """The text cannot be read; `line` and `column` count from 1, where they are known."""

    def __init__(self, words: str, line: int = 1, column: int = 1) -> None:
        super().__init__(words)
        self.words = words
        self.line = line
        self.column = column


def text_of(data: bytes) -> str:
    """The text of a file, without a byte order mark. Raises NotJson where it is not UTF-8."""
    try:
        return data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise NotJson(f"it is not UTF-8 (the byte 0x{error.object[error.start]:02x})", line) from None


def parse(text: str, encoded: bytes | None = None) -> Any:
    """The value of a JSON text, which may be `encoded` in UTF-8 already. Raises NotJson."""
    counts = _Counts.of(text.encode("utf-8", "surrogatepass") if encoded is None else encoded)
    value = _told_by_counts(text, counts)
    if value is _UNTOLD:
        value = _read(text)
    if b"\\u" in counts.outline and _HALF.search(text):
        check(value)
    return value


class _Counts(NamedTuple):
    """What is counted in a text, before it is read: a copy of a large one does not stay in memory meanwhile.

    `outline` has only brackets, commas and colons of it, and what begins an escaped character: brackets that follow
    each other in JSON do so in it, and those of strings are there, too. `members` are the quotes before a colon.
    `may_have_list_in_list` is nearly never true: each bracket is seen to follow the colon of a member.
    """

    outline: bytes
    members: int
    may_have_list_in_list: bool

    @classmethod
    def of(cls, encoded: bytes) -> "_Counts":
        """The counts of a text in UTF-8."""
        dense = encoded.translate(None, _BLANKS)
        outline = dense.translate(None, _NOT_OUTLINE)
        is_odd = outline.count(b"[") != outline.count(b":[") and (b"[[" in dense or b",[" in dense)
        return cls(outline=outline, members=dense.count(b'":'), may_have_list_in_list=is_odd)


def _told_by_counts(text: str, counts: _Counts) -> Any:
    """The value of a text that counts show to be good, which takes half the time; else _UNTOLD.

    - Every member has a quote before a colon. Where there are no more of those than members were read, no key stood
      twice.
    - Where there are no more braces than objects were read, all of them are brackets, and none stands in a string.
      Taking out the innermost ones again and again tells how deep objects are nested. Where no list is an item of a
      list, nothing is nested deeper than twice that.
    """
    sizes: list[int] = []
    add = sizes.append

    def counted(found: dict[str, Any]) -> dict[str, Any]:
        add(len(found))
        return found

    try:
        value = json.loads(text, object_hook=counted, parse_constant=_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        return _UNTOLD
    objects, members = len(sizes), sum(sizes)
    braces = counts.outline.translate(None, _NO_BRACES)
    if counts.members != members or len(braces) != 2 * objects or counts.may_have_list_in_list:
        return _UNTOLD
    for _ in range(DEEPEST // 2 - 1):
        if not braces:
            return value
        braces = braces.replace(b"{}", b"")
    return _UNTOLD


def _read(text: str) -> Any:
    """The value of a text in which anything may be wrong. Raises NotJson."""
    try:
        value = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_constant, parse_float=_finite)
    except RecursionError:
        raise NotJson(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise NotJson(_spoken(error.msg), error.lineno, error.colno) from None
    except NotJson:
        raise
    except ValueError:  # digits without end, which Python refuses to count
        raise NotJson("a number in it is too long") from None
    if _is_deep(value):
        raise NotJson(_TOO_DEEP)
    return value


def check(value: object) -> str:
    """The text of a value in one line, which `parse` accepts. Raises NotJson for a value that cannot be written so."""
    if _is_deep(value):
        raise NotJson(_TOO_DEEP)
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:
        raise NotJson("it holds half of a character") from None
    except (ValueError, TypeError):
        raise NotJson("it holds a value that JSON does not have") from None
    return text


def _is_deep(value: object) -> bool:
    """Whether a value is nested deeper than any that is read; level by level, because it may be very deep."""
    level: list[Any] = [value] if type(value) in _HOLDERS else []
    for _ in range(DEEPEST):
        if not level:
            return False
        level = [
            item
            for holder in level
            for item in (holder.values() if type(holder) is dict else holder)
            if type(item) in _HOLDERS
        ]
    return True


_HOLDERS: Final = frozenset({dict, list})
_TOO_DEEP: Final = "it is nested too deep"


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twin = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotJson(f"the key {twin} stands twice")
    return members


def _constant(name: str) -> Any:
    raise NotJson(f"{name} is not a number of JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotJson("a number in it is too large")
    return number


def _spoken(message: str) -> str:
    """The reader's message, in the form that follows a colon."""
    return message[:1].lower() + message[1:]
