"""What the documents show and other people's programs send, where an earlier emulator answered otherwise."""

from __future__ import annotations

import pytest

from .conftest import CATALOG, CRM_TO_AEP, FLOW, FULL, PREP, REGISTRY, XDM, code_of, raw_id

SANDBOXES = "/data/foundation/sandbox-management/sandboxes"


def field_group(client, **fields):
    part = {"properties": {"_local": {"type": "object", "properties": fields}}}
    body = {"title": "Own fields", "description": "", "type": "object", "definitions": {"own": part}}
    body |= {"meta:intendedToExtend": [f"{XDM}/profile"], "allOf": [{"$ref": "#/definitions/own"}]}
    return client.made(f"{REGISTRY}/tenant/fieldgroups", body)["$id"]


@pytest.mark.parametrize(
    "path",
    [
        "classes/_xdm.context.profile",
        f"classes/{raw_id(XDM + '/profile')}",
        "fieldgroups/_xdm.context.profile-person-details",
        "mixins/_xdm.context.profile-person-details",
        "datatypes/_xdm.context.person",
    ],
)
def test_standard_resources_are_read_through_the_tenant_too(client, path):
    """As Adobe's Python client reads the class and the field groups of a schema."""
    accept = {"Accept": FULL}
    found = client.get(f"{REGISTRY}/tenant/{path}", headers=accept)
    assert found.json() == client.get(f"{REGISTRY}/global/{path}", headers=accept).json()
    assert client.delete(f"{REGISTRY}/tenant/{path}").status_code == 404
    assert client.patch(f"{REGISTRY}/tenant/{path}", json=[]).status_code == 404
    client.settings(tenantReads="own")
    assert client.get(f"{REGISTRY}/tenant/{path}", headers=accept).status_code == 404


def test_a_title_of_the_library_can_be_used_if_so_set(client):
    """Adobe's tutorial creates a data type "Loyalty Details"; the library has one of that title."""
    body = {"title": "Loyalty Details", "description": "", "type": "object", "properties": {"tier": {"type": "string"}}}
    assert code_of(client.post(f"{REGISTRY}/tenant/datatypes", json=body)) == "XDM-1521-400"
    client.settings(titles="tenant")
    client.made(f"{REGISTRY}/tenant/datatypes", body)
    assert code_of(client.post(f"{REGISTRY}/tenant/datatypes", json=body)) == "XDM-1521-400"


def test_a_change_to_a_reference_that_names_nothing_is_refused(client):
    group = field_group(client, tier={"type": "string"})
    path = f"{REGISTRY}/tenant/fieldgroups/{raw_id(group)}"
    schema_id = client.schema(allOf=[{"$ref": f"{XDM}/profile"}, {"$ref": group}])
    where = "/definitions/own/properties/_local/properties/lost"
    lost = {"$ref": "https://ns.adobe.com/local/datatypes/none"}
    assert client.patch(path, json=[{"op": "add", "path": where, "value": lost}]).status_code == 400
    assert client.get(f"{REGISTRY}/tenant/schemas/{raw_id(schema_id)}", headers={"Accept": FULL}).status_code == 200


def test_drafts_of_any_spec_if_so_set(client):
    body = client.flow_body()
    assert code_of(client.post(f"{FLOW}/flows?mode=draft", json=body)) == "CONNECTOR-1368-400"
    client.settings(drafts="all")
    made = client.made(f"{FLOW}/flows?mode=draft", body | {"flowSpec": CRM_TO_AEP})
    assert client.one("flows", made["id"])["state"] == "draft"


@pytest.mark.parametrize(("reply", "members"), [("flat", {"id", "etag"}), ("items", {"items"})])
def test_a_new_run_is_answered_in_both_documented_forms(client, reply, members):
    client.settings(runReply=reply)
    flow = client.flow(scheduleParams={"startTime": "4102444800", "frequency": "once"})
    column = {"name": "updated", "dateFormat": "YYYY-MM-DD", "timezone": "UTC"}
    params = {"startTime": "1", "windowStartTime": "1", "windowEndTime": "2", "deltaColumn": column}
    assert client.made(f"{FLOW}/runs", {"flowId": flow["id"], "params": params}).keys() == members


def test_lists_of_sandboxes_have_pages(client):
    def names(query):
        return [item["name"] for item in client.get(f"{SANDBOXES}?{query}").json()["sandboxes"]]

    assert names("") == ["prod", "dev"]
    assert names("limit=1&offset=0") == ["prod"]
    assert names("&limit=4&offset=1") == ["dev"]
    assert names("limit=4&offset=2") == []
    for query in ("limit=4", "offset=1", "limit=x&offset=0", "limit=-1&offset=0"):
        assert client.get(f"{SANDBOXES}?{query}").status_code == 400


