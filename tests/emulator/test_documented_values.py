"""What Adobe's pages say of values, which the types of their sample replies do not show."""

from __future__ import annotations

import json

import pytest

from .conftest import CATALOG, REGISTRY
from .world import World

AUDIT = "/data/foundation/audit/events"
EXPORT = "/data/foundation/export"
IMPORT = "/data/foundation/import/batches"
SANDBOXES = "/data/foundation/sandbox-management"
IDS = {"Accept": "application/vnd.adobe.xed-id+json"}
RAW = {"Accept": "application/vnd.adobe.xed+json; version=1"}


@pytest.fixture
def world(client) -> World:
    return World(client)


def test_versions_are_compared_part_by_part(client, world):
    path = f"{CATALOG}/dataSets/{world.tagged_dataset_id}"
    for number in range(5):
        assert client.patch(path, json={"description": f"More {number}"}).status_code == 200
    assert client.get(path).json()[world.tagged_dataset_id]["version"] == "1.0.10"

    def found(condition):
        return list(client.get(f"{CATALOG}/dataSets?property=version{condition}").json())

    for condition in (">1.0.9", ">1.0", ">1", ">=1.0.10", "<=1.0.10", "<1.1", "<2"):
        assert found(condition) == [world.tagged_dataset_id], condition
    for condition in (">1.0.10", "<1.0.10", ">1.1", ">2", "<1.0.9", "<1", ">one"):
        assert found(condition) == [], condition


def test_versions_of_schemas_are_compared_as_numbers(client, world):
    assert world.schema_id

    def found(condition):
        page = client.get(f"{REGISTRY}/tenant/schemas?property=version{condition}", headers=IDS)
        return [each["$id"] for each in page.json()["results"]]

    assert [found(each) for each in ("<5", "<=1", ">=1", ">0.9", "<1.1")] == [[world.schema_id]] * 5
    assert [found(each) for each in (">5", "<1", ">1", ">1.0")] == [[]] * 4


def test_the_link_to_standard_resources_has_the_query(client):
    for kind in ("schemas", "fieldgroups", "datatypes", "classes"):
        links = client.get(f"{REGISTRY}/tenant/{kind}?orderby=title&limit=2", headers=IDS).json()["_links"]
        assert links["global_schemas"]["href"].endswith(f"/global/{kind}?orderby=title&limit=2")
        count = client.get(links["global_schemas"]["href"], headers=IDS).json()["_page"]["count"]
        assert count == (0 if kind == "schemas" else 2)
        assert client.get(f"{REGISTRY}/global/{kind}", headers=IDS).json()["_links"].keys() == {
            "next",
            f"tenant_{kind}",
        }


def test_a_look_up_alone_tells_access_and_the_library(client, world):
    path = f"{REGISTRY}/tenant/schemas/{world.schema_alt_id}"
    assert client.get(path, headers=RAW).json()["meta:allFieldAccess"] is True
    assert "meta:allFieldAccess" not in client.put(path, json={**world._schema, "title": "Other"}).json()
    group = client.get(f"{REGISTRY}/tenant/fieldgroups/{world.property_group_alt_id}", headers=RAW).json()
    assert "meta:allFieldAccess" not in group
    standard = client.get(f"{REGISTRY}/global/classes/_xdm.context.profile", headers=RAW).json()
    metadata = standard["meta:registryMetadata"]
    assert metadata["repo:createdDate"] == metadata["repo:lastModifiedDate"] == 1577836800000
    other = client.get(f"{REGISTRY}/global/classes/_xdm.context.experienceevent", headers=RAW).json()
    assert other["meta:registryMetadata"]["eTag"] != metadata["eTag"]
    assert standard["$schema"] == "http://json-schema.org/draft-06/schema#"
    assert "meta:allFieldAccess" not in standard


def test_only_a_patch_of_a_schema_tells_of_descriptors(client, world):
    change = [{"op": "replace", "path": "/description", "value": "Other"}]
    schema = client.patch(f"{REGISTRY}/tenant/schemas/{world.schema_alt_id}", json=change).json()
    assert schema["meta:descriptorStatus"] == {"result": []}
    kept = client.get(f"{REGISTRY}/tenant/schemas/{world.schema_alt_id}", headers=RAW).json()
    assert "meta:descriptorStatus" not in kept
    group = client.patch(f"{REGISTRY}/tenant/fieldgroups/{world.property_group_alt_id}", json=change).json()
    assert "meta:descriptorStatus" not in group


