"""Text from outside, made safe for a terminal, for the reader of a log and for JSON: what would act is shown instead.

Names, keys, values, file names and the words of Experience Platform may hold any character. Every character that a
terminal obeys, or that a person cannot see, becomes an escape such as `\\x1b` or `\\u202e`. Letters, signs and emoji of
every language stay. Joiners and variation selectors are escaped in emoji too, and blanks other than the space: with
them, two names that look the same may differ, and a plan is read to tell them apart.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flowctl.late_pattern import late_pattern

_UNSEEN: Final = (
    "["
    "\x00-\x1f\x7f-\xa0"  # control characters, line breaks among them, and the blank that does not break
    "\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"  # no width, or a mark of direction
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f"  # narrow blanks, no width, line separators, directions
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # blanks that are letters, variation selectors, annotations
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, noncharacters
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format controls of scripts and of music
    "\U000e0000-\U0010ffff"  # tags, more variation selectors, private use
    "]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff]"
)
_COMMAND: Final = late_pattern(r"##(?=\w*\[)|\A\s*::")
"""What readers of logs obey: `##[error]`, `##vso[` and `##teamcity[` anywhere, `::warning::` at the start of a line."""

QUOTED: Final = r"`([^`\s](?:[^`]*[^`\s])?)`"
"""What our sentences show as code: keys, values and commands in back-ticks."""


def visible(text: str) -> str:
    """One line of text without a character that acts or cannot be seen, and without a command to a reader of logs."""
    if text.isascii() and text.isprintable():
        return _inert(text)
    return _inert(re.sub(_UNSEEN, lambda found: _escape(found[0]), text))


def visible_lines(text: str) -> str:
    """The text with each of its lines made visible; its line breaks stay, so that they must be our own."""
    return "\n".join(visible(line) for line in text.split("\n"))


def json_text(document: Mapping[str, Any] | Sequence[Any], *, indent: int | None = None) -> str:
    """The document as JSON in ASCII; what would act in a terminal or a log is an escape, so that no value changes."""
    import json  # only for JSON output: `--help` starts without it

    text = json.dumps(document, indent=indent)
    return _COMMAND.sub("#\\\\u0023", text) if "##" in text else text


def _inert(text: str) -> str:
    return _COMMAND.sub(lambda found: found[0][:-1] + f"\\x{ord(found[0][-1]):02x}", text)


def _escape(character: str) -> str:
    number = ord(character)
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
