"""Mapping sets: both dialects, versions, lists, validation."""

from __future__ import annotations

import pytest

from .conftest import FULL, PREP, REGISTRY, XDM, raw_id

SETS = f"{PREP}/mappingSets"


@pytest.fixture
def schema_id(client):
    return client.schema()


def test_creation_is_a_200_with_a_summary(client, schema_id):
    body = {"xdmSchema": schema_id, "xdmVersion": "1.0", "version": 0, "id": None, "mappings": []}
    response = client.post(SETS, json=body)
    assert response.status_code == 200
    assert set(response.json()) == {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}
    assert (len(response.json()["id"]), response.json()["version"]) == (32, 0)


@pytest.mark.parametrize(
    ("entry", "source_type"),
    [
        ({"sourceAttribute": "Id", "destinationXdmPath": "_id", "identityGroup": None}, "text/x.schema-path"),
        ({"sourceType": "ATTRIBUTE", "source": "Id", "destination": "_id"}, "text/x.schema-path"),
        ({"sourceType": "EXPRESSION", "source": "Id", "destination": "_id"}, "text/x.aep-xl"),
        ({"sourceType": "text/x.aep-xl", "source": "Id", "destination": "_id"}, "text/x.aep-xl"),
    ],
)
def test_both_dialects_are_accepted_and_both_returned(client, schema_id, entry, source_type):
    id_ = client.mapping_set(schema_id, mappings=[entry])
    found = client.get(f"{SETS}/{id_}").json()
    (mapping,) = found["mappings"]
    assert mapping["source"] == mapping["sourceAttribute"] == "Id"
    assert mapping["destination"] == mapping["destinationXdmPath"] == "_id"
    assert mapping["sourceType"] == source_type
    assert (mapping["identity"], mapping["matchScore"], mapping["functionVersion"]) == (False, 0.0, 1)
    assert "identityGroup" not in mapping
    assert found["outputSchema"]["schemaRef"] == {"id": schema_id, "contentType": FULL}
    assert found["xdmSchema"] == schema_id


def test_put_makes_a_version_and_keeps_the_older_ones(client, schema_id):
    id_ = client.mapping_set(schema_id, name="first")
    before = client.get(f"{SETS}/{id_}").json()
    mappings = [{"sourceType": "ATTRIBUTE", "source": "Mail", "destination": "personalEmail.address"}]
    body = {"outputSchema": {"schemaRef": {"id": schema_id, "contentType": FULL}}, "mappings": mappings}
    replaced = client.put(f"{SETS}/{id_}", json=body)
    assert replaced.status_code == 200
    assert (replaced.json()["id"], replaced.json()["version"]) == (id_, 1)
    assert [mapping["source"] for mapping in replaced.json()["mappings"]] == ["Mail"]
    assert client.get(f"{SETS}/{id_}").json() == replaced.json()
    assert client.get(f"{SETS}/{id_}?version=0").json() == before
    assert client.get(f"{SETS}/{id_}?version=2").status_code == 404
    again = client.put(f"{SETS}/{id_}", json=body).json()
    assert again["mappings"][0]["id"] != replaced.json()["mappings"][0]["id"]


def test_an_output_schema_has_an_id_that_stays_while_the_schema_does(client, schema_id):
    id_ = client.mapping_set(schema_id)
    first = client.get(f"{SETS}/{id_}").json()["outputSchema"]
    assert set(first) == {"id", "version", "schemaRef"}
    assert (len(first["id"]), first["version"]) == (32, 0)
    body = {"outputSchema": {"id": "mine", "version": 9, "schemaRef": {"id": schema_id}}, "mappings": []}
    assert client.put(f"{SETS}/{id_}", json=body).json()["outputSchema"] == first
    assert client.get(f"{SETS}/{client.mapping_set(schema_id)}").json()["outputSchema"]["id"] != first["id"]
    body["outputSchema"]["schemaRef"]["id"] = client.schema()
    assert client.put(f"{SETS}/{id_}", json=body).json()["outputSchema"]["id"] != first["id"]


def test_rows_tell_who_made_them(client, schema_id):
    id_ = client.mapping_set(schema_id)
    found = client.get(f"{SETS}/{id_}").json()
    (row,) = client.get(f"{SETS}/{id_}/mappings").json()
    assert found["mappings"] == [row]
    for name in ("createdDate", "modifiedDate", "createdBy", "modifiedBy"):
        assert row[name] == found[name]


