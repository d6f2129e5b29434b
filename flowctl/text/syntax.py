"""YAML syntax errors in plain words, with an action."""

import re
from typing import Final, TypeAlias

from yaml.error import MarkedYAMLError

from flowctl.text.source import TextProblem

_QUOTE: Final = "Put the value in quotes."
_KNOWN: Final = (
    (
        "mapping values are not allowed",
        "a second `: ` in one line, or wrong indentation",
        "Put a value that has `: ` in quotes, and indent the keys of one mapping alike.",
    ),
    (
        "did not find expected key",
        "a key or the end of the mapping is missing here",
        "Indent the keys of one mapping alike, and close every quote and bracket.",
    ),
    (
        "did not find expected '-' indicator",
        "a list item or the end of the list is missing here",
        "Indent the items of one list alike.",
    ),
    (
        "could not find expected ':'",
        "a key without `:`",
        "Write `KEY: VALUE`. Put a value of several lines in quotes, or write it after `|`.",
    ),
    ("found undefined alias", "an alias without its anchor", "Write the anchor `&NAME` above the first alias `*NAME`."),
    ("found unexpected end of stream", "a quote is not closed", "Close the quote."),
    ("found character that cannot start any token", "a character that cannot begin a value", _QUOTE),
    (
        "found unknown escape character",
        "an unknown escape in double quotes",
        "Write `\\\\` for a backslash, or use single quotes.",
    ),
    (
        "did not find expected ',' or ",
        "a comma or a closing bracket is missing here",
        "Add it, or put a value that has `,`, `[`, `]`, `{` or `}` in quotes.",
    ),
    ("did not find expected node content", "a value or a closing bracket is missing here", "Add it."),
    ("undefined tag handle", "an undefined tag", "Remove the tag, or put the value in quotes."),
    ("found duplicate anchor", "two anchors of the same name", "Rename one of them."),
    ("did not find expected alphabetic", "a `*` or `&` without a name", _QUOTE),
    ("found a tab character", "a tab before a value", "Write spaces instead of the tab."),
    (
        "did not find expected comment or line break",
        "text after the `|` or `>` of a block",
        "Start a new line.",
    ),
    ("did not find expected <document start>", "the document does not begin here", "Indent it like the keys above."),
    ("found incompatible YAML document", "another version of YAML than 1.2", "Remove the `%YAML` line."),
    ("found duplicate %YAML directive", "two `%YAML` lines", "Remove one of them."),
)
"""What libyaml says, what is wrong, and what to do about it."""

_TAB: Final = "a tab is used for indentation"
_OPENED: Final = (
    ("while parsing a flow sequence", "list", "]"),
    ("while parsing a flow mapping", "mapping", "}"),
    ("while scanning a quoted scalar", "quoted string", ""),
)
"""What libyaml was reading, what that is, and what closes it."""

Place: TypeAlias = tuple[int, int]
"""Line and column, counted from 0."""


def syntax_problem(error: MarkedYAMLError, text: str) -> TextProblem:
    """The problem at the place where reading stopped, or where an unclosed bracket or quote begins."""
    said = " ".join(filter(None, (error.context, error.problem)))
    mark = error.problem_mark or error.context_mark
    place = _in_text((mark.line, mark.column) if mark else (0, 0), text)
    opened = (error.context_mark.line, error.context_mark.column) if error.context_mark is not None else place
    words, action = _told(said, text, *place)
    if words != _TAB and "${" not in words and (unclosed := _unclosed(said, text, opened, place)):
        words, action, place = *unclosed, opened
    elif error.context_mark is not None and place[0] >= len(text.rstrip().split("\n")):
        place = opened
    return TextProblem(
        code="tab" if words == _TAB else "yaml-syntax",
        summary=f"not valid YAML: {words}",
        hint=action,
        line=place[0] + 1,
        column=place[1] + 1,
    )


def unknown_syntax() -> TextProblem:
    """The problem of a text that the YAML reader rejects for a reason without words of our own."""
    return TextProblem(code="yaml-syntax", summary="not valid YAML: the text cannot be read", hint=_QUOTE)


def _in_text(place: Place, text: str) -> Place:
    """A place inside the text. At the end, the YAML reader counts one line too many."""
    lines = text.split("\n")
    return place if place[0] < len(lines) else (len(lines) - 1, len(lines[-1]))


def _unclosed(said: str, text: str, opened: Place, place: Place) -> tuple[str, str] | None:
    """The words for a bracket or a quote that nothing closes."""
    found = next(((what, closing) for context, what, closing in _OPENED if context in said), None)
    if found is None or (found[1] and place[0] == opened[0]):
        return None
    what, closing = found
    if not closing:
        closing = _line(text, opened[0])[opened[1] : opened[1] + 1]
    elif re.match(rf"\s*{re.escape(closing)}", _line(text, place[0])[place[1] :]):
        return None
    return f"the {what} that begins here is not closed", f"Add `{closing}` at its end."


def _told(said: str, text: str, line: int, column: int) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if _is_tab(text, line, column):
        return _TAB, "Indent with spaces."
    if "while parsing a flow" in said and "${" in _line(text, line):
        return "`${...}` without quotes inside `{ }` or `[ ]`", "Put the value that has it in quotes."
    known = ((words, action) for known, words, action in _KNOWN if known in said)
    return next(
        known, ("this text is not expected here", "Check the indentation, and put special characters in quotes.")
    )


def _is_tab(text: str, line: int, column: int) -> bool:
    before = _line(text, line)[: column + 1]
    return before.endswith("\t") and not before.strip()


def _line(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line] if line < len(lines) else ""
