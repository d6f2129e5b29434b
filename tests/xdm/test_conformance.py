"""Which records fit a schema, beside a general validator of JSON Schema, which judges the same records."""

import jsonschema
import pytest

from flowctl.xdm.conformance import rules_of
from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import from_resolved

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]"},
        "tier": {"type": "string", "enum": ["gold", "silver"]},
        "points": {"type": "integer", "minimum": 0, "maximum": 9},
        "share": {"type": "number", "minimum": 0},
        "active": {"type": "boolean"},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
        "inner": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}},
        "scores": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}
VALUES = ["a", "", "abcd", "A", "gold", 0, 1, -1, 10, 1.5, -0.5, True, False, [], ["a"], ["a", "b", "c"], ["a", 1], {}]
VALUES += [{"x": 1}, {"x": "1"}, {"y": 1}, {"x": [1]}]
RULES = rules_of(from_resolved(SCHEMA, standard()))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


@pytest.mark.parametrize("name", SCHEMA["properties"])
def test_a_value_is_judged_as_a_validator_of_json_schema_judges_it(name):
    for value in VALUES:
        record = {"id": "a"} | {name: value}
        expected = {".".join(map(str, error.path)).split(".")[0] or "id" for error in VALIDATOR.iter_errors(record)}
        found = {misfit.path.partition(".")[0].partition("[")[0] for misfit in RULES(record)}
        assert found == expected, value


def test_a_required_field_is_missed():
    assert [misfit.code for misfit in RULES({})] == ["required-missing"]
    assert not VALIDATOR.is_valid({})