def test_an_export_names_no_tenant_and_comes_back_as_a_copy(client, world):
    exported = client.get(f"{REGISTRY}/rpc/export/{world.property_group_alt_id}", headers=RAW)
    assert "local" not in exported.text.lower()
    assert [each["meta:resourceType"] for each in exported.json()] == ["datatypes", "mixins"]
    assert exported.json()[1]["$id"].startswith("https://ns.adobe.com/<XDM_TENANTID_PLACEHOLDER>/mixins/")
    renamed = exported.text.replace('"Property Details"', '"Copy"').replace('"Property Construction"', '"Copied type"')
    copies = client.post(f"{REGISTRY}/rpc/import", json=json.loads(renamed)).json()
    assert [each["title"] for each in copies] == ["Copied type", "Copy"]
    assert copies[1]["refs"] == [copies[0]["$id"]]
    assert copies[1]["$id"].startswith("https://ns.adobe.com/local/mixins/")


def test_a_field_group_for_no_class_is_imported_and_not_made(client):
    own = {"customFields": {"properties": {"_local": {"type": "object", "properties": {}}}}}
    body = {"type": "object", "title": "Loose", "definitions": own, "allOf": [{"$ref": "#/definitions/customFields"}]}
    body |= {"meta:intendedToExtend": [], "meta:resourceType": "mixins", "$id": "https://ns.adobe.com/x/mixins/1"}
    assert client.post(f"{REGISTRY}/tenant/fieldgroups", json=body).status_code == 400
    (made,) = client.post(f"{REGISTRY}/rpc/import", json=[body]).json()
    assert (made["title"], made["meta:intendedToExtend"]) == ("Loose", [])
    foreign = body | {"title": "Foreign", "definitions": {"customFields": {"properties": {"points": {}}}}}
    assert client.post(f"{REGISTRY}/rpc/import", json=[foreign]).status_code == 400
    no_class = body | {"title": "Schema", "meta:resourceType": "schemas", "allOf": [], "definitions": {}}
    assert client.post(f"{REGISTRY}/rpc/import", json=[no_class]).status_code == 400


def test_sample_data_has_the_names_of_xdm_and_those_of_the_tenant(client, world):
    sample = client.get(f"{REGISTRY}/rpc/sampledata/{world.members_alt_id}").json()
    assert {"@id", "xdm:person", "_local"} <= sample.keys()
    assert "person" not in sample
    assert sample["_local"] == {"favoriteHotel": "Sample value"}


def test_the_change_log_begins_with_the_last_change(client, world):
    changes = client.get(f"{REGISTRY}/rpc/auditlog/{world.changed_group_alt_id}").json()
    assert [each["updates"][0]["action"] for each in changes] in (["replace", "add"], ["add"])
    assert {each["sandBoxId"] for each in changes} == {world._hotel_group["meta:sandboxId"]}
    assert len({each["requestId"] for each in changes}) == len(changes)
    assert changes[-1]["updates"][0]["value"]["title"] == "Favorite Hotel"
    only = client.get(f"{REGISTRY}/rpc/auditlog/{world.schema_alt_id}").json()
    assert [each["updates"][0]["action"] for each in only] == ["add"]


def test_a_definition_with_fields_is_an_object(client, world):
    raw = client.get(f"{REGISTRY}/tenant/fieldgroups/{world.property_group_alt_id}", headers=RAW).json()
    assert raw["definitions"]["property"]["type"] == "object"


def test_a_batch_keeps_the_list_of_its_files(client, world):
    batch = world.ended_batch_id
    (file,) = client.get(f"{EXPORT}/batches/{batch}/meta?path=input_files").json()["data"]
    assert file["name"] == world.file_name
    described = client.get(file["_links"]["self"]["href"])
    assert (described.json(), str(len(described.content))) == ({"path": world.file_name}, file["length"])
    assert client.get(f"{EXPORT}/batches/{batch}/meta?path=input_files/none.json").status_code == 404
    assert client.get(f"{EXPORT}/batches/{batch}/meta?path=input_files&start=1").json()["data"] == []


