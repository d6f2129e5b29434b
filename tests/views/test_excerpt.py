"""The source line below a diagnostic: the mark is below the word at fault, whatever is in the line."""

import pytest

from flowctl.views.excerpt import excerpt


@pytest.mark.parametrize(
    ("line", "column", "shown", "mark"),
    [
        ("schedul: {a: 1}", 1, "    7 | schedul: {a: 1}", "      | ^^^^^^^"),
        ("  frequency: daily", 14, "    7 |   frequency: daily", "      |              ^^^^^"),
        ("title: [a, b", 8, "    7 | title: [a, b", "      |        ^"),
        ("title: 'a b' # c", 8, "    7 | title: 'a b' # c", "      |        ^^^^^"),
        ("path: ${env:A b}/x", 7, "    7 | path: ${env:A b}/x", "      |       ^^^^^^^^^^"),
        ("url: https://a.example/b", 6, "    7 | url: https://a.example/b", "      |      ^^^^^^^^^^^^^^^^^^^"),
        ("\ta: 1", 2, "    7 |     a: 1", "      |     ^"),
        ("고객: x", 5, "    7 | 고객: x", "      |       ^"),
        ("고객: x", 1, "    7 | 고객: x", "      | ^^^^"),
        ("e\u0301: x", 5, "    7 | e\u0301: x", "      |    ^"),
        ("a\x1b[31m: x", 9, "    7 | a\\x1b[31m: x", "      |            ^"),
        ("a:", 3, "    7 | a:", "      |   ^"),
    ],
)
def test_the_mark_is_below_the_word(line: str, column: int, shown: str, mark: str) -> None:
    assert excerpt(line, column, 7) == (shown, mark)


@pytest.mark.parametrize("column", [1, 50, 100, 250, 493])
def test_a_long_line_is_cut_around_the_word(column: int) -> None:
    line = "".join(f"word{number:03d} " for number in range(62))
    shown, mark = excerpt(line, column, 12)
    begin = mark.index("^")
    at = shown[begin : mark.rindex("^") + 1]
    assert len(shown) <= 115
    assert at
    assert at in line
    assert line[column - 1 : column - 1 + len(at)] == at
