"""Audit events of what was changed, and flows that access labels hide."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx

from flowctl.emulator import start

from .conftest import CATALOG, FLOW, HEADERS, PREP, REGISTRY, Client, code_of, raw_id

AUDIT = "/data/foundation/audit/events"


def events(client: Client, *filters: str, **query: object) -> list[dict[str, object]]:
    pairs = [("property", each) for each in filters] + [(name, str(value)) for name, value in query.items()]
    response = client.get(AUDIT, params=httpx.QueryParams(pairs))
    assert response.status_code == 200, response.text
    return list(response.json()["_embedded"]["events"])


def test_every_change_of_an_audited_object_is_an_event(client):
    flow = client.flow(name="Orders")
    client.patched("flows", flow, {"op": "replace", "path": "/name", "value": "Shop orders"})
    client.post(f"{FLOW}/flows/{flow['id']}/action?op=disable")
    client.post(f"{FLOW}/flows/{flow['id']}/action?op=ENABLE")
    client.delete(f"{FLOW}/flows/{flow['id']}")
    found = events(client, f"assetId=={flow['id']}")
    assert [(each["action"], each["assetName"]) for each in found] == [
        ("Delete", "Shop orders"),
        ("Enable", "Shop orders"),
        ("Disable", "Shop orders"),
        ("Update", "Shop orders"),
        ("Create", "Orders"),
    ]
    assert {each["assetType"] for each in found} == {"Source Data Flow"}
    assert found[0]["userEmail"] == "local-client@techacct.adobe.com"
    assert datetime.strptime(str(found[0]["timestamp"]), "%Y-%m-%dT%H:%M:%S.%f%z").tzinfo


def test_events_that_an_older_release_stored_are_kept(tmp_path):
    """Layout 3 had them among the other objects."""
    with start(data_dir=tmp_path) as running, Client(running.url) as client:
        names = ["Shop", "Orders", "Returns"]
        for name in names:
            client.base(name=name)
    columns = "scope, kind, id, name, etag, created, body"
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3")) as stored:
        stored.execute("UPDATE audit_event SET created = 5")  # equal times: the order of the rows decides
        stored.execute(f"INSERT INTO object ({columns}) SELECT {columns} FROM audit_event ORDER BY seq")
        stored.execute("DROP TABLE audit_event")
        stored.execute("PRAGMA user_version = 3")
        stored.commit()
    with start(data_dir=tmp_path) as running, Client(running.url) as client:
        assert [each["assetName"] for each in reversed(events(client))] == names
        client.base(name="Refunds")
        assert [each["assetName"] for each in reversed(events(client))] == [*names, "Refunds"]
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3")) as stored:
        assert stored.execute("SELECT count(*) FROM object WHERE kind = 'auditEvent'").fetchone() == (0,)


def test_a_reset_of_a_sandbox_removes_its_events(client):
    client.base()
    sandbox = "/data/foundation/sandbox-management/sandboxes/dev"
    assert client.put(sandbox, json={"action": "reset"}).status_code == 202
    assert events(client) == []


def test_a_reset_of_all_data_removes_the_events(tmp_path):
    with start(data_dir=tmp_path) as running, Client(running.url) as client:
        client.base()
        client.post("/_emulator/reset")
        assert events(client) == []
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3")) as stored:
        assert stored.execute("SELECT count(*) FROM audit_event").fetchone() == (0,)


def test_what_is_audited_and_what_is_not(client):
    schema_id = client.schema()
    dataset_id = client.dataset(schema_id)
    client.mapping_set(schema_id)
    client.source(client.base()["id"])
    client.patch(f"{CATALOG}/dataSets/{dataset_id}", json={"name": "Clients"})
    title = [{"op": "replace", "path": "/title", "value": "Other"}]
    client.patch(f"{REGISTRY}/tenant/schemas/{raw_id(schema_id)}", json=title)
    kinds = [(each["assetType"], each["action"]) for each in reversed(events(client))]
    assert kinds == [
        ("Schema", "Create"),
        ("Dataset", "Create"),
        ("Source Account", "Create"),
        ("Dataset", "Update"),
        ("Schema", "Update"),
    ]
    assert events(client, f"assetId=={schema_id}", "action==Update")[0]["assetName"] == "Other"


def test_what_is_refused_or_only_looked_at_is_no_event(client):
    client.base()
    client.get(f"{FLOW}/connections")
    assert client.post(f"{FLOW}/connections", json={"name": "x"}).status_code >= 400
    client.post(f"{FLOW}/connections/search", json={"limit": 1})
    client.post(f"{PREP}/mappingSets/validate", json={})
    assert len(events(client)) == 1


def test_filters_pages_and_order(client):
    ids = [client.base(name=f"base {number}")["id"] for number in range(5)]
    first, second = events(client, limit=2), events(client, limit=2, start=2)
    assert [each["assetId"] for each in first + second] == ids[:0:-1]
    body = client.get(AUDIT, params={"limit": 2}).json()
    assert body["page"] == {"size": 2, "totalElements": 5, "totalPages": 3, "number": 0}
    assert client.get(body["_links"]["next"]["href"]).json()["_embedded"]["events"] == second
    assert "next" not in client.get(AUDIT).json()["_links"]
    assert "next" not in client.get(AUDIT, params={"limit": 5}).json()["_links"]
    assert {each["assetId"] for each in events(client, f"assetId=={ids[0]},{ids[3]}")} == {ids[0], ids[3]}
    assert events(client, "action==update,delete") == []
    assert len(events(client, "assetType==source account", "assetName!=Base 2", "user!=somebody")) == 4
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert len(events(client, f"timestamp<{now}", "timestamp>2020-01-01T00:00:00Z")) == 5
    assert events(client, f"timestamp>{now}") == []


def test_what_the_service_refuses(client):
    for query in (
        "property=color==red",
        "property=assetId~x",
        "property=action>x",
        "limit=0",
        "limit=1001",
        "start=-1",
    ):
        assert client.get(f"{AUDIT}?{query}").status_code == 400, query
    assert client.get(f"{AUDIT}?property=timestamp>yesterday").status_code == 400


def test_events_stay_in_their_sandbox(client):
    client.base()
    assert client.get(AUDIT, headers={"x-sandbox-name": "prod"}).json()["_embedded"]["events"] == []


def test_events_name_the_client_that_changed(client):
    add(client, "exc_app")
    made = client.base()
    etag = client.one("connections", made["id"])["etag"]
    other = {**HEADERS, "x-api-key": "exc_app", "If-Match": etag}
    change = [{"op": "replace", "path": "/name", "value": "renamed"}]
    assert client.patch(f"{FLOW}/connections/{made['id']}", json=change, headers=other).status_code == 200
    assert events(client)[0]["userEmail"] == "exc_app@techacct.adobe.com"


def test_a_labeled_flow_is_hidden_as_the_platform_hides_it(client):
    flow, other = client.flow(), client.flow()
    label = {"op": "add", "path": "/labels", "value": ["core/C12"]}
    assert client.patched("flows", flow, label).status_code == 200
    client.settings(accessLabels="enforced")
    response = client.get(f"{FLOW}/flows/{flow['id']}")
    assert (response.status_code, code_of(response)) == (404, "FLOW-1439-404")
    assert [each["id"] for each in client.get(f"{FLOW}/flows").json()["items"]] == [other["id"]]
    assert client.get(f"{FLOW}/flows?count=true").json() == {"count": 1}
    refused = client.delete(f"{FLOW}/flows/{flow['id']}")
    assert (refused.status_code, code_of(refused)) == (403, "FLOW-2121-403")
    assert client.patch(f"{FLOW}/flows/{flow['id']}", json=[label]).status_code == 403
    add(client, "auditor", "label:core/C12")
    assert client.get(f"{FLOW}/flows/{flow['id']}", headers={"x-api-key": "auditor"}).status_code == 200
    client.settings(accessLabels="ignored")
    assert client.one("flows", flow["id"])["labels"] == ["core/C12"]


def add(client: Client, name: str, *more: str) -> None:
    permissions = ["read", "write", *more]
    body = {"id": "LOCAL@AdobeOrg", "tenant": "local"}
    body["clients"] = [{"id": name, "secret": "hush", "permissions": permissions}]
    assert client.post("/_emulator/organizations", json=body).status_code == 201


def test_events_of_writes_that_come_together_are_all_there(client):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: client.base()["id"], range(12)))
    assert {each["assetId"] for each in events(client)} == set(made)