def test_a_batch_tells_its_numbers_and_its_tags(client, world):
    batch = client.get(f"{CATALOG}/batches/{world.partial_batch_id}").json()[world.partial_batch_id]
    metrics = batch["metrics"]
    assert (metrics["recordsRead"], metrics["recordsWritten"], metrics["failedRecordCount"]) == (100, 99, 1)
    assert (metrics["startTime"], metrics["endTime"]) == (batch["started"], batch["completed"])
    assert [each["recordCount"] for each in batch["errors"]] == [1]
    assert "failureReason" not in metrics
    tags = batch["tags"]
    assert (tags["acp_enableErrorDiagnostics"], tags["acp_partialIngestionPercent"]) == (["true"], ["5"])
    assert (tags["acp_producer"], tags["use_plan_b_batch_status"]) == (["local-client"], ["false"])
    assert tags["acp_stagePath"] == [f"local-client/stage/{world.partial_batch_id}"]
    failed = client.get(f"{CATALOG}/batches/{world.failed_batch_id}").json()[world.failed_batch_id]
    assert failed["metrics"]["failureReason"] == failed["errors"][-1]["description"]
    assert "acp_enableErrorDiagnostics" not in failed["tags"]


def test_a_dataset_that_is_replaced_keeps_its_schema(client, world):
    path = f"{CATALOG}/dataSets/{world.dataset_id}"
    before = client.get(path).json()[world.dataset_id]["schemaRef"]
    assert client.put(path, json={"name": "Other"}).status_code == 200
    after = client.get(path).json()[world.dataset_id]
    assert (after["name"], after["schemaRef"]) == ("Other", before)
    reference = {**before, "id": world.schema_id}
    assert client.put(path, json={"name": "Third", "schemaRef": reference}).status_code == 400


def test_a_query_id_stands_for_the_filters_of_a_query(client, world):
    names = {"assetType": "Dataset", "action": "Create"}
    filters = [f"{name}=={value}" for name, value in names.items()]
    assert world.dataset_id
    assert world.table_dataset_id
    first = client.get(AUDIT, params={"property": filters, "limit": 1}).json()
    again = client.get(first["_links"]["page"]["href"].replace("{&start}", "&start=1")).json()
    assert (first["page"]["totalElements"], again["page"]["totalElements"]) == (2, 2)
    assert first["queryId"] == again["queryId"]
    (newest,), (oldest,) = first["_embedded"]["events"], again["_embedded"]["events"]
    assert (newest["assetId"], oldest["assetId"]) == (world.table_dataset_id, world.dataset_id)
    (enhanced,) = newest["enhancedEvents"]
    shared = ("requestId", "timestamp", "assetId", "assetName", "action")
    assert [enhanced[name] for name in shared] == [newest[name] for name in shared]
    everything = client.get(AUDIT).json()
    assert client.get(AUDIT, params={"queryId": everything["queryId"]}).json()["page"] == everything["page"]
    for wrong in ("?", "eA==", "_w=="):
        assert client.get(AUDIT, params={"queryId": wrong}).status_code == 400


@pytest.mark.parametrize("secrets", ["mask", "echo", "drop", "hash"])
def test_an_account_that_data_is_sent_to_tells_the_address(client, world, secrets):
    client.settings(secrets=secrets)
    params = client.one("connections", world.http_base_id)["auth"]["params"]
    assert params["inletUrl"] == f"https://dcs.adobedc.net/collection/{params['inletId']}"
    assert "inletUrl" not in client.one("connections", world.hubspot_base_id)["auth"]["params"]