def test_the_reply_to_a_new_sandbox_says_that_it_is_being_created(client):
    body = {"name": "test", "title": "Test", "type": "development"}
    assert client.made(SANDBOXES, body, 202)["state"] == "creating"
    assert client.get(f"{SANDBOXES}/test").json()["state"] == "active"


def test_the_links_of_a_dataset_lead_somewhere(client):
    dataset_id = client.dataset(client.schema())
    dataset = client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]
    assert dataset["state"] == "DRAFT"
    assert dataset["dule"].keys() == {"identity", "contract", "sensitivity", "other"}
    assert client.get(CATALOG + dataset["files"].removeprefix("@")).json() == {}
    views = client.get(f"{CATALOG}/dataSets/{dataset_id}/views").json()
    assert views[dataset["viewId"]]["dataSetId"] == dataset_id
    assert client.get(f"{CATALOG}/dataSets/{dataset_id}/views/{dataset['viewId']}").json() == views
    assert client.get(f"{CATALOG}/dataSets/{dataset_id}/views/none").status_code == 404
    assert client.get(f"{CATALOG}/dataSets/none/views").status_code == 404


def test_a_union_is_a_schema_of_datasets_while_it_exists(client):
    union = f"{XDM}/profile__union"
    reference = {"id": union, "contentType": "application/vnd.adobe.xed+json;version=1"}
    body = {"name": "All profiles", "schemaRef": reference}
    assert client.post(f"{CATALOG}/dataSets", json=body).status_code == 400
    schema_id = client.schema(allOf=[{"$ref": f"{XDM}/profile"}, {"$ref": f"{XDM}/identitymap"}])
    tag = [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]
    assert client.patch(f"{REGISTRY}/tenant/schemas/{raw_id(schema_id)}", json=tag).status_code == 200
    client.made(f"{CATALOG}/dataSets", body)
    client.settings(mappingChecks="strict")
    made = client.mapping_set(union, mappings=[{"source": "Id", "destination": "personID"}])
    assert client.get(f"{PREP}/mappingSets/{made}").json()["xdmSchema"] == union
    wrong = {"xdmSchema": union, "mappings": [{"source": "Id", "destination": "personId"}]}
    assert "personId" in client.post(f"{PREP}/mappingSets", json=wrong).text
    none = {"xdmSchema": f"{XDM}/experienceevent__union", "mappings": []}
    assert client.post(f"{PREP}/mappingSets", json=none).status_code == 400


def test_bodies_of_older_tutorials_and_of_adobes_client_are_accepted(client):
    """The name of a column alone, a format in capitals, a target without a schema, and members without a value."""
    schema_id = client.schema()
    reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}
    body = {"name": "d", "description": None, "schemaRef": reference}
    made = client.post(f"{CATALOG}/dataSets", json=body)
    assert made.status_code == 201, made.text
    dataset_id = made.json()[0].rpartition("/")[2]
    assert client.post(f"{CATALOG}/dataSets", json=body | {"name": None}).status_code == 400
    target = client.target(schema_id, dataset_id, data={"format": "parquet_xdm"})
    steps = [{"name": "Copy", "params": {"deltaColumn": "updated"}}]
    steps += [{"name": "Mapping", "params": {"mappingId": client.mapping_set(schema_id), "mappingVersion": 0}}]
    schedule = {"startTime": "4102444800", "frequency": "day", "interval": 1, "foldernameTemplate": "%DESTINATION%"}
    flow = client.flow(targetConnectionIds=[target["id"]], transformations=steps, scheduleParams=schedule)
    assert client.one("flows", flow["id"])["transformations"] == steps
    source = client.source(client.base()["id"], data={"format": "JSON"})
    assert client.one("sourceConnections", source["id"])["data"]["format"] == "JSON"
    refused = client.post(f"{FLOW}/flows", json=client.flow_body(targetConnectionIds=[target["id"]]))
    assert code_of(refused) == "FLOW-1425-400"
    for column in ("", 7, None):
        steps = [{"name": "Copy", "params": {"deltaColumn": column}}]
        refused = client.post(f"{FLOW}/flows", json=client.flow_body(transformations=steps))
        assert code_of(refused) == "CONNECTOR-1367-400"
