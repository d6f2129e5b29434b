"""What is found before an expression runs: code, place and the nearest name."""

from __future__ import annotations

import pytest

from flowctl.dataprep.checks import checked, problems
from flowctl.dataprep.evaluate import evaluate
from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError, utf16_offset
from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.tree import Call, walk


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("lowr(Email)", "unknown-function", "lowr"),
        ("concat('a', Lower(b))", "unknown-function", "Lower"),
        ("lower()", "too-few-arguments", "lower()"),
        ("1 + left('a')", "too-few-arguments", "left('a')"),
        ("date()", "too-few-arguments", "date()"),
        ("lower('a', 'b')", "too-many-arguments", "lower('a', 'b')"),
        ("now(1)", "too-many-arguments", "now(1)"),
        ("iif(a, 1)", "iif-arguments", "iif(a, 1)"),
        ("iif(a, 1, 2, 3)", "iif-arguments", "iif(a, 1, 2, 3)"),
        ("to_object('a')", "odd-pairs", "to_object('a')"),
        ("arrays_to_objects('a', b, 'c')", "odd-pairs", "arrays_to_objects('a', b, 'c')"),
        ("s.foo()", "unknown-method", "foo"),
        ("a.b.tostring()", "unknown-method", "tostring"),
        ("explode(a, '(')", "bad-regex", "'('"),
        ("matches_regex(a, '(?P<n>a)')", "bad-regex", "'(?P<n>a)'"),
        ("format(a, 'yyyy-bb')", "bad-date-pattern", "'yyyy-bb'"),
        ('date(a, "yyyy-MM-dd\'T")', "bad-date-pattern", '"yyyy-MM-dd\'T"'),
        ("date_part('mont', a)", "date-part-unknown", "'mont'"),
        ("set_date_part('quarter', 1, a)", "date-part-unknown", "'quarter'"),
        ("filterArray(a, b)", "argument-type", "b"),
        ("concat(x -> x)", "lambda-misplaced", "x -> x"),
        ("x -> x", "lambda-misplaced", "x -> x"),
        ("[x -> x]", "lambda-misplaced", "x -> x"),
        ("ua_os_name(a)", "function-not-evaluated", "ua_os_name"),
        ("1 +", "expression-syntax", ""),
        ("concat('a', ", "expression-syntax", ""),
        ("a b", "expression-syntax", "b"),
        ("1 < 2 < 3", "expression-syntax", "<"),
        ("'open", "expression-syntax", "'open"),
        ("a @ b", "expression-syntax", "@"),
        ("08", "expression-syntax", "0"),
        ("5.", "expression-syntax", ""),
        ("1e999", "expression-syntax", "1e999"),
        ("a = 1", "expression-statement", "="),
        ("a; b", "expression-statement", ";"),
        ("a += 1", "expression-statement", "+="),
        ("if (a) 1", "expression-statement", "if"),
        ("new", "expression-statement", "new"),
        ("_errors", "reserved-word", "_errors"),
        ("items[*].name", "wildcard-in-expression", "[*]"),
        ("`a ${lowr(b)}`", "unknown-function", "lowr"),
        ("x" * 4097, "expression-too-long", "x"),
    ],
)
def test_code_and_place(text, code, place):
    found = problems(text)[0]
    assert found.code == code
    assert text[found.start : found.end] == place


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("lowr(a)", "lower"),
        ("concta(a)", "concat"),
        ("filterarray(a, x -> x)", "filterArray"),
        ("qqqq()", None),
        ("a.tostring()", "toString"),
        ("date_part('mont', a)", "month"),
    ],
)
def test_the_nearest_name(text, nearest):
    assert problems(text)[0].nearest == nearest
    assert (f"Did you mean {nearest}?" in str(problems(text)[0])) is (nearest is not None)


def test_all_problems_are_found_in_the_order_of_the_text():
    found = problems("concat(lowr(a), iif(b, 1), c.foo())")
    assert [problem.code for problem in found] == ["unknown-function", "iif-arguments", "unknown-method"]


def test_a_function_that_needs_a_service_is_no_error_before_it_runs():
    checked("ua_os_name(agent)")
    with pytest.raises(ExpressionError, match="database of user agents"):
        evaluate("ua_os_name(agent)", {"agent": "x"})


def test_nodes_have_the_place_of_their_text():
    text = "concat(lower(First), substr( a , 0, 1 ))"
    calls = [text[node.start : node.end] for node in walk(parse(text)) if isinstance(node, Call)]
    assert calls == [text, "lower(First)", "substr( a , 0, 1 )"]


def test_places_as_editors_count_them():
    text = "'😀' + lowr(a)"
    found = problems(text)[0]
    assert found.start == 6
    assert utf16_offset(text, 6) == 7
    # 2,048 emojis are as long as the limit allows: two quotes are too many.
    assert problems("'" + "😀" * 2048 + "'")[0].code == "expression-too-long"
    assert problems("'" + "😀" * 2047 + "'") == ()


def test_the_signature_of_a_function():
    found = signatures()["instr"]
    assert (found.least, found.most, found.returns) == (2, 4, "integer")
    assert found.written() == "instr(INPUT, SUBSTRING, [START_POSITION], [OCCURRENCE])"
    assert signatures()["concat"].most is None
    assert signatures()["to_array"].written() == "to_array(INCLUDE_NULLS, [VALUES, ...])"
    assert signatures()["lcase"].alias_of == "lower"
    assert all(signature.description.endswith(".") for signature in signatures().values())