def test_the_descriptions_count_unless_the_guides_do(client, world):
    def replies():
        descriptor = f"{REGISTRY}/tenant/descriptors"
        body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": world.members_id, "xdm:sourceVersion": 1}
        body |= {"xdm:sourceProperty": "/mobilePhone/number", "xdm:title": {"en_us": "Phone"}}
        made = client.made(descriptor, body)
        links = client.get(f"{SANDBOXES}/sandboxes?limit=1&offset=1").json()["_links"]
        reset = {"action": "reset"}
        dry = client.put(f"{SANDBOXES}/sandboxes/{world.production_sandbox}?validationOnly=true", json=reset)
        done = client.put(f"{SANDBOXES}/sandboxes/{world.production_sandbox}", json=reset)
        account = client.one("connections", world.hubspot_base_id)
        change = [{"op": "add", "path": "/description", "value": "Text"}]
        path = f"/data/foundation/flowservice/connections/{world.hubspot_base_id}"
        bare = {"If-Match": account["etag"].strip('"')}
        (log,) = client.get(f"{REGISTRY}/rpc/auditlog/{world.members_alt_id}").json()
        return [
            client.put(f"{descriptor}/{made['@id']}", json=body).status_code,
            client.get(f"{SANDBOXES}/sandboxTypes").json()["sandboxTypes"][0],
            [links["page"]["templated"], links["prev"]["templated"]],
            ["id" in dry.json(), "id" in done.json()],
            client.patch(path, json=change, headers=bare).status_code,
            client.patch(path, json=change, headers={"If-Match": "stale"}).status_code,
            ["updates" in log, "auditTrails" in log, "requestId" in log],
        ]

    type_ = {"name": "production", "title": "Production"}
    described = [200, type_, [True, False], [False, False], 412, 412, [True, False, True]]
    assert replies() == described
    client.settings(documents="guides")
    assert replies() == [201, "production", [None, None], [True, True], 200, 412, [False, True, False]]
    page = client.get(f"{SANDBOXES}/sandboxes?limit=1&offset=1").json()["_links"]["page"]["href"]
    assert page.endswith("?offset=1&limit=1")


def test_only_replies_to_writes_have_the_older_metadata(client, world):
    change = [{"op": "replace", "path": "/description", "value": "Other"}]
    path = f"{REGISTRY}/tenant/schemas/{world.schema_alt_id}"
    current = client.patch(path, json=change).json()["meta:registryMetadata"]
    assert {"repo:createdDate", "xdm:createdUserId"} <= current.keys()
    client.settings(registryMetadata="older")
    older = client.patch(path, json=change).json()["meta:registryMetadata"]
    assert older["repo:createDate"] == current["repo:createdDate"]
    assert older["xdm:repositoryCreatedBy"] == current["xdm:createdUserId"]
    assert older["palm:sandboxName"] == "dev"
    assert not {"repo:createdDate", "xdm:createdUserId"} & older.keys()
    assert "repo:createdDate" in client.get(path, headers=RAW).json()["meta:registryMetadata"]
    assert "repo:createDate" in client.put(path, json=world._schema).json()["meta:registryMetadata"]


def test_a_batch_may_lack_its_format_only_if_the_guide_counts(client, world):
    json_dataset = client.dataset(world.members_id, fileDescription={"format": "json", "containerFormat": "json"})
    assert client.post(IMPORT, json={"datasetId": json_dataset}).status_code == 400
    client.settings(uploads="guide")
    assert client.made(IMPORT, {"datasetId": json_dataset})["inputFormat"] == {"format": "json"}
    assert client.made(IMPORT, {"datasetId": world.dataset_id})["inputFormat"] == {"format": "parquet"}
    given = {"datasetId": json_dataset, "inputFormat": {"format": "csv"}}
    assert client.made(IMPORT, given)["inputFormat"] == {"format": "csv"}
    assert client.post(IMPORT, json={"datasetId": json_dataset, "inputFormat": None}).status_code == 400
    assert client.post(IMPORT, json={"datasetId": "none"}).status_code in (400, 404)


def test_a_replaced_descriptor_is_answered_whole(client, world):
    body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": world.members_id, "xdm:sourceVersion": 1}
    body |= {"xdm:sourceProperty": "/mobilePhone/number", "xdm:title": {"en_us": "Phone"}}
    path = f"{REGISTRY}/tenant/descriptors"
    made = client.made(path, body)
    replaced = client.put(f"{path}/{made['@id']}", json=body | {"xdm:title": {"en_us": "Other"}}).json()
    assert (replaced["@id"], replaced["xdm:title"]) == (made["@id"], {"en_us": "Other"})
    before, after = made["meta:registryMetadata"], replaced["meta:registryMetadata"]
    assert after["repo:createdDate"] == before["repo:createdDate"]
    assert after["eTag"] != before["eTag"]
    assert replaced == client.get(f"{path}/{made['@id']}").json()


def test_the_last_batches_tell_of_their_datasets(client, world):
    (last,) = client.get(f"{CATALOG}/lastBatches?dataSetId={world.filled_dataset_id}").json().values()
    dataset = client.get(f"{CATALOG}/dataSets/{world.dataset_id}").json()[world.dataset_id]
    for name in ("imsOrg", "sandboxId", "created", "updated"):
        assert last[name] == dataset[name]
