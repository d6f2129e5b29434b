"""Catalog: datasets as maps, links as answers, patches, filters, batches."""

from __future__ import annotations

import re

import pytest

from .conftest import CATALOG

SETS = f"{CATALOG}/dataSets"


@pytest.fixture
def schema_id(client):
    return client.schema()


def test_creation_answers_a_link(client, schema_id):
    reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed-full+json; version=1"}
    response = client.post(SETS, json={"name": "Customers", "schemaRef": reference})
    assert response.status_code == 201
    (link,) = response.json()
    assert re.fullmatch(r"@/dataSets/[0-9a-f]{24}", link)
    assert response.headers["location"].endswith(link.removeprefix("@"))


def test_reading_is_a_map_with_server_members(client, schema_id):
    id_ = client.dataset(schema_id, name="My Customers")
    response = client.get(f"{SETS}/{id_}")
    dataset = response.json()[id_]
    assert list(response.json()) == [id_]
    assert dataset["version"] == response.headers["etag"] == "1.0.0"
    assert dataset["tags"] == {"adobe/pqs/table": ["my_customers"]}
    assert dataset["fileDescription"]["format"] == "parquet"
    assert dataset["files"] == f"@/dataSets/{id_}/views/{dataset['viewId']}/files"
    assert client.get(f"{SETS}/{id_}?properties=name,version").json() == {
        id_: {"name": "My Customers", "version": "1.0.0"}
    }


def test_reading_several_gives_those_that_exist(client, schema_id):
    ids = [client.dataset(schema_id) for _ in range(3)]
    assert set(client.get(f"{SETS}/{ids[0]},{ids[2]},none").json()) == {ids[0], ids[2]}
    assert client.get(f"{SETS}/none,other").json() == {}
    assert client.get(f"{SETS}/none").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {
            "schemaRef": {
                "id": "https://ns.adobe.com/local/schemas/none",
                "contentType": "application/vnd.adobe.xed+json;version=1",
            }
        },
        {"schemaRef": {"contentType": "application/vnd.adobe.xed+json;version=1"}},
        {"tags": {"unifiedProfile": "enabled:true"}},
        {"tags": {"unifiedProfile": ["enabled: true"]}},
        {"name": 7},
        {"enableErrorDiagnostics": "yes"},
        {"fileDescription": {"format": "excel"}},
    ],
)
def test_refused_data_sets(client, schema_id, changes):
    reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}
    response = client.post(SETS, json={"name": "x", "schemaRef": reference} | changes)
    assert response.status_code == 400
    assert response.json()["title"] == "BadRequestError"
    assert client.get(SETS).json() == {}


def test_the_three_ways_to_patch(client, schema_id):
    id_ = client.dataset(schema_id)
    merged = client.patch(f"{SETS}/{id_}", json={"description": "text", "tags": {"a": ["1"]}})
    assert (merged.status_code, merged.json()) == (200, [f"@/dataSets/{id_}"])
    patch = [{"op": "add", "path": "/tags/adobe~1pqs~1table", "value": ["other"]}]
    headers = {"Content-Type": "application/json-patch+json"}
    assert client.patch(f"{SETS}/{id_}", json=patch, headers=headers).status_code == 200
    assert client.patch(f"{CATALOG}/v2/dataSets/{id_}", json={"tags": {"b": ["2"]}}).status_code == 200
    dataset = client.get(f"{SETS}/{id_}").json()[id_]
    assert dataset["tags"] == {"a": ["1"], "adobe/pqs/table": ["other"], "b": ["2"]}
    assert (dataset["description"], dataset["version"]) == ("text", "1.0.3")
    assert client.put(f"{SETS}/{id_}", json={"name": "New", "schemaRef": dataset["schemaRef"]}).status_code == 200
    assert "description" not in client.get(f"{SETS}/{id_}").json()[id_]


def test_if_match_is_optional_and_checked(client, schema_id):
    id_ = client.dataset(schema_id)
    path = f"{CATALOG}/v2/dataSets/{id_}"
    assert client.patch(path, json={"name": "a"}, headers={"If-Match": "1.0.0"}).status_code == 200
    assert client.patch(path, json={"name": "b"}, headers={"If-Match": "1.0.0"}).status_code == 412
    assert client.get(f"{SETS}/{id_}").json()[id_]["name"] == "a"


def test_what_cannot_change(client, schema_id):
    id_ = client.dataset(schema_id)
    other = {"id": client.schema(), "contentType": "application/vnd.adobe.xed+json;version=1"}
    assert client.patch(f"{SETS}/{id_}", json={"schemaRef": other}).status_code == 400
    assert client.patch(f"{SETS}/{id_}", json={"files": "@/elsewhere"}).status_code == 400
    assert client.patch(f"{SETS}/none", json={"name": "x"}).status_code == 404


