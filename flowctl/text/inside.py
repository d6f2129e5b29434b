"""Find the place of a character of a scalar's value in the YAML text of the scalar.

Quotes, escapes, indentation and folded lines make the value differ from its text. Only white space is folded and
indented, so all other characters are in both in the same order, and they lead from one to the other.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowctl.late_pattern import late_pattern
from flowctl.model.diagnostic import SourceSpan

if TYPE_CHECKING:
    from flowctl.text.nodes import ScalarNode

_PROPERTIES = late_pattern(r"(?:[&!]\S*\s+)*")
_HEADER = late_pattern(r"[|>][^\r\n]*(?:\r\n|[\r\n])")
_LINE_END = late_pattern("\r\n|[\r\n\x85\u2028\u2029]")
_ESCAPE = late_pattern(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\r\n|.)", re.DOTALL)
_BLANK_ESCAPES = frozenset("nrtvfNLP_ \t\r\n\x85\u2028\u2029")


def place_inside(node: "ScalarNode", text: str, file: str, offset: int) -> SourceSpan:
    """The place of the character at `offset` of a value, or of its end if `offset` is its length.

    `text` is the whole text that the node was composed from. If it does not fit, the place is that of the scalar.
    """
    start, end = node.start_mark, node.end_mark
    written = text[start.index : end.index]
    found = _index(node, written, offset)
    if found is None:
        return SourceSpan(file=file, line=start.line + 1, column=start.column + 1)
    return _span_at(file, written, found, line=start.line + 1, column=start.column + 1)


def _span_at(file: str, written: str, index: int, *, line: int, column: int) -> SourceSpan:
    """The place of a character of a text that begins at a line and a column."""
    ends = [match.end() for match in _LINE_END.finditer(written, 0, index)]
    if not ends:
        return SourceSpan(file=file, line=line, column=column + index)
    return SourceSpan(file=file, line=line + len(ends), column=index - ends[-1] + 1)


def _index(node: "ScalarNode", written: str, offset: int) -> int | None:
    """The index in the text of a character of the value."""
    characters = _characters(written, node.style)
    after = 0
    value: str = node.value
    for position, character in enumerate(value[: offset + 1]):
        if character.isspace():
            continue
        found = next(characters, None)
        if found is None:
            return None
        after = found[1]
        if position == offset:
            return found[0]
    blanks = offset - len(value[:offset].rstrip())
    return after + blanks if after and after + blanks <= len(written) else after or None


def _characters(written: str, style: str | None) -> Iterator[tuple[int, int]]:
    """Begin and end in the text of each character of a value that is not white space."""
    properties = _PROPERTIES.match(written)
    position = properties.end() if properties else 0
    if style in ("|", ">"):
        header = _HEADER.match(written, position)
        position = header.end() if header else position
    elif style in ("'", '"'):
        position += 1
    while position < len(written):
        width, is_blank = _character(written, position, style)
        if not is_blank:
            yield position, position + width
        position += width


def _character(written: str, position: int, style: str | None) -> tuple[int, bool]:
    """The length in the text of the character at a position, and whether it is white space."""
    character = written[position]
    if style == "'" and written.startswith("''", position):
        return 2, False
    escape = _ESCAPE.match(written, position) if style == '"' and character == "\\" else None
    if escape is None:
        return 1, character.isspace()
    code = escape[1] or escape[2] or escape[3]
    is_blank = chr(int(code, 16)).isspace() if code else escape[0][1:] in _BLANK_ESCAPES or escape[0] == "\\\r\n"
    return len(escape[0]), is_blank
