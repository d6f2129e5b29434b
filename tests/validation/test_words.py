"""Broken rules in words: what manifests are told and what is told of specs, by the same walk over the errors."""

# ruff: noqa: E501 - tables read better in long lines

from typing import Any

import pytest

from flowctl.validation.check import check, problems_of_document

ONE_OF = {"oneOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}
REFERENCE = {
    "oneOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": False, "required": ["id"], "properties": {"id": {"type": "string"}}},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["title"],
            "properties": {"title": {"type": "string"}, "schema": {"type": "string"}, "tags": {"type": "object"}},
        },
    ]
}
EXACTLY_ONE = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"id": {}, "title": {}},
}


def of_document(schema: Any, value: Any) -> list[tuple[Any, ...]]:
    found = problems_of_document(schema, value)
    return [(each.code, each.path, each.message, each.found, each.hint) for each in found]


def of_spec(schema: Any, value: Any, *secrets: str) -> list[tuple[Any, ...]]:
    found = check(schema, value, subject="the value", secrets=frozenset(secrets))
    return [(each.path, each.message, each.found, each.hint) for each in found]


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (ONE_OF, {"a": 1, "b": 2, "c": 3}, [("conflicting-keys", ("b",), "conflicting keys `a` and `b`", "", "Keep one of them and remove the others.")]),
        (ONE_OF, {"bb": 1}, [("missing-key", (), "missing required key `a` or `b and c`", "", "Add `a` or `b and c`.")]),
        ({"anyOf": [{"required": ["name"]}, {"required": ["id"]}]}, {"nam": 1},
         [("missing-key", (), "missing required key `name` or `id`", "", "Rename `nam` to `name`.")]),
        ({"properties": {"name": {}, "names": {}}, "additionalProperties": False}, {"name": 1, "nane": 2},
         [("unknown-key", ("nane",), "unknown key `nane`", "", "Did you mean `names`?")]),
        (EXACTLY_ONE, {"id": 1, "x": 2}, [("unknown-key", ("x",), "unknown key `x`", "", "Remove it.")]),
        (EXACTLY_ONE, {"id": 1, "title": 2},
         [("conflicting-keys", (), "conflicting keys `id` and `title` in the document", "", "Keep one of them and remove the others.")]),
        (EXACTLY_ONE, {}, [("missing-key", (), "the document is empty", "", "Add one of these keys.")]),
        ({"properties": {"a": REFERENCE}}, {"a": 5},
         [("wrong-type", ("a",), "`a` must be a string or a mapping", "the number 5", "Write it in quotes.")]),
        ({"properties": {"a": REFERENCE}}, {"a": {"id": 5, "titl": "x"}},
         [("unknown-key", ("a", "titl"), "unknown key `a.titl`", "", "Remove it."),
          ("wrong-type", ("a", "id"), "`a.id` must be a string", "the number 5", "Write it in quotes.")]),
        ({"properties": {"a": REFERENCE}}, {"a": {"titel": "x", "schema": "y"}},
         [("unknown-key", ("a", "titel"), "unknown key `a.titel`", "", "Did you mean `title`?")]),
        ({"properties": {"a": {"propertyNames": {"pattern": "^[a-z]+$"}}}}, {"a": {"B\n": 1}},
         [("invalid-name", ("a", "B\n"), 'invalid name "B\\n"', "", "Rename it, for example to `b`.")]),
        ({"properties": {"name": {"pattern": "^[a-z]+$"}}}, {"name": "a\n"},
         [("invalid-value", ("name",), "invalid value for `name`", '"a\\n"', "Write another value.")]),
        ({"properties": {"a": {"maxLength": 2}}}, {"a": "abc"}, [("invalid-value", ("a",), "invalid value for `a`", "3 characters", "Shorten it to 2 characters.")]),
    ],
)  # fmt: skip
def test_what_a_manifest_is_told(schema: Any, value: Any, told: Any) -> None:
    assert of_document(schema, value) == told


def test_a_repeated_item_names_the_first_one() -> None:
    (found,) = problems_of_document({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, 2, 1]})
    assert (found.path, found.earlier, found.message) == (("a", 2), ("a", 0), "`a[2]` repeats `a[0]`")


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (ONE_OF, {"b": 1}, [((), "missing required key `a` or `c`", "", "Add `a` or `c`.")]),
        (ONE_OF, {"a": 1, "b": 2, "c": 3},
         [((), 'the value does not satisfy the rule `oneOf [{"required": ["a"]}, {"required": ["b", "c"]}]`', "a mapping", "Write another value.")]),
        ({"anyOf": [{"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
                    {"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}]},
         {"a": "x", "b": "y"}, [(("b",), "`b` must be an integer", '"y"', "Write an integer.")]),
        ({"properties": {"a": {"not": {"const": "x"}}}}, {"a": "x"}, [(("a",), "`a` is not allowed", '"x"', "Remove `a`.")]),
        ({"properties": {"a": False}}, {"a": "x"}, [(("a",), "`a` is not allowed", '"x"', "Remove `a`.")]),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1, "aa": 1},
         [(("aa",), "unknown key `aa`", "", "Did you mean `a`?"), (("b",), "unknown key `b`", "", "Remove `b`.")]),
        ({"required": ["name", "id"]}, {"nam": 1},
         [((), "missing required key `name`", "", "Rename `nam` to `name`."), ((), "missing required key `id`", "", "Add `id`.")]),
        ({"minProperties": 1}, {}, [((), "the value does not satisfy the rule `minProperties 1`", "a mapping", "Write another value.")]),
    ],
)  # fmt: skip
def test_what_is_told_of_a_spec(schema: Any, value: Any, told: Any) -> None:
    assert of_spec(schema, value) == told


def test_what_was_told_without_a_secret_is_not_told_again_with_its_value() -> None:
    schema = {"properties": {"a": {"type": "integer"}, "b": {"not": {"const": "hidden"}}}}
    value = {"a": "hidden", "b": "hidden"}
    masked = of_spec(schema, value, "a")
    assert [each[2] for each in masked] == ["(sensitive)", "(sensitive)"]
    assert [each[2] for each in of_spec(schema, value)] == ['"hidden"', '"hidden"']
