"""`visibilityDelay` and `updateDelay`: what the registry knows of new and changed resources during a delay."""

from __future__ import annotations

import pytest

from .conftest import CATALOG, PREP, REGISTRY, XDM, raw_id
from .test_schema_registry import GROUPS, IDS, RAW, RESOLVED, SCHEMAS, group_body, path_to, schema_with

DESCRIPTORS = f"{REGISTRY}/tenant/descriptors"
V2 = {"Accept": "application/vnd.adobe.xdm-v2+json"}
GROUPED = {"Accept": "application/vnd.adobe.xdm+json"}


@pytest.fixture
def late(client):
    client.settings(visibilityDelay=60_000)
    return client


def visible(client):
    client.post("/_emulator/clock", json={"advanceSeconds": 61}).raise_for_status()


def identity(schema_id):
    return {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address",
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": True,
    }


def tag(client, schema_id):
    operation = {"op": "add", "path": "/meta:immutableTags", "value": ["union"]}
    return client.patch(path_to(schema_id), json=[operation]).status_code


def test_a_new_resource_is_read_only_after_the_delay(late):
    group = late.made(GROUPS, group_body())["$id"]
    place = path_to(group, "fieldgroups")
    assert late.get(place, headers=RAW).status_code == 404
    assert late.put(place, json=group_body()).status_code == 404
    assert late.patch(place, json=[]).status_code == 404
    assert late.delete(place).status_code == 404
    assert late.get(GROUPS, headers=IDS).json()["results"] == []
    visible(late)
    assert late.get(place, headers=RAW).status_code == 200
    assert [each["$id"] for each in late.get(GROUPS, headers=IDS).json()["results"]] == [group]


def test_an_old_resource_that_changed_stays_visible(client):
    group = client.made(GROUPS, group_body())["$id"]
    visible(client)
    client.settings(visibilityDelay=60_000)
    assert client.put(path_to(group, "fieldgroups"), json=group_body()).status_code == 200
    assert client.get(path_to(group, "fieldgroups"), headers=RAW).status_code == 200


def test_a_new_resource_is_referred_to_only_after_the_delay(late):
    group = late.made(GROUPS, group_body())["$id"]
    body = {"title": "Composed", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}, {"$ref": group}]}
    reply = late.post(SCHEMAS, json=body)
    assert reply.status_code == 400
    assert group in reply.json()["detail"]
    visible(late)
    assert late.post(SCHEMAS, json=body).status_code == 201


def test_a_title_is_taken_at_once(late):
    late.made(GROUPS, group_body())
    assert late.post(GROUPS, json=group_body()).status_code == 400


def test_standard_resources_are_never_late(late):
    assert late.get(f"{REGISTRY}/global/classes/{raw_id(f'{XDM}/profile')}", headers=RESOLVED).status_code == 200
    assert late.get(f"{REGISTRY}/global/classes", headers=IDS).json()["results"]


def test_other_services_know_a_schema_only_after_the_delay(late):
    schema = late.schema()
    reference = {"id": schema, "contentType": "application/vnd.adobe.xed+json;version=1"}
    dataset = {"name": "Customers", "schemaRef": reference}
    mappings = {"xdmSchema": schema, "xdmVersion": "1.0", "version": 0, "id": None, "mappings": []}
    assert late.post(f"{CATALOG}/dataSets", json=dataset).status_code == 400
    assert late.post(f"{PREP}/mappingSets", json=mappings).status_code == 400
    assert late.post(DESCRIPTORS, json=identity(schema)).status_code == 400
    visible(late)
    assert late.post(f"{CATALOG}/dataSets", json=dataset).status_code == 201
    assert late.post(f"{PREP}/mappingSets", json=mappings).status_code == 200
    assert late.post(DESCRIPTORS, json=identity(schema)).status_code == 201


def test_a_new_descriptor_counts_only_after_the_delay(late):
    schema = late.schema()
    visible(late)
    descriptor = late.made(DESCRIPTORS, identity(schema))["@id"]
    full = {"Accept": "application/vnd.adobe.xed-full-desc+json;version=1"}
    assert late.get(f"{DESCRIPTORS}/{descriptor}").status_code == 404
    assert late.get(DESCRIPTORS, headers=V2).json()["results"] == []
    assert late.get(DESCRIPTORS, headers=GROUPED).json() == {}
    assert late.get(path_to(schema), headers=full).json()["meta:descriptors"] == []
    assert tag(late, schema) == 400
    visible(late)
    assert late.get(f"{DESCRIPTORS}/{descriptor}").status_code == 200
    assert len(late.get(DESCRIPTORS, headers=V2).json()["results"]) == 1
    assert late.get(DESCRIPTORS, headers=GROUPED).json() != {}
    assert len(late.get(path_to(schema), headers=full).json()["meta:descriptors"]) == 1
    assert tag(late, schema) == 200


def test_a_destination_of_a_relationship_is_late_too(late):
    source = schema_with(late, f"{XDM}/profile-personal-details", title="Source")
    visible(late)
    destination = late.schema()
    body = {
        "@type": "xdm:descriptorOneToOne",
        "xdm:sourceSchema": source,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address",
        "xdm:destinationSchema": destination,
    }
    assert late.post(DESCRIPTORS, json=body).status_code == 400
    visible(late)
    assert late.post(DESCRIPTORS, json=body).status_code == 201


