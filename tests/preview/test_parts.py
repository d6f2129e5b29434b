"""The parts of previews as values: comparison, the rules of a schema, the columns that mappings read."""

import pytest

from flowctl.dataprep.mapping import Mapping
from flowctl.model.mapping_report import MappedRow
from flowctl.preview.columns import read_columns
from flowctl.preview.comparison import partial_differences, same
from flowctl.xdm.conformance import rules_of
from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import from_resolved


def test_values_are_equal_as_json_has_them():
    assert same(1, 1.0)
    assert not same(True, 1)
    assert not same([True], [1])
    assert same({"a": [1]}, {"a": [1.0]})
    assert not same({"a": 1}, {"a": 1, "b": 2})


def test_an_expected_mapping_is_partial():
    row = MappedRow(row=1, source={}, record={"a": {"b": 1, "c": 2}})
    assert list(partial_differences({"a": {"b": 1}}, row)) == []
    assert [each.path for each in partial_differences({"a": {"b": 2}}, row)] == ["a.b"]


@pytest.mark.parametrize(
    ("facts", "sound", "wrong", "code"),
    [
        ({"type": "string", "enum": ["a"]}, "a", "b", "not-in-enum"),
        ({"type": "string", "pattern": "^a"}, "ab", "ba", "pattern-mismatch"),
        ({"type": "integer", "minimum": 2}, 2, 1, "out-of-range"),
        ({"type": "integer", "maximum": 2}, 2, 3, "out-of-range"),
        ({"type": "string", "minLength": 2}, "ab", "a", "wrong-length"),
        ({"type": "string", "maxLength": 2}, "ab", "abc", "wrong-length"),
        ({"type": "string", "format": "date"}, "2026-02-28", "2026-02-30", "wrong-format"),
        ({"type": "string", "format": "date-time"}, "2026-02-28T00:00:00Z", "2026-02-28", "wrong-format"),
        ({"type": "integer"}, 1, True, "wrong-type"),
        ({"type": "array", "items": {"type": "string"}}, ["a"], [1], "wrong-type"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"x": 1}, {"x": "a"}, "wrong-type"),
        ({"type": "object", "required": ["x"], "properties": {"x": {}}}, {"x": 1}, {"y": 1}, "required-missing"),
    ],
)
def test_ingestion_refuses_what_breaks_a_rule_of_the_schema(facts, sound, wrong, code):
    schema = from_resolved({"type": "object", "properties": {"a": facts}}, standard())
    rules = rules_of(schema)
    assert rules({"a": sound}) == rules({}) == rules({"a": None}) == ()
    assert [problem.code for problem in rules({"a": wrong})] == [code]


def test_a_refused_item_of_an_array_is_named_by_its_index():
    facts = {"type": "array", "items": {"type": "string", "maxLength": 2}}
    rules = rules_of(from_resolved({"type": "object", "properties": {"a": facts}}, standard()))
    assert [problem.path for problem in rules({"a": ["ab", "abc", None, 4]})] == ["a[1]", "a[3]"]


def test_the_columns_that_mappings_read():
    def read(kind, source):
        return read_columns([Mapping(kind, source, "a", {})])

    assert read("ATTRIBUTE", "a.b") == {"a", "a.b"}
    assert read("EXPRESSION", 'iif(is_set("x"), lower(y.z), ${w w})') == {"x", "y", "w w"}
    assert read("STATIC", "q") == read("EXPRESSION", "1 +") == frozenset()
