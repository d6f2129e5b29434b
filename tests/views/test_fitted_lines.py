"""Lines in a terminal: wrapped between words, with their indent and style; what a person copies stays whole."""

import pytest

from flowctl.views.both_values import both_values
from flowctl.views.excerpt import excerpt
from flowctl.views.fitted import fitted
from flowctl.views.lines import Line
from flowctl.views.width import UNWRAPPED, Width

COMMAND = "flowctl new pipeline --connection shop-database --table public.customers"


def texts(line: Line, columns: int | None = 40, secret: str = "a secret") -> list[str]:
    return [each.text for each in fitted([line], columns, lambda text: text.replace(secret, "***"))]


def test_further_lines_are_indented_by_two_more_and_have_the_style() -> None:
    lines = list(fitted([Line("  one two three four five six seven eight nine", "red")], 40, str))
    assert [line.text for line in lines] == ["  one two three four five six seven", "    eight nine"]
    assert {line.style for line in lines} == {"red"}


def test_without_a_terminal_nothing_is_wrapped() -> None:
    assert texts(Line("word " * 50), None) == ["word " * 50]


@pytest.mark.parametrize("line", [Line("1234567890 " * 3 + "1234567"), Line("顧客 " * 8), Line("x" * 99), Line()])
def test_what_fits_or_has_no_spaces_stays(line: Line) -> None:
    assert texts(line) == [line.text]


def test_what_takes_two_columns_counts_as_two() -> None:
    assert texts(Line("顧客 " * 9)) == [("顧客 " * 8).rstrip(), "  顧客"]


def test_what_is_verbatim_is_not_wrapped() -> None:
    assert texts(Line(f"  {COMMAND}", is_verbatim=True)) == [f"  {COMMAND}"]


def test_code_in_a_sentence_is_broken_only_if_it_needs_more_than_a_line() -> None:
    assert texts(Line("To see what apply does, run `flowctl plan`.")) == [
        "To see what apply does, run",
        "  `flowctl plan`.",
    ]
    assert texts(Line(f"To go on, run `{COMMAND}`.")) == [
        "To go on, run `flowctl new pipeline",
        "  --connection shop-database --table",
        "  public.customers`.",
    ]
    assert texts(Line("A back-tick ` alone is a sign like every other.")) == [
        "A back-tick ` alone is a sign like every",
        "  other.",
    ]


def test_a_secret_is_masked_before_it_is_wrapped() -> None:
    assert texts(Line("What is in front of it fits the line: a secret")) == [
        "What is in front of it fits the line:",
        "  ***",
    ]


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("column", [1, 50, 250, 493])
def test_a_source_line_fits_the_terminal_with_its_mark(column: int, columns: int) -> None:
    line = "".join(f"word{number:03d} " for number in range(62))
    shown, mark = excerpt(line, column, 1234, columns)
    begin, end = mark.index("^"), mark.rindex("^") + 1
    assert max(len(shown), len(mark)) <= columns
    assert shown[begin:end]
    assert line[column - 1 :].startswith(shown[begin:end])


def test_a_source_line_is_cut_less_in_a_wider_terminal_and_never_beyond_what_a_pipe_has() -> None:
    line = "word " * 99
    lengths = [len(excerpt(line, 40, 7, columns)[0]) for columns in (40, 60, 80, 200, None)]
    assert lengths == sorted(lengths)
    assert lengths[-2:] == [lengths[-1]] * 2


def test_values_that_do_not_fit_beside_each_other_stand_below_their_path() -> None:
    narrow, sides = Width(columns=60, wraps=True), ('"public.customers"', '"public.clients"')
    beside = ['  params.tableName: "public.customers" -> "public.clients"']
    assert list(both_values("params.tableName", sides, narrow, 2)) == beside
    assert next(iter(both_values("params.tableName", sides, UNWRAPPED, 99))).endswith(beside[0].strip())
    assert list(both_values("params.tableName", sides, UNWRAPPED, 2, "forces replacement")) == [
        f"{beside[0]}   forces replacement"
    ]
    assert list(both_values("params.tableName", sides, narrow, 2, "forces replacement")) == [
        "  params.tableName (forces replacement):",
        '       "public.customers"',
        '    -> "public.clients"',
    ]


def test_a_value_that_is_longer_than_a_line_goes_on_below_its_beginning() -> None:
    words = '"one two three four five six seven eight"'
    assert list(both_values("title", (words, "(removed)"), Width(columns=40, wraps=True), 2)) == [
        "  title:",
        '       "one two three four five six',
        '       seven eight"',
        "    -> (removed)",
    ]
