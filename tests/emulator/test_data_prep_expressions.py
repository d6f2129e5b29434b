"""The expression service and the preview of mappings, over HTTP."""

from __future__ import annotations

import pytest

from .conftest import PREP


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "1 +",
        "a = 1",
        "var x",
        "f(",
        "nothing(1)",
        "1 < 2 < 3",
        "'open",
        "{1: }",
        "a b",
        "#",
        "x" * 4097,
        "(" * 200 + "1" + ")" * 200,
        "-" * 200 + "1",
        "return",
    ],
)
def test_refused_expressions(client, expression):
    assert client.post(f"{PREP}/languages/el/validate", json={"expression": expression}).status_code == 400


@pytest.mark.parametrize("expression", ['concat("a", b)', "ua_os_name(agent)", "lower(${First Name})"])
def test_valid_expressions(client, expression):
    response = client.post(f"{PREP}/languages/el/validate", json={"expression": expression})
    assert response.json() == {"validationStatus": "succeeded", "error": "none"}


def test_the_catalogues(client):
    functions = {entry["function"]: entry for entry in client.get(f"{PREP}/languages/el/functions").json()}
    assert len(functions) > 95
    assert set(functions["concat"]) == {
        "category",
        "function",
        "description",
        "syntax",
        "returns",
        "returnType",
        "example",
        "result",
        "params",
        "since",
    }
    operators = client.get(f"{PREP}/languages/el/operators").json()
    assert {"operatorSymbol": "~", "methodName": "complement"}.items() <= next(
        entry for entry in operators if entry["operatorSymbol"] == "~"
    ).items()


def preview(client, mappings, *records, **options):
    schema_id = client.schema()
    mapping_set = {"xdmSchema": schema_id, "mappings": mappings} | options
    response = client.post(f"{PREP}/mappingSets/preview", json={"data": list(records), "mappingSet": mapping_set})
    assert response.status_code == 200, response.text
    return response.json()


def test_preview_converts_to_the_field_and_drops_nulls(client):
    mappings = [
        {"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"},
        {"sourceType": "EXPRESSION", "source": "lower(mail)", "destination": "personalEmail.address"},
        {"sourceType": "ATTRIBUTE", "source": "primary", "destination": "personalEmail.primary"},
        {"sourceType": "ATTRIBUTE", "source": "year", "destination": "person.birthYear"},
        {"sourceType": "ATTRIBUTE", "source": "added", "destination": "_repo.createDate"},
        {"sourceType": "ATTRIBUTE", "source": "name.first", "destination": "person.name.firstName"},
        {"sourceType": "STATIC", "source": "web", "destination": "personalEmail.label"},
    ]
    record = {"id": 1234, "mail": "A@B.C", "primary": "yes", "year": "1990", "added": "2024-05-05 20:39:00+0200"}
    (row,) = preview(client, mappings, record)
    assert row == {
        "data": {
            "_id": "1234",
            "personalEmail": {"address": "a@b.c", "primary": True, "label": "web"},
            "person": {"birthYear": 1990},
            "_repo": {"createDate": "2024-05-05T20:39:00+02:00"},
        },
        "errors": None,
    }
    (row,) = preview(client, mappings[5:6], {}, allowNullValues=True)
    assert row["data"] == {"person": {"name": {"firstName": None}}}


def test_a_failing_attribute_is_left_out_and_named(client):
    mappings = [
        {"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"},
        {"sourceType": "ATTRIBUTE", "source": "primary", "destination": "personalEmail.primary"},
        {"sourceType": "EXPRESSION", "source": "1 / 0", "destination": "person.name.firstName"},
        {"sourceType": "ATTRIBUTE", "source": "id", "destination": "nowhere"},
    ]
    good, bad = preview(client, mappings[:2], {"id": "a", "primary": "no"}, {"id": "b", "primary": "perhaps"})
    assert good["errors"] is None
    assert bad["data"] == {"_id": "b"}
    assert bad["errors"][0]["destination"] == "personalEmail.primary"
    (row,) = preview(client, mappings, {"id": "a"})
    assert [error["destination"] for error in row["errors"]] == ["person.name.firstName", "nowhere"]


def test_wildcards_go_element_by_element(client):
    group = {
        "title": "Pets",
        "type": "object",
        "meta:intendedToExtend": ["https://ns.adobe.com/xdm/context/profile"],
        "definitions": {
            "own": {
                "properties": {
                    "_local": {
                        "type": "object",
                        "properties": {
                            "pets": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                                },
                            },
                            "tags": {"type": "array", "items": {"type": "string"}},
                        },
                    }
                }
            }
        },
        "allOf": [{"$ref": "#/definitions/own"}],
    }
    group_id = client.made("/data/foundation/schemaregistry/tenant/fieldgroups", group)["$id"]
    references = [{"$ref": "https://ns.adobe.com/xdm/context/profile"}, {"$ref": group_id}]
    mapping_set = {
        "xdmSchema": client.schema(allOf=references),
        "mappings": [
            {"source": "animals[*].called", "destination": "_local.pets[*].name"},
            {"source": "animals[*].years", "destination": "_local.pets[*].age"},
            {"source": "words", "destination": "_local.tags"},
        ],
    }
    record = {"animals": [{"called": "Rex", "years": "3"}, {"called": "Tom", "years": 4}], "words": ["a", 1]}
    body = {"data": [record], "mappingSet": mapping_set}
    (row,) = client.post(f"{PREP}/mappingSets/preview", json=body).json()
    assert row["data"]["_local"] == {
        "pets": [{"name": "Rex", "age": 3}, {"name": "Tom", "age": 4}],
        "tags": ["a", "1"],
    }


@pytest.mark.parametrize("body", [{}, [], {"data": [1], "mappingSet": {}}, {"data": [{}], "mappingSet": {}}])
def test_refused_previews(client, body):
    assert client.post(f"{PREP}/mappingSets/preview", json=body).status_code == 400


def test_validation_parses_expressions(client):
    mappings = [
        {"sourceType": "EXPRESSION", "source": "lower(", "destination": "_id"},
        {"sourceType": "EXPRESSION", "source": "nothing(a)", "destination": "person.name.firstName"},
        {"sourceType": "EXPRESSION", "source": "lower(a)", "destination": "person.name.lastName"},
    ]
    body = {"xdmSchema": client.schema(), "mappings": mappings}
    verdicts = client.post(f"{PREP}/mappingSets/validate", json=body).json()["validationResponse"]
    assert [verdict["status"] for verdict in verdicts] == ["FAILED", "FAILED", "SUCCESS"]
