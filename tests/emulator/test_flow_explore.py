"""Test, explore and configs of a connection; search with a body; specs that nobody may change."""

from __future__ import annotations

import pytest

from .conftest import FLOW, LANDING_ZONE, S3, code_of


@pytest.fixture
def storage(client):
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    return client.base(connectionSpec=S3, auth=auth)["id"]


def test_the_test_of_a_connection(client, storage):
    path = f"{FLOW}/connections/{storage}/test"
    assert client.get(path).json() == {"result": True}
    client.settings(credentials="invalid")
    assert client.get(path).json() == {"result": False}
    assert code_of(client.get(f"{FLOW}/connections/none/test")) == "FLOW-1439-404"


def test_exploring_the_root(client, storage):
    entries = client.get(f"{FLOW}/connections/{storage}/explore?objectType=ROOT").json()
    assert entries[0] == {"type": "folder", "name": "in", "path": "/in/", "canPreview": False, "canFetchSchema": False}
    tables = client.get(f"{FLOW}/connections/{client.base()['id']}/explore").json()
    assert {entry["type"] for entry in tables} == {"table"}
    assert client.get(f"{FLOW}/connectionSpecs/{LANDING_ZONE['id']}/explore?objectType=root").status_code == 200


def test_exploring_an_object(client, storage):
    path = f"{FLOW}/connections/{storage}/explore"
    body = client.get(path, params={"objectType": "file", "object": "/a.csv", "fileType": "delimited"}).json()
    assert body["schema"]["columns"][0] == {"name": "id", "type": "string", "xdm": {"type": "string"}}
    assert "data" not in body
    params = {"objectType": "file", "object": "/a.csv", "preview": "true", "determineProperties": "true"}
    body = client.get(path, params=params).json()
    assert body["data"]
    assert body["properties"]["fileType"] == "delimited"
    assert client.get(path, params={"objectType": "rest"}).json()["format"] == "hierarchical"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"objectType": "galaxy"}, "1358"),
        ({"objectType": "file"}, "1337"),
        ({"objectType": "file", "object": "a", "determineProperties": "true", "fileType": "json"}, "1374"),
    ],
)
def test_refused_explorations(client, storage, params, code):
    response = client.get(f"{FLOW}/connections/{storage}/explore", params=params)
    assert code_of(response) == f"CONNECTOR-{code}-400"


def test_configs(client, storage):
    assert client.get(f"{FLOW}/connections/{storage}/configs").json() == {"items": []}
    path = f"{FLOW}/connectionSpecs/{S3['id']}/configs"
    assert client.get(path).json() == {"items": [], "pageInfo": {"hasNext": False}}
    assert code_of(client.get(f"{path}?limit=101")) == "FLOW-1452-400"


def test_search(client):
    ids = [client.base(name=f"base {number}")["id"] for number in range(3)]
    path = f"{FLOW}/connections/search"
    found = client.post(path, json={"queryString": 'property=name=="base 1"'}).json()["items"]
    assert [item["id"] for item in found] == [ids[1]]
    first = client.post(path, json={"limit": 2, "orderby": "-name"}).json()
    token = first["_links"]["next"]["href"].split("=")[1]
    rest = client.post(path, params={"continuationToken": token}, json={"limit": 2, "orderby": "-name"}).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert client.post(path, json={"count": True}).json() == {"count": 3}
    flow = client.flow()
    body = {"queryString": "state==enabled", "projectionFields": "id,name"}
    assert client.post(f"{FLOW}/flows/search", json=body).json()["items"] == [{"id": flow["id"], "name": "flow"}]
    specs = client.post(f"{FLOW}/flowSpecs/search", json={"queryString": "name==CRMToAEP"}).json()["items"]
    assert [spec["name"] for spec in specs] == ["CRMToAEP"]


@pytest.mark.parametrize(
    ("body", "code"),
    [({"limit": 1001}, "1452"), ({"limit": 1, "count": True}, "1401"), ({"queryString": 7}, "1452"), ({}, "1405")],
)
def test_refused_searches(client, body, code):
    assert code_of(client.post(f"{FLOW}/flows/search", json=body)) == f"FLOW-{code}-400"


def test_specs_belong_to_partners(client):
    assert code_of(client.post(f"{FLOW}/flowSpecs", json={"name": "x"})) == "FLOW-2120-403"
    assert code_of(client.put(f"{FLOW}/connectionSpecs/{S3['id']}", json={"name": "x"})) == "FLOW-2120-403"
