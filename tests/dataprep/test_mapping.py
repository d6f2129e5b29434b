"""A mapping set: paths, conversion to the fields, the order of parents and children, and problems by mapping."""

from __future__ import annotations

import copy

import pytest

from flowctl.dataprep.coercion import converter
from flowctl.dataprep.mapping import Mapping, compile_mappings
from flowctl.dataprep.paths import steps
from flowctl.dataprep.problem import ExpressionError

STRING = {"type": "string"}
ADDRESS = {"type": "object", "properties": {"city": STRING, "zip": STRING, "floor": {"type": "integer"}}}


def mapped(record, *rows, **options):
    mappings = [Mapping(kind, source, destination, field) for kind, source, destination, field in rows]
    return compile_mappings(mappings, **options)(record)


def test_a_child_overrides_the_copied_parent_whatever_their_order_is():
    record = {"address": {"city": "Köln", "zip": 50667, "extra": 1}, "town": "Bonn"}
    before = copy.deepcopy(record)
    parent = ("ATTRIBUTE", "address", "home", ADDRESS)
    child = ("ATTRIBUTE", "town", "home.city", STRING)
    other = ("STATIC", "x", "label", STRING)
    for rows in ((parent, child, other), (child, parent, other), (other, child, parent)):
        assert mapped(record, *rows).data == {"home": {"city": "Bonn", "zip": "50667"}, "label": "x"}
    assert record == before


def test_a_failing_mapping_loses_its_attribute_only():
    result = mapped(
        {"a": "x"},
        ("EXPRESSION", "1 / 0", "one", STRING),
        ("EXPRESSION", "lower(", "two", STRING),
        ("ATTRIBUTE", "a", "three", {"type": "integer"}),
        ("ATTRIBUTE", "a..b", "four", STRING),
        ("ATTRIBUTE", "a", "five", STRING),
        ("EXPRESSION", "nullify()", "six", STRING),
        ("ATTRIBUTE", "a", "seven.", STRING),
    )
    assert result.data == {"five": "x"}
    codes = {index: problem.code for index, problem in result.problems.items()}
    assert codes == {
        0: "evaluation-failed",
        1: "expression-syntax",
        2: "field-type",
        3: "path-syntax",
        6: "path-syntax",
    }
    assert list(codes) == sorted(codes)


def test_nulls_are_kept_on_request():
    rows = [("ATTRIBUTE", "missing", "a.b.c", STRING), ("EXPRESSION", "nullify()", "d", ADDRESS)]
    assert mapped({}, *rows).data == {}
    assert mapped({}, *rows, nulls=True).data == {"a": {"b": {"c": None}}, "d": None}


def test_arrays_go_element_by_element_and_expressions_too():
    record = {"pets": [{"n": "Rex", "t": [1, 2]}, {"n": "Tom", "t": []}], "tags": "a,b"}
    result = mapped(
        record,
        ("ATTRIBUTE", "pets[*].n", "own[*].name", STRING),
        ("ATTRIBUTE", "pets[*].t[*]", "own[*].toys[*]", STRING),
        ("EXPRESSION", "explode(tags)", "words[*].text", STRING),
        ("ATTRIBUTE", "pets[1].n", "list[2]", STRING),
        ("ATTRIBUTE", "pets[*].n", "name", STRING),
        ("ATTRIBUTE", "pets[0].n", "own[0].called", STRING),
    )
    assert result.data == {
        "own": [{"name": "Rex", "toys": ["1", "2"], "called": "Rex"}, {"name": "Tom", "toys": []}],
        "words": [{"text": "a"}, {"text": "b"}],
        "list": [None, None, "Tom"],
    }
    assert {index: problem.code for index, problem in result.problems.items()} == {4: "field-type"}


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        (STRING, 12, "12"),
        (STRING, 1.5e7, "1.5E7"),
        (STRING, False, "false"),
        (STRING, "é", "é"),
        (STRING, "\ud83d", "?"),
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, 12.0, 12),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "boolean"}, "Y", True),
        ({"type": "boolean"}, "off", False),
        ({"type": "string", "format": "date"}, "2024-05-17T10:00:00Z", "2024-05-17"),
        ({"type": "string", "format": "date-time"}, "2024-05-17", "2024-05-17T00:00:00Z"),
        ({"type": "string", "format": "date-time"}, "2024-05-17 10:00:00.5-0100", "2024-05-17T10:00:00.500-01:00"),
        ({"type": "array", "items": STRING}, "a", ["a"]),
        ({"type": "array", "items": STRING}, [1, None], ["1", None]),
        ({"type": "array", "items": ADDRESS}, [{"city": 1, "x": 2}], [{"city": "1"}]),
        ({"type": "object", "additionalProperties": STRING}, {"a": 1}, {"a": "1"}),
        ({"type": "object"}, {"a": [1.5]}, {"a": [1.5]}),
        ({}, {"a": "\ud83d\ude00"}, {"a": "😀"}),
    ],
)
def test_conversion(field, value, wanted):
    assert converter(field)(value) == wanted
    assert converter(field)(None) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (STRING, ["x", "y"]),
        (STRING, {"a": 1}),
        ({"type": "integer"}, "12.5"),
        ({"type": "integer"}, 12.5),
        ({"type": "integer"}, True),
        ({"type": "integer"}, "1_0"),
        ({"type": "number"}, "NaN"),
        ({"type": "number"}, "١"),
        ({"type": "boolean"}, "True"),
        ({"type": "boolean"}, 1),
        ({"type": "string", "format": "date"}, "17 May"),
        ({"type": "string", "format": "date"}, 5),
        (ADDRESS, "x"),
        (ADDRESS, {"floor": "top"}),
        ({"type": "array", "items": {"type": "integer"}}, [1, "x"]),
    ],
)
def test_values_that_do_not_fit(field, value):
    with pytest.raises(ExpressionError):
        converter(field)(value)


@pytest.mark.parametrize("path", ["a..b", "a[", "a[x]", "", ".", "a.", ".a", "a[1001]", "a]b"])
def test_texts_that_are_no_paths(path):
    with pytest.raises(ExpressionError) as caught:
        steps(path)
    assert caught.value.problem.code == "path-syntax"


def test_the_largest_index_of_a_path():
    assert steps("a[1000].b") == ("a", 1000, "b")


def test_an_expression_that_often_takes_too_long_is_given_up():
    """One bad pattern must not cost its seconds on each row of a long file."""
    run = compile_mappings(
        [Mapping("ATTRIBUTE", "id", "b", {}), Mapping("EXPRESSION", "transformArray(xs, x -> big)", "a", {})]
    )
    sound, costly = {"xs": [], "id": 1}, {"xs": [1], "big": "x" * 10_000_001, "id": 1}
    failed = [run(costly) for _ in range(19)]
    assert run(sound).problems == {}
    failed.append(run(costly))
    assert all(each.problems[1].message.startswith("The lambdas return more") for each in failed)
    last = run(sound)
    assert (last.problems[1].code, last.data) == ("expression-budget", {"b": 1})
    assert "on 20 records" in last.problems[1].message


def test_an_expression_that_fails_at_once_is_evaluated_again():
    run = compile_mappings([Mapping("EXPRESSION", "to_integer(a)", "a", {})])
    assert all(run({"a": "x"}).problems for _ in range(25))
    assert run({"a": "1"}).data == {"a": 1}
