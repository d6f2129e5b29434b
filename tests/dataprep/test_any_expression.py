"""Whatever the text is: a problem at a place or a value that JSON has; never a trace, never a hang."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowctl.dataprep.checks import problems
from flowctl.dataprep.dates import format_date, parse_date
from flowctl.dataprep.evaluate import compile_expression, evaluate
from flowctl.dataprep.functions.moments import in_zone
from flowctl.dataprep.patterns import full_match, groups, split
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.runtime import Runtime
from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.types import plain

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.text(max_size=8) | st.sampled_from(["1", "2024-05-17", "a,b"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abk"), inner, max_size=3)
)
RECORDS = st.fixed_dictionaries(dict.fromkeys(("a", "b", "xs"), VALUES))
LITERAL_TEXTS = r"""1;0;-2.5;9007199254740993;1.5B;"x";"2024-05-17";'';true;null;a;b;xs;xs[0];a.k;${a.b};[1, null]
;{'k': 1};{1, 'z'};`${a}-${b}`;1..3;date('2024-02-29');'\ud83d'"""
OPERATOR_TEXTS = "+;-;*;/;%;==;!=;<;>=;&&;||;&;^;=~;!~;=^;=$;?:;??;.."
METHOD_TEXTS = "equals;length;substring;split;get;matches;repeat;toString;foo"
LITERALS = st.sampled_from(LITERAL_TEXTS.split(";"))
OPERATORS = st.sampled_from(OPERATOR_TEXTS.split(";"))
METHODS = st.sampled_from(METHOD_TEXTS.split(";"))


def calls(inner):
    functions = st.sampled_from(sorted(signatures()))
    arguments = st.lists(inner, max_size=4).map(", ".join)
    return st.one_of(
        st.builds("{}({})".format, functions, arguments),
        st.builds("({}) {} ({})".format, inner, OPERATORS, inner),
        st.builds("({}).{}({})".format, inner, METHODS, arguments),
        st.builds("transformArray({}, x -> {})".format, inner, inner.map(lambda text: text.replace("a", "x", 1))),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["-", "!", "~", "empty", "size"]), inner),
    )


EXPRESSIONS = st.recursive(LITERALS, calls, max_leaves=8)


def value_or_problem(text, record):
    """The value as JSON, or None for a problem, whose place is inside the text."""
    try:
        return json.dumps(plain(evaluate(text, record)), allow_nan=False)
    except ExpressionError as error:
        found = error.problem
        assert found.message
        assert found.code
        assert "Traceback" not in found.message
        assert found.start is None or 0 <= found.start <= (found.end or 0) <= len(text)
        return None


@QUICK
@given(st.text(max_size=60), RECORDS)
def test_any_text(text, record):
    found = problems(text)
    assert value_or_problem(text, record) is None or not any(
        problem.code != "function-not-evaluated" for problem in found
    )


@settings(QUICK, max_examples=600)
@given(EXPRESSIONS, RECORDS)
def test_any_expression(text, record):
    before = json.dumps(record, default=str)
    value_or_problem(text, record)
    assert json.dumps(record, default=str) == before


def test_a_path_made_of_values_is_blamed_on_its_call():
    text = "contains_key(`${a}-${b}`)"
    with pytest.raises(ExpressionError) as raised:
        evaluate(text, {"a": None, "b": [None, 10000000000001.0]})
    assert (raised.value.problem.start, raised.value.problem.end) == (0, len(text))


def code_of(run, *arguments):
    """The code of the problem that a function has with its arguments, or None."""
    try:
        run(*arguments)
    except ExpressionError as error:
        return error.problem.code
    return None


PATTERNS = st.text(alphabet="ab(|)[]{}*+?^$.\\dwpLQE123,-&<=!>:iuxé😀", max_size=12)


@QUICK
@given(PATTERNS, st.text(alphabet="ab1-é😀\n", max_size=8))
def test_any_regular_expression(pattern, text):
    for run in (full_match, groups, split):
        assert code_of(run, pattern, text) in (None, "bad-regex", "expression-budget")


@QUICK
@given(st.text(alphabet="yMdHhmsSaEzZXVOQqLGDFwWukKeYb'[]-/: T{", max_size=12))
def test_any_date_pattern_reads_what_it_writes_or_says_why_not(pattern):
    moment = in_zone(parse_date("2024-05-17T10:11:12.123Z"), "Europe/Paris")
    code = code_of(format_date, moment, pattern)
    assert code in (None, "bad-date-pattern")
    if code is None:
        assert code_of(parse_date, format_date(moment, pattern), pattern) in (None, "not-a-date")


NEVER_ENDING = [
    f"matches_regex('{'a' * 60}!', '(a|aa)+b')",
    f"[{', '.join(['matches_regex(s, chr)'.replace('chr', repr('(a|aa)+b' + str(i))) for i in range(60)])}]",
    "flattenArray(" + "transformArray([xs], x -> [x, x])" + ")",
    "transformArray(1..1000, a -> transformArray(1..1000, b -> transformArray(1..1000, c -> a * b * c)))",
    "size(lpad('', 99999999, 'x'))",
    f"{'9' * 2000}H * {'9' * 2000}H * {'9' * 10}",
    "'x'.repeat(2147483647)",
    "replacestr(lpad('', 1000000, 'x'), 'x', lpad('', 1000000, 'y'))",
    "1..99999999",
]


@pytest.mark.parametrize("text", NEVER_ENDING, ids=[text[:40] for text in NEVER_ENDING])
def test_the_budget_ends_what_would_not_end(text):
    started = time.process_time()
    value_or_problem(text, {"xs": [1], "s": "a" * 60 + "!"})
    assert time.process_time() - started < 12


def test_the_calls_of_lambdas_are_counted():
    calls = "size(flattenArray(transformArray(1..1000, a -> transformArray(1..{}, b -> 1))))"
    assert evaluate(calls.format(990), {}) == 990_000
    with pytest.raises(ExpressionError, match="1000000 steps") as caught:
        evaluate(calls.format(1010), {})
    assert caught.value.problem.code == "expression-budget"


@pytest.mark.parametrize("result", ["lpad('', 1000000, 'x')", "1..1000000"])
def test_what_lambdas_return_does_not_fill_the_memory(result):
    program = compile_expression(f"transformArray(1..9, x -> {result})", Runtime())
    assert [len(program({})) for _ in range(2)] == [9, 9]  # each record has a budget of its own
    with pytest.raises(ExpressionError, match="more than 10000000 characters or items") as caught:
        evaluate(f"transformArray(1..1000, x -> {result})", {})
    assert caught.value.problem.code == "expression-budget"


@pytest.mark.parametrize("levels", [10, 25])
def test_values_that_share_their_parts_do_not_explode(levels):
    doubled = "xs"
    for number in range(levels):
        doubled = f"transformArray([{doubled}], v{number} -> [v{number}, v{number}])"
    for use in ("{}", "size(flattenArray({}))", "{0} == {0}", "concat({})", "to_object('k', {})"):
        text = use.format(doubled)
        if len(text) <= 4096:
            value_or_problem(text, {"xs": [1]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+".join(["1"] * 1500), 1500),
        ("&&".join(["true"] * 600), True),
        ("a" + "[0]" * 1300, None),
        ("a" + ".b" * 2000, None),
        ("a ? 1 : " * 500 + "2", 2),
        ("a ?: " * 800 + "2", 2),
        ("(" * 90 + "1" + ")" * 90, 1),
        ("iif(true, " * 60 + "1" + ", 0)" * 60, 1),
        ("'x'" + ".trim()" * 580, "x"),
        ("[" * 50 + "]" * 50 + ".size()", 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_long_expressions_have_a_value(text, value):
    assert len(text) <= 4096
    assert evaluate(text, {}) == value


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "1" + ")" * 300,
        "[" * 2000,
        "- " * 150 + "1",
        "!" * 4000 + "1",
        "f(" * 1300,
        "x -> " * 800 + "1",
        "{'a': " * 200 + "1" + "}" * 200,
        "`${" * 500,
        "a ? " * 1000,
        "(1+(2*(" * 300,
    ],
    ids=lambda text: text[:12],
)
def test_deep_expressions_are_refused_with_a_place(text):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, {})
    assert caught.value.problem.start is not None


def test_a_bad_pattern_is_not_tried_for_ever():
    started = time.process_time()
    for number in range(200):
        with pytest.raises(ExpressionError, match="too long"):
            full_match("(b|bb)+c", "b" * 60 + str(number))
    assert time.process_time() - started < 60
