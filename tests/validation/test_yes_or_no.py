"""The compiled yes or no: equal to the general validator where the two could differ, and refusing what it cannot."""

# ruff: noqa: E501 - tables read better in long lines

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flowctl.validation.compile import UnknownKeyword, compiled


@pytest.mark.parametrize(
    "unknown",
    [{"$ref": "#"}, {"patternProperties": {}}, {"type": "any"}, {"required": True}, {"enum": [[1]]}, {"properties": {"a": {"contains": {}}}}],
)  # fmt: skip
def test_a_keyword_that_is_not_understood_is_not_compiled(unknown: Any) -> None:
    with pytest.raises(UnknownKeyword):
        compiled(unknown)


@pytest.mark.parametrize(
    ("items", "is_unique"),
    [
        ([], True),
        (["a", "b"], True),
        (["a", "a"], False),
        ([1, 1.0], False),
        ([1, True], True),
        ([0, False, None, ""], True),
        ([[1], [1]], False),
        ([[1], [True]], True),
        ([[], {}], True),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], False),
        ([{"a": [{"b": 1}]}, {"a": [{"b": True}]}], True),
        ("aa", True),
    ],
)
def test_items_repeat_as_json_values_do(items: Any, is_unique: bool) -> None:
    assert compiled({"uniqueItems": True})(items) is is_unique
    assert Draft202012Validator({"uniqueItems": True}).is_valid(items) is is_unique
    assert compiled({"uniqueItems": False})(items) is True


SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, -1, 1.5, 3, "", "a", "ab", "b\n"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner)
)
SIMPLE = st.sampled_from(
    [True, False, {}, {"type": "integer"}, {"type": ["string", "null"]}, {"enum": [1, "a", None]}, {"const": True}, {"minimum": 1},
     {"maximum": 1}, {"exclusiveMinimum": 1}, {"minLength": 1}, {"maxLength": 1}, {"pattern": "^a"}, {"minItems": 1}, {"maxItems": 1},
     {"uniqueItems": True}, {"minProperties": 1}, {"maxProperties": 1}, {"required": ["a"]}, {"propertyNames": {"const": "a"}}]
)  # fmt: skip


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("ab"), inner),
            "additionalProperties": inner,
            "items": inner,
            "oneOf": some,
            "anyOf": some,
            "allOf": some,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(SIMPLE, nested, max_leaves=6), VALUES)
def test_it_agrees_with_the_general_validator(schema: Any, value: Any) -> None:
    assert compiled(schema)(value) == Draft202012Validator(schema).is_valid(value)


def some_of(members: dict[str, Any], kind: str) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"type": st.just(kind)}, optional=members)


WHOLE = some_of(
    {
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "pattern": st.sampled_from(["^a", "b$", "x"]),
        "enum": st.just(["a", "ab"]),
    },
    "string",
) | some_of(
    {
        "required": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
        "properties": st.dictionaries(st.sampled_from("ab"), SIMPLE),
        "additionalProperties": SIMPLE,
        "minProperties": st.integers(0, 2),
        "oneOf": st.lists(SIMPLE, min_size=1, max_size=3),
    },
    "object",
)


@settings(max_examples=400, deadline=None)
@given(WHOLE, VALUES)
def test_what_is_tested_in_one_call_agrees_with_the_general_validator(schema: Any, value: Any) -> None:
    assert compiled(schema)(value) == Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("value", ["", "a", "ab", "abb", "b", 1, None, {}])
@pytest.mark.parametrize("lengths", [{}, {"minLength": 2}, {"maxLength": 2}, {"minLength": 2, "maxLength": 2}])
@pytest.mark.parametrize("pattern", [{}, {"pattern": "^a"}])
def test_a_text_is_as_long_as_it_may_be(value: Any, lengths: dict[str, int], pattern: dict[str, str]) -> None:
    schema = {"type": "string", **lengths, **pattern}
    assert compiled(schema)(value) == Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        (r"^\d+\$", "5$", "5"),  # the dollar is a sign
        (r"^\d+\\$", "5\\", "5\\\n"),  # the backslash is a sign, the dollar is the end
        (r"^a\\\$", "a\\$", "a\\"),
        (r"^a$", "a", "a\n"),
    ],
)
def test_a_dollar_at_the_end_of_a_pattern(pattern: str, fitting: str, other: str) -> None:
    accepts = compiled({"type": "string", "pattern": pattern})
    assert accepts(fitting)
    assert not accepts(other)