def test_a_union_shows_only_visible_schemas(late):
    late.schema(
        **{"meta:immutableTags": ["union"], "allOf": [{"$ref": f"{XDM}/profile"}, {"$ref": f"{XDM}/identitymap"}]}
    )
    unions = f"{REGISTRY}/tenant/unions"
    assert late.get(unions, headers=IDS).json()["results"] == []
    visible(late)
    assert len(late.get(unions, headers=IDS).json()["results"]) == 1


# --- updateDelay: what the registry shows of a change before and after the delay ---


@pytest.fixture
def behind(client):
    client.settings(updateDelay=60_000)
    return client


def fields_of(client, group):
    body = client.get(path_to(group, "fieldgroups"), headers=RAW).json()
    return set(body["definitions"]["customFields"]["properties"]["_local"]["properties"])


def changed(client, group, *names):
    fields = {name: {"type": "string", "title": name} for name in names}
    assert client.put(path_to(group, "fieldgroups"), json=group_body(**fields)).status_code == 200


def test_a_change_is_read_only_after_the_delay(behind):
    group = behind.made(GROUPS, group_body())["$id"]
    assert fields_of(behind, group) == {"loyaltyId"}, "a new resource is not late"
    changed(behind, group, "loyaltyId", "tier")
    assert fields_of(behind, group) == {"loyaltyId"}
    (listed,) = behind.get(GROUPS, headers={"Accept": "application/vnd.adobe.xed+json"}).json()["results"]
    assert "tier" not in str(listed)
    visible(behind)
    assert fields_of(behind, group) == {"loyaltyId", "tier"}
    (listed,) = behind.get(GROUPS, headers={"Accept": "application/vnd.adobe.xed+json"}).json()["results"]
    assert "tier" in str(listed)


def test_each_change_is_late_by_itself(behind):
    group = behind.made(GROUPS, group_body())["$id"]
    changed(behind, group, "loyaltyId", "tier")
    behind.post("/_emulator/clock", json={"advanceSeconds": 40}).raise_for_status()
    changed(behind, group, "loyaltyId", "tier", "points")
    assert fields_of(behind, group) == {"loyaltyId"}
    behind.post("/_emulator/clock", json={"advanceSeconds": 25}).raise_for_status()
    assert fields_of(behind, group) == {"loyaltyId", "tier"}
    visible(behind)
    assert fields_of(behind, group) == {"loyaltyId", "tier", "points"}


def test_a_write_works_with_the_newest_state(behind):
    group = behind.made(GROUPS, group_body())["$id"]
    changed(behind, group, "loyaltyId", "tier")
    place = "/definitions/customFields/properties/_local/properties/points"
    operation = {"op": "add", "path": place, "value": {"type": "string", "title": "Points"}}
    assert behind.patch(path_to(group, "fieldgroups"), json=[operation]).status_code == 200
    visible(behind)
    assert fields_of(behind, group) == {"loyaltyId", "tier", "points"}


def test_what_refers_to_a_changed_part_knows_the_change_only_after_the_delay(behind):
    group = behind.made(GROUPS, group_body())["$id"]
    schema = schema_with(behind, group)
    visible(behind)
    changed(behind, group, "loyaltyId", "tier")
    body = identity(schema) | {"xdm:sourceProperty": "/_local/tier"}
    assert behind.post(DESCRIPTORS, json=body).status_code == 400
    visible(behind)
    assert behind.post(DESCRIPTORS, json=body).status_code == 201


def test_a_changed_descriptor_is_late_too(behind):
    schema = behind.schema()
    descriptor = behind.made(DESCRIPTORS, identity(schema) | {"xdm:isPrimary": False})["@id"]
    assert behind.put(f"{DESCRIPTORS}/{descriptor}", json=identity(schema)).status_code == 200

    def primary():
        return [
            behind.get(f"{DESCRIPTORS}/{descriptor}").json()["xdm:isPrimary"],
            behind.get(DESCRIPTORS, headers=V2).json()["results"][0]["xdm:isPrimary"],
            behind.get(DESCRIPTORS, headers=GROUPED).json()["xdm:descriptorIdentity"][0]["xdm:isPrimary"],
        ]

    assert primary() == [False, False, False]
    assert tag(behind, schema) == 400
    visible(behind)
    assert primary() == [True, True, True]
    assert tag(behind, schema) == 200


def test_a_union_shows_a_schema_that_was_enabled_only_after_the_delay(behind):
    schema = behind.schema(allOf=[{"$ref": f"{XDM}/profile"}, {"$ref": f"{XDM}/identitymap"}])
    assert tag(behind, schema) == 200
    unions = f"{REGISTRY}/tenant/unions"
    assert behind.get(unions, headers=IDS).json()["results"] == []
    visible(behind)
    assert len(behind.get(unions, headers=IDS).json()["results"]) == 1


def test_without_the_delay_a_change_is_shown_at_once(behind):
    group = behind.made(GROUPS, group_body())["$id"]
    changed(behind, group, "tier")
    behind.settings(updateDelay=0)
    assert fields_of(behind, group) == {"tier"}, "without the delay the change is shown"