def test_the_resolved_schema_is_shown_if_asked(client, schema_id):
    id_ = client.mapping_set(schema_id)
    plain = client.get(f"{SETS}/{id_}").json()
    found = client.get(f"{SETS}/{id_}?expandSchema=true").json()
    schema = found["outputSchema"].pop("jsonSchema")
    assert found == plain == client.get(f"{SETS}/{id_}?expandSchema=false").json()
    assert schema["$id"] == schema_id
    assert {"title", "type", "properties", "version", "imsOrg"} <= schema.keys()
    assert schema["properties"]["_id"]["type"] == "string"
    assert schema["properties"]["person"]["properties"]["name"]["properties"]["firstName"]["type"] == "string"
    assert "meta:" not in str(schema)
    page = {"limit": 9, "start": 0}
    (listed,) = client.get(SETS, params=page | {"expandSchema": "true"}).json()["data"]
    assert listed["outputSchema"]["jsonSchema"] == schema
    assert client.get(SETS, params=page).json()["data"] == [plain]
    for path, more in ((SETS, page), (f"{SETS}/{id_}", {})):
        assert client.get(path, params=more | {"expandSchema": "maybe"}).status_code == 400


def test_the_resolved_schema_has_no_meta_members_inside_arrays(client):
    order = {"type": "object", "properties": {"total": {"type": "number", "title": "Total"}}}
    fields = {"_local": {"type": "object", "properties": {"orders": {"type": "array", "items": order}}}}
    group = {
        "type": "object",
        "title": "Orders",
        "meta:intendedToExtend": [f"{XDM}/profile"],
        "definitions": {"own": {"type": "object", "properties": fields}},
        "allOf": [{"$ref": "#/definitions/own"}],
    }
    group_id = client.made(f"{REGISTRY}/tenant/fieldgroups", group)["$id"]
    id_ = client.mapping_set(client.schema(allOf=[{"$ref": f"{XDM}/profile"}, {"$ref": group_id}]))
    schema = client.get(f"{SETS}/{id_}?expandSchema=true").json()["outputSchema"]["jsonSchema"]
    assert schema["properties"]["_local"]["properties"]["orders"] == {"type": "array", "items": order}


def test_replies_about_one_set_show_the_schema_if_chosen(client, schema_id):
    client.settings(outputSchemas="always")
    id_ = client.mapping_set(schema_id)
    body = {"outputSchema": {"schemaRef": {"id": schema_id}}, "mappings": []}
    for response in (client.put(f"{SETS}/{id_}", json=body), client.get(f"{SETS}/{id_}")):
        assert response.json()["outputSchema"]["jsonSchema"]["$id"] == schema_id
    assert "jsonSchema" not in client.get(f"{SETS}/{id_}?expandSchema=false").json()["outputSchema"]
    (listed,) = client.get(SETS, params={"limit": 9, "start": 0}).json()["data"]
    assert "jsonSchema" not in listed["outputSchema"]


def test_a_set_outlives_its_schema(client, schema_id):
    id_ = client.mapping_set(schema_id)
    assert client.delete(f"/data/foundation/schemaregistry/tenant/schemas/{raw_id(schema_id)}").status_code == 204
    found = client.get(f"{SETS}/{id_}?expandSchema=true")
    assert found.status_code == 200
    assert "jsonSchema" not in found.json()["outputSchema"]


def test_single_mappings(client, schema_id):
    id_ = client.mapping_set(schema_id)
    (mapping,) = client.get(f"{SETS}/{id_}/mappings").json()
    assert client.get(f"{SETS}/{id_}/mappings/{mapping['id']}").json() == mapping
    assert client.get(f"{SETS}/{id_}/mappings/none").status_code == 404
    assert client.get(f"{SETS}/none").status_code == 404


def test_lists_want_limit_and_start(client, schema_id):
    ids = [client.mapping_set(schema_id, name=f"set {number}") for number in range(3)]
    body = client.get(SETS, params={"limit": 2, "start": 1}).json()
    assert [item["id"] for item in body["data"]] == ids[1:]
    assert body["_page"]["limit"] == 2
    for params in ({}, {"limit": 2}, {"start": 0}, {"limit": 0, "start": 0}, {"limit": "x", "start": 0}):
        assert client.get(SETS, params=params).status_code == 400
    named = client.get(SETS, params={"limit": 9, "start": 0, "name": "set 1"}).json()["data"]
    assert [item["id"] for item in named] == [ids[1]]
    down = client.get(SETS, params={"limit": 9, "start": 0, "orderBy": "-createdDate"}).json()["data"]
    assert down[0]["id"] == ids[2]


