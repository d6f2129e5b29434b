"""Base, source and target connections and flows: create, read, patch, delete."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import FLOW, code_of

ETAG = re.compile(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000"')


def test_creation_answers_id_and_etag_only(client):
    body = client.flow_body()
    response = client.post(f"{FLOW}/flows", json=body)
    assert response.status_code == 201
    assert set(response.json()) == {"id", "etag"}
    assert ETAG.fullmatch(response.json()["etag"])
    assert response.headers["location"] == f"/flows/{response.json()['id']}"


def test_reading_one_is_wrapped_and_keeps_values_as_posted(client):
    made = client.flow()
    flow = client.one("flows", made["id"])
    assert flow["etag"] == flow["version"] == made["etag"]
    assert flow["scheduleParams"] == {
        "startTime": "4102444800",
        "frequency": "hour",
        "interval": "1",
        "backfill": "true",
    }
    assert flow["state"] == "enabled"
    assert flow["description"] == ""
    assert flow["options"] == {"isSampleDataflow": False}
    assert flow["runs"] == f"/runs?property=flowId=={made['id']}"
    assert flow["lastOperation"]["operation"] == "create"
    assert flow["lastOperation"]["updated"] == 0
    inherited = flow["inheritedAttributes"]
    assert inherited["properties"] == {"isSourceFlow": True}
    assert inherited["sourceConnections"][0]["baseConnection"]["connectionSpec"]["version"] == "1.0"
    assert inherited["targetConnections"][0]["id"] == flow["targetConnectionIds"][0]
    assert (flow["sandboxName"], flow["imsOrgId"], flow["createdClient"]) == ("dev", "LOCAL@AdobeOrg", "local-client")


def test_a_source_connection_shows_nulls_and_its_base(client):
    base = client.base()
    source = client.one("sourceConnections", client.source(base["id"])["id"])
    assert source["data"] == {"format": "tabular", "schema": None, "properties": None}
    assert source["inheritedAttributes"]["baseConnection"]["id"] == base["id"]


@pytest.mark.parametrize(
    ("mode", "params"),
    [
        ("mask", {"clientId": "c", "clientSecret": "*****", "accessToken": "*****", "refreshToken": "*****"}),
        ("echo", {"clientId": "c", "clientSecret": "hush", "accessToken": "hush", "refreshToken": "hush"}),
        ("drop", {"clientId": "c"}),
    ],
)
def test_secrets_are_masked_echoed_or_dropped(client, mode, params):
    client.settings(secrets=mode)
    base = client.base()
    assert client.one("connections", base["id"])["auth"]["params"] == params
    (listed,) = client.get(f"{FLOW}/connections").json()["items"]
    assert listed["auth"]["params"] == params


def test_patching_changes_the_etag_and_stays_after_masking(client):
    base = client.base()
    response = client.patched("connections", base, {"op": "replace", "path": "/name", "value": "other"})
    assert response.status_code == 200
    assert set(response.json()) == {"id", "etag"}
    assert response.json()["etag"] != base["etag"]
    client.settings(secrets="echo")
    after = client.one("connections", base["id"])
    assert after["name"] == "other"
    assert after["auth"]["params"]["clientSecret"] == "hush"
    assert after["lastOperation"]["operation"] == "update"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "FLOW-1403-400"),
        ('"00000000-0000-0200-0000-000000000000"', "FLOW-1404-412"),
        ("unquoted", "FLOW-1404-412"),
    ],
)
def test_if_match_rules(client, header, code):
    base = client.base()
    value = base["etag"].strip('"') if header == "unquoted" else header
    headers = {} if value is None else {"If-Match": value}
    patch = [{"op": "replace", "path": "/name", "value": "other"}]
    response = client.patch(f"{FLOW}/connections/{base['id']}", json=patch, headers=headers)
    assert code_of(response) == code
    assert client.one("connections", base["id"])["name"] == "base"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"op": "move", "from": "/name", "path": "/description"}, "FLOW-1434-400"),
        ({"op": "copy", "from": "/name", "path": "/description"}, "FLOW-1434-400"),
        ({"op": "test", "path": "/name", "value": "base"}, "FLOW-1434-400"),
        ({"op": "replace", "path": "/nothing", "value": 1}, "FLOW-1455-400"),
        ({"op": "remove", "path": "/auth/params/nothing"}, "FLOW-1455-400"),
        ({"op": "replace", "path": "/id", "value": "x"}, "FLOW-1455-400"),
        ({"op": "replace", "path": "/state", "value": "disabled"}, "FLOW-1455-400"),
        ({"op": "replace", "path": "/name"}, "FLOW-1455-400"),
        ({"op": "replace", "path": "name", "value": "x"}, "FLOW-1455-400"),
        ({"op": "replace", "value": "x"}, "FLOW-1455-400"),
        ({"op": "replace", "path": "", "value": {}}, "FLOW-1455-400"),
        ({"op": "replace", "path": "/connectionSpec/version", "value": "2.0"}, "FLOW-1414-400"),
        ({"op": "replace", "path": "/auth/specName", "value": "x"}, "FLOW-1415-400"),
        ({"op": "replace", "path": "/name", "value": ""}, "CONNECTOR-1393-400"),
        ({"op": "remove", "path": "/auth/params/clientSecret"}, "CONNECTOR-1393-400"),
    ],
)
def test_refused_patches_change_nothing(client, operation, code):
    base = client.base()
    before = client.one("connections", base["id"])
    assert code_of(client.patched("connections", base, operation)) == code
    assert client.one("connections", base["id"]) == before


@pytest.mark.parametrize(("content", "code"), [(b"", "1405"), (b"[]", "1405"), (b"{}", "1455"), (b"[1]", "1455")])
def test_a_patch_is_an_array_of_operations(client, content, code):
    base = client.base()
    headers = {"If-Match": base["etag"], "Content-Type": "application/json"}
    response = client.patch(f"{FLOW}/connections/{base['id']}", content=content, headers=headers)
    assert code_of(response) == f"FLOW-{code}-400"


def test_patch_operations_apply_in_order_whatever_their_case(client):
    flow = client.flow()
    response = client.patched(
        "flows",
        flow,
        {"op": "Add", "path": "/labels", "value": ["core/C12"]},
        {"op": "REPLACE", "path": "/labels/0", "value": "core/C13"},
        {"op": "add", "path": "/options/partialIngestionPercent", "value": 5},
        {"op": "remove", "path": "/scheduleParams/backfill"},
        {"op": "replace", "path": "/scheduleParams/frequency", "value": "day"},
    )
    assert response.status_code == 200
    after = client.one("flows", flow["id"])
    assert after["labels"] == ["core/C13"]
    assert after["options"] == {"isSampleDataflow": False, "partialIngestionPercent": 5}
    assert after["scheduleParams"] == {"startTime": "4102444800", "frequency": "day", "interval": "1"}
    assert len(after["lastOperation"]["ops"]) == 5


@pytest.mark.parametrize("member", ["flowSpec", "sourceConnectionIds", "targetConnectionIds"])
def test_the_ends_of_a_flow_are_fixed(client, member):
    flow = client.flow()
    response = client.patched("flows", flow, {"op": "replace", "path": f"/{member}", "value": []})
    assert code_of(response) == "FLOW-1455-400"


def test_a_mapping_entry_can_move_to_a_version_that_exists(client):
    flow = client.flow()
    params = client.one("flows", flow["id"])["transformations"][0]["params"]
    entry = {"name": "Mapping", "params": params | {"mappingVersion": 7}}
    refused = client.patched("flows", flow, {"op": "replace", "path": "/transformations/0", "value": entry})
    assert code_of(refused) == "FLOW-1412-400"
    entry["params"]["mappingVersion"] = "0"
    done = client.patched("flows", flow, {"op": "replace", "path": "/transformations/0", "value": entry})
    assert done.status_code == 200


def test_one_of_concurrent_patches_with_one_etag_wins(client):
    base = client.base()

    def send(number: int) -> int:
        patch = [{"op": "replace", "path": "/name", "value": f"name {number}"}]
        path = f"{FLOW}/connections/{base['id']}"
        return client.patch(path, json=patch, headers={"If-Match": base["etag"]}).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(send, range(12)))
    assert sorted(statuses) == [200] + [412] * 11


def test_deleting_goes_from_the_flow_down(client):
    flow = client.one("flows", client.flow()["id"])
    source_id, target_id = flow["sourceConnectionIds"][0], flow["targetConnectionIds"][0]
    base_id = client.one("sourceConnections", source_id)["baseConnectionId"]
    assert code_of(client.delete(f"{FLOW}/connections/{base_id}")) == "FLOW-1418-400"
    assert code_of(client.delete(f"{FLOW}/sourceConnections/{source_id}")) == "FLOW-1447-400"
    assert code_of(client.delete(f"{FLOW}/targetConnections/{target_id}")) == "FLOW-1447-400"
    for path in (f"flows/{flow['id']}", f"connections/{base_id}/", f"sourceConnections/{source_id}"):
        response = client.delete(f"{FLOW}/{path}")
        assert (response.status_code, response.content) == (204, b"")
        assert code_of(client.get(f"{FLOW}/{path}")) == "FLOW-1439-404"
        assert code_of(client.delete(f"{FLOW}/{path}")) == "FLOW-1439-404"
    assert client.one("targetConnections", target_id)["state"] == "enabled"


def test_a_missing_object_is_named(client):
    body = client.get(f"{FLOW}/flows/none").json()
    assert body["report"]["id"] == "none"
    assert body["report"]["type"] == "flows"
    assert body["errorMessage"] == body["errorDetails"] == body["report"]["detailed-message"]