def test_deletion_answers_the_link_then_nothing(client, schema_id):
    id_ = client.dataset(schema_id)
    response = client.delete(f"{SETS}/{id_}")
    assert (response.status_code, response.json()) == (200, [f"@/dataSets/{id_}"])
    assert client.delete(f"{SETS}/{id_}").json() == []
    assert client.get(f"{SETS}/{id_}").status_code == 404


def test_paging(client, schema_id):
    ids = [client.dataset(schema_id, name=f"set {number:02}") for number in range(25)]
    assert len(client.get(SETS).json()) == 20
    assert list(client.get(SETS, params={"limit": 100}).json()) == ids
    assert list(client.get(SETS, params={"limit": 2, "start": 3}).json()) == ids[3:5]
    assert next(iter(client.get(SETS, params={"orderBy": "desc:name"}).json())) == ids[24]
    for params in (
        {"limit": 0},
        {"limit": 101},
        {"start": "x"},
        {"orderBy": "up:name"},
        {"property": "=="},
        {"property": "schemaRef..id==x"},
        {"property": "a" * 201},
        {"property": f"schemaRef.{'a' * 201}==x"},
    ):
        assert client.get(SETS, params=params).status_code == 400


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"name": "alpha"}, {"alpha"}),
        ({"name": "alpha,beta"}, {"alpha", "beta"}),
        ({"name": "!alpha"}, {"beta", "gam*ma"}),
        ({"name": "al*"}, {"alpha"}),
        ({"name": "*a"}, {"alpha", "beta", "gam*ma"}),
        ({"name": "gam**ma"}, {"gam*ma"}),
        ({"name": "*", "version": "1.0.0"}, {"alpha", "beta", "gam*ma"}),
        ({"property": "name==beta"}, {"beta"}),
        ({"property": "name~^al"}, {"alpha"}),
        ({"property": "description"}, {"beta"}),
        ({"property": "schemaRef.contentType~application/vnd.adobe.xed"}, {"alpha", "beta", "gam*ma"}),
        ({"property": "!schemaRef.id"}, set()),
        ({"property": "schemaRef.id==https://ns.adobe.com/other"}, set()),
        ({"property": "!description"}, {"alpha", "gam*ma"}),
        ({"property": "created>0"}, {"alpha", "beta", "gam*ma"}),
        ({"tags": "team:crm"}, {"alpha"}),
        ({"tags": "team:*"}, {"alpha", "beta"}),
        ({"tags": "adobe/pqs/table:beta"}, {"beta"}),
    ],
)
def test_filters(client, schema_id, params, expected):
    client.dataset(schema_id, name="alpha", tags={"team": ["crm"]})
    client.dataset(schema_id, name="beta", description="text", tags={"team": ["web"]})
    client.dataset(schema_id, name="gam*ma")
    assert {item["name"] for item in client.get(SETS, params=params).json().values()} == expected


def test_batches(client, schema_id):
    dataset_id = client.dataset(schema_id)
    (link,) = client.made(f"{CATALOG}/batches", {"datasetId": dataset_id, "status": "loading"})
    batch_id = link.removeprefix("@/batches/")
    batch = client.get(f"{CATALOG}/batches/{batch_id}").json()[batch_id]
    assert (batch["status"], batch["relatedObjects"]) == ("loading", [{"type": "dataSet", "id": dataset_id}])
    assert client.patch(f"{CATALOG}/batches/{batch_id}", json={"status": "success"}).status_code == 200
    for params in ({"dataSet": dataset_id}, {"status": "success,failed"}, {"batch": batch_id}, {"createdAfter": 1}):
        assert list(client.get(f"{CATALOG}/batches", params=params).json()) == [batch_id]
    assert client.get(f"{CATALOG}/batches", params={"dataSet": "other"}).json() == {}
    dataset = client.get(f"{SETS}/{dataset_id}").json()[dataset_id]
    assert (dataset["lastBatchId"], dataset["lastBatchStatus"]) == (batch_id, "success")
    assert dataset["version"] == "1.0.0"
    last = client.get(f"{CATALOG}/lastBatches", params={"dataSetId": dataset_id}).json()
    assert last[dataset_id]["lastSuccessfulBatchId"] == batch_id
    assert client.post(f"{CATALOG}/batches", json={"datasetId": "none"}).status_code == 400
    assert client.post(f"{CATALOG}/batches", json={"status": "odd"}).status_code == 400
