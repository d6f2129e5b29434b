"""Drafts, publishing, enabling and disabling, and states that pass by reads or by the clock."""

from __future__ import annotations

import pytest

from .conftest import DATA_LAKE, FLOW, LANDING_ZONE, S3, code_of

CLOUD_STORAGE = {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}


def act(client, collection, made, operation, **headers):
    return client.post(f"{FLOW}/{collection}/{made['id']}/action?op={operation}", headers=headers)


def state(client, collection, made):
    return client.one(collection, made["id"])["state"]


@pytest.fixture
def drafts(client):
    """A base, source, target and flow, all drafts, over S3."""

    def made(collection, body):
        return client.made(f"{FLOW}/{collection}?mode=draft", body)

    schema_id = client.schema()
    base = made("connections", {"name": "base", "connectionSpec": S3})
    source = made(
        "sourceConnections",
        {"name": "s", "baseConnectionId": base["id"], "connectionSpec": S3, "data": {"format": "json"}},
    )
    target = {
        "name": "t",
        "connectionSpec": DATA_LAKE,
        "data": {"schema": {"id": schema_id}},
        "params": {"dataSetId": client.dataset(schema_id)},
    }
    target = made("targetConnections", target)
    flow = made(
        "flows",
        {
            "name": "f",
            "flowSpec": CLOUD_STORAGE,
            "sourceConnectionIds": [source["id"]],
            "targetConnectionIds": [target["id"]],
        },
    )
    return {"connections": base, "sourceConnections": source, "targetConnections": target, "flows": flow}


def test_drafts_are_published_from_the_base_up(client, drafts):
    for collection, made in drafts.items():
        assert state(client, collection, made) == "draft"
        assert client.one(collection, made["id"])["lastOperation"]["operation"] == "draft_create"
    assert code_of(act(client, "flows", drafts["flows"], "publish")) == "FLOW-1456-400"
    assert code_of(act(client, "sourceConnections", drafts["sourceConnections"], "publish")) == "FLOW-1456-400"
    assert code_of(act(client, "connections", drafts["connections"], "publish")) == "FLOW-1415-400"
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    add = {"op": "add", "path": "/auth", "value": auth}
    assert client.patched("connections", drafts["connections"], add).status_code == 200
    for collection in ("connections", "sourceConnections", "targetConnections"):
        response = act(client, collection, drafts[collection], "publish")
        assert (response.status_code, set(response.json())) == (200, {"id", "etag"})
        assert state(client, collection, drafts[collection]) == "enabled"
    assert code_of(act(client, "flows", drafts["flows"], "publish")) == "CONNECTOR-1317-400"
    schedule = {"startTime": 4102444800, "frequency": "hour", "interval": 1}
    add = {"op": "add", "path": "/scheduleParams", "value": schedule}
    assert client.patched("flows", drafts["flows"], add).status_code == 200
    assert act(client, "flows", drafts["flows"], "PUBLISH").status_code == 200
    assert state(client, "flows", drafts["flows"]) == "enabled"
    assert code_of(act(client, "flows", drafts["flows"], "publish")) == "FLOW-1422-400"


def test_a_spec_without_draft_mode_refuses_drafts(client):
    response = client.post(f"{FLOW}/flows?mode=draft", json=client.flow_body())
    assert code_of(response) == "CONNECTOR-1368-400"
    assert code_of(client.post(f"{FLOW}/flows?mode=trial", json=client.flow_body())) == "FLOW-1451-400"


def test_a_flow_is_not_built_on_a_draft(client, drafts):
    body = {"name": "s", "connectionSpec": S3, "data": {"format": "json"}}
    body["baseConnectionId"] = drafts["connections"]["id"]
    assert code_of(client.post(f"{FLOW}/sourceConnections", json=body)) == "FLOW-1456-400"


def test_enable_and_disable(client):
    flow = client.flow()
    assert code_of(act(client, "flows", flow, "enable")) == "FLOW-1422-400"
    stale = act(client, "flows", flow, "disable", **{"If-Match": '"x"'})
    assert code_of(stale) == "FLOW-1404-412"
    response = act(client, "flows", flow, "disable", **{"If-Match": flow["etag"]})
    assert response.status_code == 200
    assert response.json()["etag"] != flow["etag"]
    assert state(client, "flows", flow) == "disabled"
    assert client.patched("flows", flow, {"op": "replace", "path": "/name", "value": "x"}).status_code == 200
    assert act(client, "flows", flow, "ENABLE").status_code == 200
    assert state(client, "flows", flow) == "enabled"


@pytest.mark.parametrize(
    ("collection", "operation", "code"),
    [
        ("connections", "enable", "FLOW-1435-400"),
        ("connections", "dance", "FLOW-1435-400"),
        ("connections", "", "FLOW-1436-400"),
        ("connections", "FINALIZE_UPDATE", "FLOW-1402-400"),
        ("connections", "publish", "FLOW-1422-400"),
    ],
)
def test_refused_actions(client, collection, operation, code):
    assert code_of(act(client, collection, client.base(), operation)) == code


def test_initializing_by_reads(client):
    client.settings(transitions="reads", transitionCount=2)
    base = client.base()
    first = client.one("connections", base["id"])
    assert first["state"] == "initializing"
    assert not {"etag", "version"} & set(first)
    patch = [{"op": "replace", "path": "/name", "value": "x"}]
    response = client.patch(f"{FLOW}/connections/{base['id']}", json=patch, headers={"If-Match": base["etag"]})
    assert code_of(response) == "FLOW-1417-400"
    assert client.one("connections", base["id"])["state"] == "initializing"
    final = client.one("connections", base["id"])
    assert final["state"] == "enabled"
    assert final["etag"] != base["etag"]


def test_updating_and_deleting_by_the_clock(client):
    flow = client.flow()
    client.settings(transitions="seconds", transitionCount=30)
    assert client.patched("flows", flow, {"op": "replace", "path": "/name", "value": "x"}).status_code == 200
    assert state(client, "flows", flow) == "updating"
    again = client.patched("flows", flow, {"op": "replace", "path": "/name", "value": "y"})
    assert code_of(again) == "FLOW-1416-400"
    client.post("/_emulator/clock", json={"advanceSeconds": 31})
    assert state(client, "flows", flow) == "enabled"
    assert client.one("flows", flow["id"])["name"] == "x"
    assert client.delete(f"{FLOW}/flows/{flow['id']}").status_code == 204
    assert state(client, "flows", flow) == "delete-finalizing"
    assert code_of(client.delete(f"{FLOW}/flows/{flow['id']}")) == "FLOW-1458-400"
    client.post("/_emulator/clock", json={"advanceSeconds": 31})
    assert client.get(f"{FLOW}/flows").json()["items"] == []
    assert code_of(client.get(f"{FLOW}/flows/{flow['id']}")) == "FLOW-1439-404"


def test_disabling_passes_through_a_state(client):
    flow = client.flow()
    client.settings(transitions="reads", transitionCount=1)
    assert act(client, "flows", flow, "disable").status_code == 200
    assert state(client, "flows", flow) == "disabled-finalizing"
    assert state(client, "flows", flow) == "disabled"


def test_a_delete_may_answer_202(client):
    client.settings(deletes="202")
    source = client.source(None, connectionSpec=LANDING_ZONE, data={"format": "json"})
    assert client.delete(f"{FLOW}/sourceConnections/{source['id']}").status_code == 202
