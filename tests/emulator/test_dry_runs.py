"""Dry runs check a request and store nothing, audit events included."""

from __future__ import annotations

import pytest

from .conftest import CATALOG, HEADERS, REGISTRY

SANDBOXES = "/data/foundation/sandbox-management/sandboxes"
DRY = {"Pragma": "no-cache, Validate-Only"}


def events(client):
    return client.get("/data/foundation/audit/events").json()["_embedded"]["events"]


def dataset_body(schema_id):
    return {"name": "Dry", "schemaRef": {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}}


def test_a_dataset_that_is_only_validated_is_not_stored(client):
    body = dataset_body(client.schema())
    before = events(client)
    reply = client.post(f"{CATALOG}/dataSets", json=body, headers=DRY)
    assert (reply.status_code, reply.json()) == (201, [])
    assert "location" not in reply.headers
    assert client.get(f"{CATALOG}/dataSets").json() == {}
    assert events(client) == before
    assert client.post(f"{CATALOG}/dataSets", json=body | {"tags": 1}, headers=DRY).status_code == 400


def test_a_replacement_that_is_only_validated_changes_nothing(client):
    schema_id = client.schema()
    path = f"{CATALOG}/dataSets/{client.dataset(schema_id)}"
    before = client.get(path).json()
    reply = client.put(path, json=dataset_body(schema_id), headers=DRY)
    assert (reply.status_code, reply.json()) == (200, [])
    assert client.put(path, json={"name": 1}, headers=DRY).status_code == 400
    assert client.get(path).json() == before


def test_batches_that_are_only_validated_leave_their_dataset_alone(client):
    dataset_id = client.dataset(client.schema())
    path = f"{CATALOG}/dataSets/{dataset_id}"
    before = client.get(path).json()
    body = {"datasetId": dataset_id, "status": "loading", "inputFormat": {"format": "json"}}
    for target in ("batches", "batches/chosen"):
        reply = client.post(f"{CATALOG}/{target}", json=body, headers=DRY)
        assert (reply.status_code, reply.json()) == (201, [])
    assert client.get(f"{CATALOG}/batches").json() == {}
    assert client.get(path).json() == before
    assert client.post(f"{CATALOG}/batches/chosen", json=body).status_code == 201
    stored = client.get(f"{CATALOG}/batches/chosen").json()
    assert client.put(f"{CATALOG}/batches/chosen", json={"status": "success"}, headers=DRY).json() == []
    assert client.get(f"{CATALOG}/batches/chosen").json() == stored


@pytest.mark.parametrize(("method", "body"), [("PUT", {"action": "reset"}), ("DELETE", None)])
def test_a_sandbox_survives_the_check_of_its_reset_and_deletion(client, method, body):
    schema_id = client.schema()
    before = client.get(f"{SANDBOXES}/dev").json()
    reply = client.request(method, f"{SANDBOXES}/dev?validationOnly=true", json=body)
    assert (reply.status_code, reply.json()) == (202, before)
    assert client.get(f"{SANDBOXES}/dev").json() == before
    listed = client.get(f"{REGISTRY}/tenant/schemas", headers={"Accept": "application/vnd.adobe.xed-id+json"})
    assert [item["$id"] for item in listed.json()["results"]] == [schema_id]
    assert client.request(method, f"{SANDBOXES}/none?validationOnly=true", json=body).status_code == 404
    assert client.delete(f"{SANDBOXES}/prod?validationOnly=true").status_code == 400


@pytest.mark.parametrize(("method", "body"), [("PUT", {"action": "reset"}), ("DELETE", None)])
@pytest.mark.parametrize("query", ["1", "yes", "", "on", "true&validationOnly=false", "false&validationOnly=true"])
def test_what_may_be_meant_as_a_dry_run_does_nothing(client, method, body, query):
    client.schema()
    before = client.get(f"{SANDBOXES}/dev").json()
    assert client.request(method, f"{SANDBOXES}/dev?validationOnly={query}", json=body).status_code == 400
    assert client.get(f"{SANDBOXES}/dev").json() == before


def test_without_the_parameter_they_happen(client):
    client.schema()
    assert client.put(f"{SANDBOXES}/dev?validationOnly=false", json={"action": "reset"}).json()["state"] == "resetting"
    listed = client.get(f"{REGISTRY}/tenant/schemas", headers={"Accept": "application/vnd.adobe.xed-id+json"})
    assert listed.json()["results"] == []
    assert client.get(f"{SANDBOXES}/dev").json()["state"] == "active"
    assert HEADERS["x-sandbox-name"] == "dev"
