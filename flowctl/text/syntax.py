"""What libyaml says about a text that is not YAML, in words for a person and with a cure."""

from yaml.error import MarkedYAMLError

from flowctl.text.source import TextProblem

_CURES = (
    (
        "mapping values are not allowed",
        "a second ': ' in one line, or wrong indentation",
        "Put a text that holds ': ' in quotes, and indent keys of one mapping alike.",
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
        "a key without ':'",
        "Write `key: value`; a text of several lines needs quotes or `|`.",
    ),
    ("found undefined alias", "an alias without its anchor", "Write the anchor, &NAME, above its first alias."),
    ("found unexpected end of stream", "a quote is not closed", "Close it."),
    (
        "found character that cannot start any token",
        "a character that cannot begin a value",
        "Put the value in quotes.",
    ),
    (
        "found unknown escape character",
        "an unknown escape in double quotes",
        "Write \\\\ for a backslash, or use single quotes.",
    ),
    (
        "did not find expected ',' or ",
        "a comma or closing bracket is missing",
        "Put a text that holds , [ ] { } in quotes.",
    ),
    ("did not find expected node content", "a value or closing bracket is missing", "Close every bracket."),
    ("undefined tag handle", "a tag that is not defined", "Remove the tag, or put the value in quotes."),
    ("found duplicate anchor", "two anchors of one name", "Rename one of them."),
)

_TAB = "a tab is used for indentation"


def syntax_problem(error: MarkedYAMLError, text: str) -> TextProblem:
    """The problem at the place where reading stopped; for what is not closed, at the place where it was opened."""
    said = " ".join(filter(None, (error.context, error.problem)))
    mark = error.problem_mark or error.context_mark
    if error.context_mark is not None and mark is not None and mark.line >= len(text.rstrip().split("\n")):
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    if line >= len(lines):  # the reader counts a line that the text does not have
        line, column = len(lines) - 1, len(lines[-1])
    words, cure = _told(said, text, line, column)
    opened = error.context_mark.line if error.context_mark is not None else line
    begins = f" What is being read there begins in line {opened + 1}." if opened < line else ""
    return TextProblem(
        code="tab" if words == _TAB else "yaml-syntax",
        summary=f"not valid YAML: {words or said or 'the text cannot be read'}",
        detail=f"The reader says: {said}.{begins}" if words else begins.strip(),
        hint=cure,
        line=line + 1,
        column=column + 1,
    )


def _told(said: str, text: str, line: int, column: int) -> tuple[str, str]:
    """The words and the cure; empty where there are none."""
    if _is_tab(text, line, column):
        return _TAB, "Indent with spaces."
    if "while parsing a flow" in said and "${" in _line(text, line):
        return "${...} without quotes inside { } or [ ]", "Put the text that holds it in quotes."
    return next(((words, cure) for known, words, cure in _CURES if known in said), ("", ""))


def _is_tab(text: str, line: int, column: int) -> bool:
    before = _line(text, line)[: column + 1]
    return before.endswith("\t") and not before.strip()


def _line(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line] if line < len(lines) else ""
