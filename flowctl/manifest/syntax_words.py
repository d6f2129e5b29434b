"""What libyaml says about a text that is not YAML, in words for a person and with a cure."""

from yaml.error import MarkedYAMLError

from flowctl.manifest.source_text import TextProblem

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
    ("found unexpected end of stream", "a quote or bracket is not closed", "Close it."),
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
    ("undefined tag handle", "a tag that is not defined", "Remove the tag, or put the value in quotes."),
    ("found duplicate anchor", "two anchors of one name", "Rename one of them."),
)


def syntax_problem(error: MarkedYAMLError, text: str) -> TextProblem:
    """The problem at the place where reading stopped."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    said = " ".join(filter(None, (error.context, error.problem)))
    if _is_tab(text, line, column):
        return TextProblem(
            code="tab",
            summary="a tab is used for indentation",
            detail="Expected spaces, found a tab character.",
            hint="Indent with spaces.",
            line=line + 1,
            column=column + 1,
        )
    words, cure = next(((words, cure) for known, words, cure in _CURES if known in said), ("", ""))
    return TextProblem(
        code="yaml-syntax",
        summary=f"not valid YAML: {words or said or 'the text cannot be read'}",
        detail=f"The reader says: {said}." if words else "",
        hint=cure,
        line=line + 1,
        column=column + 1,
    )


def _is_tab(text: str, line: int, column: int) -> bool:
    lines = text.split("\n")
    return line < len(lines) and lines[line][: column + 1].endswith("\t") and not lines[line][: column + 1].strip()
