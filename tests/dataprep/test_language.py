"""The expression language: the published examples, operators, failing and expensive evaluations."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from flowctl.dataprep.catalogues import function_catalogue
from flowctl.dataprep.evaluate import evaluate
from flowctl.dataprep.functions import FUNCTIONS
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import iso

EXAMPLES = [
    (entry["example"], json.loads(entry["result"]))
    for entry in function_catalogue()
    if entry["example"] and entry["result"] and (entry["function"] in FUNCTIONS or entry["function"] == "iif")
]


def test_most_functions_are_evaluated():
    assert len(EXAMPLES) > 55


@pytest.mark.parametrize(("expression", "expected"), EXAMPLES, ids=[example[0][:40] for example in EXAMPLES])
def test_published_examples(expression, expected):
    value = evaluate(expression, {})
    assert (iso(value) if isinstance(value, datetime) else value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / 2", 3),
        ("7.0 / 2", 3.5),
        ("-5 % 3", -2),
        ("~33", -34),
        ("not true || a == 1", True),
        ("a eq '1' and b ne null", True),
        ("a > 0 ? 'yes' : 'no'", "yes"),
        ("missing ?: 'none'", "none"),
        ("missing.deeper == null", True),
        ("b.c[1].d", "x"),
        ("b.c[9]", None),
        ("${first name}", "Ana"),
        ("${dotted.name}", "z"),
        ("dotted\\.name", "z"),
        ("'it\\'s'", "it's"),
        ('"\\|"', "\\|"),
        ("'a' + 1", "a1"),
        ("[1, [2]]", [1, [2]]),
        ("{'a': 1, 'b': {'c': 2}}", {"a": 1, "b": {"c": 2}}),
        ("transformArray(b.c, x -> x.d)", ["w", "x"]),
        ("iif(a == 1, 'one', no_field.x)", "one"),
        ("'E12' =~ 'E[0-9]+'", True),
        ("2 =~ [1, 2]", True),
        ("'abc' =^ 'a'", True),
        ("date_part('mm', date('2019-10-17 11:55:12'))", 10),
        ("format(date('2024-02-29', 'yyyy-MM-dd'), 'dd.MM.yy')", "29.02.24"),
    ],
)
def test_operators_and_names(expression, expected):
    record = {"a": 1, "b": {"c": [{"d": "w"}, {"d": "x"}]}, "first name": "Ana", "dotted.name": "z"}
    assert evaluate(expression, record) == expected


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "null + 1", "'x' > 1", "lpad('a', 99999999, 'b')", "explode('a', '(')", "upper(1)", "fpid_to_ecid('x')"],
)
def test_failing_evaluations(expression):
    with pytest.raises(ExpressionError):
        evaluate(expression, {})


@pytest.mark.parametrize(
    "expression",
    [
        f"matches_regex('{'a' * 60}!', '(a|aa)+b')",
        f"{'9' * 2000}H * {'9' * 2000}H * {'9' * 10}",
    ],
)
def test_expensive_evaluations_end_at_once(expression):
    with pytest.raises(ExpressionError):
        evaluate(expression, {})
