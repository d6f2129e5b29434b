"""Shapes: an expression whose shape has no problem has none, and alike expressions have one shape."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowctl.dataprep.advice import _advice, advice
from flowctl.dataprep.reading import calls_of, columns_of, subtractions_of
from flowctl.dataprep.results import results_of
from flowctl.dataprep.shapes import may_read_more, shape

PARTS = [
    "a",
    "B_1",
    "é",
    "date",
    "size",
    "and",
    "if",
    "null",
    "true",
    "_errors",
    "lower(",
    "iif(",
    "x -> ",
    '"',
    "'",
    "`",
    '"a"',
    "'b'",
    '"${a}"',
    "${a b}",
    "${a.b}",
    "${",
    "}",
    ")",
    "(",
    "[",
    "]",
    ",",
    ".",
    "?.",
    "+",
    "-",
    "*",
    "/",
    "//",
    "##",
    "/*",
    "==",
    "=",
    "?",
    ":",
    "??",
    "1",
    "2.5",
    "1e3",
    "2L",
    "0x1F",
    "2026-01-08",
    "12112020",
    "\\.",
    "\\",
    "$",
    "$a",
    "a$",
    "\n",
    " ",
    ".equals(",
    ".foo(",
    "split",
    "Y",
]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PARTS), max_size=12), st.sampled_from(["", " "]))
def test_what_has_no_problem_in_its_shape_has_none(parts, joint):
    text = joint.join(parts)
    if not _advice(shape(text)):
        assert _advice(text) == ()
        assert [(given, type(part)) for part, given in results_of(text)] == [
            (given, type(part)) for part, given in results_of(shape(text))
        ]
    assert advice(text) == _advice(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lower(First)", "lower(x)"),
        ('iif(a != null && ${b c} != "it\'s", trim(_d), null)', 'iif(x != null && ${x} != "it\'s", trim(x), null)'),
        ("a.b.equals('c')", "x.x.equals('c')"),
        ("date + size (a)", "date + size (x)"),
        ("${a.b}", "${x.x}"),
        ("1e3 + 42L + a$b", "1e3 + 42L + a$b"),
        ("`a ${b}`", "`a ${b}`"),
        ("a // b", "a // b"),
        ("a /* b */", "a /* b */"),
        ("a ## b", "a ## b"),
        ('"a', '"x'),
    ],
)
def test_the_shape_of_an_expression(text, expected):
    assert shape(text) == expected


def test_a_text_that_is_too_long_is_its_own_shape():
    text = "concat(" + ", ".join(f"column_number_{number}" for number in range(300)) + ")"
    assert shape(text) == text
    assert [problem.code for problem in advice(text)] == ["expression-too-long"]


def test_names_of_functions_that_do_not_exist_are_kept():
    name = "".join(random.Random(1).choices("abc", k=8))
    assert [problem.code for problem in advice(f"{name}(a)")] == ["unknown-function"]


def test_what_an_expression_reads_and_calls():
    def columns(text):
        return [field.name for field in columns_of(text)]

    assert columns("concat(a, b.c, ${d e}, transformArray(xs, x -> x.y + z))") == ["a", "b", "d e", "xs", "z"]
    assert columns("filterArray(xs, (x, y) -> x > y)") == ["xs"]
    assert columns("object_to_map(items, type)") == ["items"]
    assert columns("object_to_map('k', v, 'l', w)") == ["v", "w"]
    assert columns("concat(") == []
    assert [call.name for call in calls_of("iif(a, lower(b), upper(c))")] == ["iif", "lower", "upper"]
    assert calls_of("lower(") == ()
    assert subtractions_of("lower(a-b-c) + d - 1") == ((15, 20), (6, 11), (6, 9), (8, 11))
    assert subtractions_of("a+b-c") == ((2, 5),)
    assert subtractions_of("a +") == ()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PARTS), max_size=8), st.sampled_from(["", " "]))
def test_an_expression_reads_no_column_whose_name_is_not_in_it(parts, joint):
    text, columns = joint.join(parts), {"a", "B_1", "x"}
    read = {field.name for field in columns_of(text)}
    assert may_read_more(text, columns) or read - columns <= {"date", "split"}


def test_names_of_columns_are_found_in_a_text():
    assert not may_read_more('concat(a, "b", ${c d}, null)', {"a", "c d"})
    assert may_read_more("concat(a, b)", {"a"})
    assert may_read_more("lower(${c d})", {"a"})
    assert may_read_more("`${b}`", {"a"})