@pytest.mark.parametrize(
    "changes",
    [
        {"xdmSchema": "https://ns.adobe.com/local/schemas/none"},
        {"xdmSchema": None},
        {"mappings": None},
        {"mappings": [{"destinationXdmPath": "_id"}]},
        {"mappings": [{"sourceAttribute": "Id"}]},
        {"mappings": [{"source": "Id", "destination": "_id", "sourceType": "GUESS"}]},
    ],
)
def test_refused_mapping_sets(client, schema_id, changes):
    body = {"xdmSchema": schema_id, "mappings": []} | changes
    assert client.post(SETS, json=body).status_code == 400


def test_deletion_is_refused_unless_chosen(client, schema_id):
    id_ = client.mapping_set(schema_id)
    assert client.delete(f"{SETS}/{id_}").status_code == 405
    client.settings(mappingSetDelete="allow")
    assert client.delete(f"{SETS}/{id_}").status_code == 204
    assert client.get(f"{SETS}/{id_}").status_code == 404


@pytest.mark.parametrize(
    ("destination", "status"),
    [
        ("_id", "SUCCESS"),
        ("_repo.createDate", "SUCCESS"),
        ("person.name.firstName", "SUCCESS"),
        ("personalEmail", "SUCCESS"),
        ("person.name.nickname", "FAILED"),
        ("_other.field", "FAILED"),
        ("person[0].name", "FAILED"),
        ("person..name", "FAILED"),
        ("", None),
    ],
)
def test_validation_checks_destinations(client, schema_id, destination, status):
    body = {"xdmSchema": schema_id, "mappings": [{"source": "a", "destination": destination}]}
    response = client.post(f"{SETS}/validate", json=body)
    if status is None:
        assert response.status_code == 400
        return
    (verdict,) = response.json()["validationResponse"]
    assert verdict["status"] == status
    assert (verdict["errors"] is None) == (status == "SUCCESS")


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        ("person.name[x]", "The destination person.name[x] is not a path."),
        ("person.nam.x", "The destination person.nam.x is not in the schema: there is no nam."),
        ("person[0].name", "The destination person[0].name has an index on person, which is not an array."),
        ("identityMap.Email.id", "The destination identityMap.Email.id goes on below Email, which is an array"),
    ],
)
def test_a_verdict_says_what_is_wrong_with_a_destination(client, destination, words):
    groups = ("profile", "profile-person-details", "identitymap")
    schema = client.schema(allOf=[{"$ref": f"https://ns.adobe.com/xdm/context/{name}"} for name in groups])
    body = {"xdmSchema": schema, "mappings": [{"source": "a", "destination": destination}]}
    (verdict,) = client.post(f"{SETS}/validate", json=body).json()["validationResponse"]
    assert verdict["errors"][0]["exception"].startswith(words)


def test_validation_finds_a_destination_that_is_used_twice(client, schema_id):
    mappings = [{"source": "a", "destination": "_id"}, {"source": "b", "destination": "_id"}]
    body = {"xdmSchema": schema_id, "mappings": mappings}
    verdicts = client.post(f"{SETS}/validate", json=body).json()["validationResponse"]
    assert [verdict["status"] for verdict in verdicts] == ["FAILED", "FAILED"]


@pytest.mark.parametrize("destination", ["person.name.nickname", "person..name"])
def test_creation_checks_no_mapping_unless_chosen(client, schema_id, destination):
    body = {"xdmSchema": schema_id, "mappings": [{"source": "a", "destination": destination}]}
    assert client.post(SETS, json=body).status_code == 200
    client.settings(mappingChecks="strict")
    response = client.post(SETS, json=body)
    assert response.status_code == 400
    assert destination in response.text
    id_ = client.mapping_set(schema_id)
    assert client.put(f"{SETS}/{id_}", json=body).status_code == 400


def test_a_flow_with_a_mapping_that_fails_is_refused_if_chosen(client):
    body = client.flow_body()
    schema_id = client.one("targetConnections", body["targetConnectionIds"][0])["data"]["schema"]["id"]
    wrong = client.mapping_set(schema_id, mappings=[{"source": "a", "destination": "person.nam"}])
    body["transformations"][0]["params"]["mappingId"] = wrong
    client.settings(mappingChecks="strict")
    response = client.post("/data/foundation/flowservice/flows", json=body)
    assert response.status_code == 400
    assert "person.nam" in response.text
    client.settings(mappingChecks="documented")
    assert client.post("/data/foundation/flowservice/flows", json=body).status_code == 201
