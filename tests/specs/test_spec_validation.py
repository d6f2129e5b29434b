"""Checks against specs: each documented rule both ways, the sentences, secrets, and specs that differ."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.specs.flow_specs import FlowSpec, parse, pinned
from flowctl.specs.validate import (
    auth_problems,
    option_problems,
    schedule_problems,
    source_param_problems,
    transformation_problems,
)
from flowctl.validation.check import check
from flowctl.validation.problem import Problem

BATCH = ("CRMToAEP", "CloudStorageToAEP", "RestStorageToAEP")
START = {"startTime": 1591043454}


def spec(name: str) -> FlowSpec:
    found = pinned(name)
    assert found
    return found


def source(name: str) -> Connector:
    found = connector(name)
    assert found
    return found


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.message for problem in problems]


@pytest.mark.parametrize("name", BATCH)
@pytest.mark.parametrize(
    "schedule",
    [
        {"frequency": "once"},
        {"frequency": "minute", "interval": 15},
        {"frequency": "minute", "interval": 15, "backfill": True},
        {"frequency": "hour", "interval": 1},
        {"frequency": "day", "interval": 1, "backfill": False},
        {"frequency": "week", "interval": 4},
        {"frequency": "day", "interval": 1, "aKeyOfThePlatform": 1},
    ],
)
def test_schedules_that_the_specs_accept(name: str, schedule: Mapping[str, Any]) -> None:
    assert schedule_problems(spec(name), START | dict(schedule)) == ()


MISSING = "missing required key `{}`"
FREQUENCIES = "`once`, `minute`, `hour`, `day` or `week`"


@pytest.mark.parametrize("name", BATCH)
@pytest.mark.parametrize(
    ("schedule", "path", "message", "hint"),
    [
        (
            START | {"frequency": "once", "interval": 15},
            ("interval",),
            '`interval` is not allowed with `frequency` "once"',
            "Remove `interval`.",
        ),
        (
            START | {"frequency": "once", "backfill": False},
            ("backfill",),
            '`backfill` is not allowed with `frequency` "once"',
            "Remove `backfill`.",
        ),
        (START | {"frequency": "day"}, (), 'missing required key `interval` with `frequency` "day"', "Add `interval`."),
        (
            START | {"frequency": "day", "intervall": 1},
            (),
            'missing required key `interval` with `frequency` "day"',
            "Rename `intervall` to `interval`.",
        ),
        (
            START | {"frequency": "minute", "interval": 5},
            ("interval",),
            '`interval` must be at least 15 with `frequency` "minute"',
            "Write 15 or more.",
        ),
        (
            START | {"frequency": "minute", "interval": 14},
            ("interval",),
            '`interval` must be at least 15 with `frequency` "minute"',
            "Write 15 or more.",
        ),
        (
            START | {"frequency": "week", "interval": 0},
            ("interval",),
            '`interval` must be at least 1 with `frequency` "week"',
            "Write 1 or more.",
        ),
        (
            START | {"frequency": "dayly"},
            ("frequency",),
            f"`frequency` must be {FREQUENCIES}",
            "Did you mean `day`?",
        ),
        (
            START | {"frequency": "Hour", "interval": 1},
            ("frequency",),
            f"`frequency` must be {FREQUENCIES}",
            "Did you mean `hour`?",
        ),
        (START | {"interval": 15}, (), "missing required key `frequency`", "Add `frequency`."),
        ({"frequency": "once"}, (), "missing required key `startTime`", "Add `startTime`."),
        (
            {"startTime": "1591043454", "frequency": "once"},
            ("startTime",),
            "`startTime` must be an integer",
            "Write it without quotes.",
        ),
        (
            {"startTime": "2026-12-01T00:00:00Z", "frequency": "once"},
            ("startTime",),
            "`startTime` must be an integer",
            "Write an integer.",
        ),
        (
            START | {"frequency": "day", "interval": "1"},
            ("interval",),
            "`interval` must be an integer",
            "Write it without quotes.",
        ),
        (
            START | {"frequency": "day", "interval": 1.5},
            ("interval",),
            "`interval` must be an integer",
            "Write an integer.",
        ),
        (
            START | {"frequency": "day", "interval": 1, "backfill": "true"},
            ("backfill",),
            "`backfill` must be `true` or `false`",
            "Write it without quotes.",
        ),
    ],
)
def test_schedules_that_the_specs_refuse(
    name: str, schedule: Mapping[str, Any], path: tuple[str, ...], message: str, hint: str
) -> None:
    (problem,) = schedule_problems(spec(name), schedule)
    assert (problem.path, problem.message, problem.hint) == (path, message, hint)
    assert problem.hint


def test_the_marketing_tutorial_contradicts_the_spec_that_it_prints() -> None:
    problems = schedule_problems(spec("CRMToAEP"), {"startTime": "1591043454", "frequency": "once", "interval": "15"})
    assert [problem.path for problem in problems] == [("interval",), ("interval",), ("startTime",)]


def test_all_problems_of_a_schedule_are_found_at_once() -> None:
    assert said(schedule_problems(spec("CRMToAEP"), {})) == [
        "missing required key `startTime`",
        "missing required key `frequency`",
    ]
    assert said(
        schedule_problems(spec("CRMToAEP"), START | {"frequency": "once", "interval": 1, "backfill": True})
    ) == [
        '`backfill` is not allowed with `frequency` "once"',
        '`interval` is not allowed with `frequency` "once"',
    ]


def test_a_schedule_where_the_spec_has_none_and_the_other_way_round() -> None:
    streaming = spec("Stream data with optional transformation")
    assert schedule_problems(streaming, None) == ()
    assert said(schedule_problems(streaming, START)) == [
        "flow spec `Stream data with optional transformation` does not support `schedule`"
    ]
    assert said(schedule_problems(spec("CRMToAEP"), None)) == ["flow spec `CRMToAEP` requires `schedule`"]


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        (None, []),
        ({}, []),
        ({"errorDiagnosticsEnabled": True, "partialIngestionPercent": 5}, []),
        ({"partialIngestionPercent": 0.5}, []),
        ({"partialIngestionPercent": 0}, ["`partialIngestionPercent` must be more than 0"]),
        ({"partialIngestionPercent": "5"}, ["`partialIngestionPercent` must be a number"]),
        ({"errorDiagnosticsEnabled": 1}, ["`errorDiagnosticsEnabled` must be `true` or `false`"]),
        ([1], ["the options must be a mapping"]),
    ],
)
def test_options(options: Any, messages: list[str]) -> None:
    assert said(option_problems(spec("CRMToAEP"), options)) == messages


def test_options_where_the_spec_has_none() -> None:
    (problem,) = option_problems(spec("Stream data without transformation"), {"partialIngestionPercent": 5})
    assert problem.message == "flow spec `Stream data without transformation` does not support `options`"


DELTA = {
    "name": "Copy",
    "params": {"deltaColumn": {"name": "updatedAt", "dateFormat": "YYYY-MM-DD", "timezone": "UTC"}},
}
MAPPING = {"name": "Mapping", "params": {"mappingId": "500a9b747fcf4908a21917d49bd61780", "mappingVersion": "0"}}


@pytest.mark.parametrize(
    ("name", "transformations", "messages"),
    [
        ("CRMToAEP", [], []),
        ("CRMToAEP", [DELTA, MAPPING], []),
        ("CRMToAEP", [{"name": "Copy"}], ["Copy: missing required key `deltaColumn`"]),
        (
            "CRMToAEP",
            [{"name": "Copy", "params": {"deltaColumn": {}}}],
            [f"Copy: {MISSING}".format("deltaColumn.name")],
        ),
        (
            "CRMToAEP",
            [{"name": "Mapping", "params": {"mappingId": "a", "mappingVersion": 0}}],
            ["Mapping: `mappingVersion` must be a string"],
        ),
        ("CRMToAEP", [MAPPING, MAPPING], ["duplicate transformation `Mapping`"]),
        ("Steam data with transformation", [{"name": "Mapping"}], ["Mapping: missing required key `mappingId`"]),
        ("Stream data with optional transformation", [{"name": "Mapping"}], []),
        (
            "CloudStorageToAEP",
            [DELTA],
            ['flow spec `CloudStorageToAEP` does not support the transformation "Copy"'],
        ),
        ("CloudStorageToAEP", [MAPPING, {"name": "Encryption", "params": {"publicKeyId": "a"}}], []),
        ("CloudStorageToAEP", [{"name": "Encryption"}], ["Encryption: missing required key `publicKeyId`"]),
        (
            "CRMToAEP",
            [{"name": "Encryption"}],
            ['flow spec `CRMToAEP` does not support the transformation "Encryption"'],
        ),
        (
            "Stream data without transformation",
            [MAPPING],
            ['flow spec `Stream data without transformation` does not support the transformation "Mapping"'],
        ),
        ("CRMToAEP", [{}], ["flow spec `CRMToAEP` does not support the transformation nothing"]),
        ("CRMToAEP", [{"name": "Copy", "params": []}], ["the Copy transformation must be a mapping"]),
    ],
)
def test_transformations(name: str, transformations: list[dict[str, Any]], messages: list[str]) -> None:
    assert said(transformation_problems(spec(name), transformations)) == messages


def test_a_mistyped_transformation_names_the_nearest() -> None:
    (problem,) = transformation_problems(spec("CRMToAEP"), [DELTA, {"name": "Maping"}])
    assert problem.path == (1, "name")
    assert problem.hint == "Did you mean `Mapping`?"
    (problem,) = transformation_problems(spec("CRMToAEP"), [MAPPING, {"name": "Copy", "params": {"deltaColumn": {}}}])
    assert problem.path == (1, "params", "deltaColumn")


@pytest.mark.parametrize(
    ("name", "params", "messages"),
    [
        ("hubspot", {"path": "Hubspot.Contacts"}, []),
        (
            "shopify",
            {
                "tableName": "Shopify.Orders",
                "columns": [{"name": "Email", "type": "string"}, {"name": "Phone", "type": "string"}],
            },
            [],
        ),
        ("hubspot", {}, ["missing required key `tableName` or `path`"]),
        ("hubspot", {"tableName": 5}, ["`tableName` must be a string"]),
        ("shopify", {"tableName": "a", "columns": [{"type": "string"}]}, ["missing required key `columns[0].name`"]),
        ("shopify", {"tableName": "a", "columns": "b"}, ["`columns` must be a list"]),
        ("amazon-s3", {"path": "/in/*.csv", "type": "file", "recursive": True}, []),
        ("amazon-s3", {"path": "/in", "type": "folder", "recursive": "true"}, []),
        ("amazon-s3", {"path": "/in", "type": "files"}, ["`type` must be `file` or `folder`"]),
        ("amazon-s3", {"type": "file"}, ["missing required key `path`"]),
        ("generic-rest", {"anything": "passes"}, []),
        ("mailchimp-members", {}, ["missing required key `listId`"]),
        ("event-hubs", {"eventHubName": "a", "reset": "first"}, ["`reset` must be `latest` or `earliest`"]),
        ("http-api", {}, []),
    ],
)
def test_source_params(name: str, params: dict[str, Any], messages: list[str]) -> None:
    assert said(source_param_problems(source(name), params)) == messages


def test_a_mistyped_source_param_is_found() -> None:
    (problem,) = source_param_problems(source("hubspot"), {"tablename": "Contacts"})
    assert problem.hint == "Rename `tablename` to `tableName`."


def test_only_client_id_and_secret_are_needed_for_hubspot() -> None:
    basic = source("hubspot").auth_specs[0]
    assert auth_problems(basic, {"clientId": "a", "clientSecret": "b"}) == ()
    assert said(auth_problems(basic, {"clientId": "a"})) == ["missing required key `clientSecret`"]


SECRET = "hunter2-never-shown"


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"type": "integer"}, SECRET),
        ({"pattern": "^a$"}, SECRET),
        ({"enum": ["a", "b"]}, SECRET),
        ({"maxLength": 3}, SECRET),
        ({"not": {"type": "string"}}, SECRET),
        ({"anyOf": [{"type": "integer"}, {"minLength": 90}]}, SECRET),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, {"a": SECRET}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": SECRET}),
        ({"items": {"type": "integer"}}, [SECRET]),
        ({"not": {"required": ["a"]}}, {"a": SECRET}),
        ({"items": False}, [SECRET]),
        ({"patternProperties": {"a": False}}, {"a": SECRET}),
        ({"allOf": [False]}, SECRET),
        (False, SECRET),
    ],
)
def test_no_rule_shows_a_secret(rule: Any, value: Any) -> None:
    schema = {
        "type": "object",
        "properties": {"password": rule, "port": {"type": "integer"}},
        "if": {"properties": {"password": {"minLength": 1}}},
        "then": {"required": ["port"]},
    }
    auth = AuthSpec(name="Basic Authentication", schema=schema, secret_params=frozenset({"password"}))
    problems = auth_problems(auth, {"password": value})
    assert len(problems) >= 1
    assert SECRET not in str(problems)


@pytest.mark.parametrize("name", connector_names())
def test_each_authentication_accepts_its_own_params(name: str) -> None:
    samples: dict[str, Any] = {"string": "a", "integer": 1, "boolean": True, "object": {}}
    for auth in source(name).auth_specs:
        params = {}
        for param, schema in auth.schema["properties"].items():
            kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
            params[param] = schema["enum"][0] if "enum" in schema else samples[kind]
        assert auth_problems(auth, params) == ()
        assert said(auth_problems(auth, {})) == [
            f"missing required key `{param}`" for param in auth.schema.get("required", ())
        ]


def test_a_live_spec_that_differs_is_honoured() -> None:
    schedule = {
        "type": "object",
        "properties": {"frequency": {"enum": ["month"]}, "interval": {"type": "integer", "multipleOf": 3}},
        "additionalProperties": False,
        "if": {"properties": {"frequency": {"const": "month"}}, "required": ["frequency"]},
        "then": {"properties": {"interval": {"maximum": 12}, "backfill": False}},
    }
    live = parse({"id": "1", "name": "CRMToAEP", "scheduleSpec": {"spec": schedule}})
    assert said(schedule_problems(live, {"frequency": "month", "interval": 3})) == []
    assert said(schedule_problems(live, {"frequency": "month", "interval": 15})) == [
        '`interval` must be at most 12 with `frequency` "month"'
    ]
    assert said(schedule_problems(live, {"frequency": "month", "interval": 4})) == [
        "`interval` must be a multiple of 3"
    ]
    assert said(schedule_problems(live, {"frequency": "month", "backfill": True})) == [
        "unknown key `backfill`",
        '`backfill` is not allowed with `frequency` "month"',
    ]
    (problem,) = schedule_problems(live, {"frequencie": "month"})
    assert problem.path == ("frequencie",)
    assert problem.hint == "Did you mean `frequency`?"


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 2}, "`a` and `b` are not allowed together"),
        (
            {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            [],
            "the value must be an integer or a string",
        ),
        (
            {"properties": {"a": {"oneOf": [{"type": "integer"}, {"properties": {"b": {"type": "integer"}}}]}}},
            {"a": {"b": "c"}},
            "`a.b` must be an integer",
        ),
        ({"properties": {"a": {"const": "b"}}}, {"a": "c"}, "`a` must be `b`"),
        ({"minProperties": 2}, {}, "the value does not satisfy the rule `minProperties 2`"),
        ({"dependencies": {"a": ["b"]}}, {"a": 1}, "the value does not satisfy the rule `dependencies"),
        (
            {"definitions": {"d": {"type": "integer"}}, "properties": {"a": {"$ref": "#/definitions/d"}}},
            {"a": "b"},
            "`a` must be an integer",
        ),
        (
            {"if": {"properties": {"mode": {"const": "x"}}}, "then": {"required": ["a"]}},
            {},
            "missing required key `a`",
        ),
        (
            {"properties": {"a": {"pattern": "^b$"}}},
            {"a": "x" * 80},
            "`a` must be a string that matches `^b$`",
        ),
        ({"properties": {"a": {"type": "string"}}}, {"a": None}, "`a` must be a string"),
    ],
)
def test_other_rules_have_words(schema: dict[str, Any], value: Any, message: str) -> None:
    (problem,) = check(schema, value, subject="the value")
    assert problem.message.startswith(message)


def test_a_spec_whose_schema_is_broken_says_so() -> None:
    (problem,) = check({"type": "no such type"}, {}, subject="the schedule")
    assert problem.message == "the schedule cannot be checked, because the spec has an invalid JSON Schema for it"


def test_values_that_are_not_known_yet_count_as_text() -> None:
    transformation = {"name": "Mapping", "params": {"mappingId": object(), "mappingVersion": "0"}}
    assert transformation_problems(spec("CRMToAEP"), [transformation]) == ()


def test_read_only_mappings_and_tuples_are_json() -> None:
    params = MappingProxyType({"tableName": "a", "columns": (MappingProxyType({"name": "b"}),)})
    assert source_param_problems(source("shopify"), params) == ()


def test_the_same_value_is_checked_once() -> None:
    schedule = START | {"frequency": "day", "interval": 1}
    assert schedule_problems(spec("CRMToAEP"), schedule) is schedule_problems(spec("CRMToAEP"), dict(schedule))
    wrong = START | {"frequency": "day", "interval": True}
    assert said(schedule_problems(spec("CRMToAEP"), wrong)) == ["`interval` must be an integer"]


def test_thousands_of_schedules_take_no_time() -> None:
    crm = spec("CRMToAEP")
    schedule_problems(crm, START)
    begin = time.perf_counter()
    for minute in range(5000):
        schedule_problems(crm, {"startTime": minute, "frequency": "day", "interval": 1})
    assert time.perf_counter() - begin < 10
