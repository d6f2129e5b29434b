"""What other clients and older pages send or read, point by point."""

from __future__ import annotations

import pytest

from .conftest import CATALOG, FLOW, HUBSPOT, LANDING_ZONE, code_of
from .test_batch_ingestion import EXPORT

ONCE = {"startTime": "1767225600", "frequency": "once"}


def test_property_takes_wildcards(client):
    schema_id = client.schema()
    example = client.dataset(schema_id, name="example one")
    client.dataset(schema_id, name="an example")
    for pattern in ("exam*", "exam*one", "*ple one"):
        assert list(client.get(f"{CATALOG}/dataSets", params={"property": f"name=={pattern}"}).json()) == [example]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "loading", "recordCount": "1"},
        {"status": "loading", "recordCount": True},
        {"status": "loading", "size": 2**63},
        {"status": "loading", "errors": "x"},
        {"status": "loading", "errors": [{"code": 1}]},
        {"status": "loading", "metrics": []},
        {"status": "loading", "tags": {"a": "b"}},
        {"status": "loading", "replay": {"predecessors": "x"}},
        {"status": "loading", "availableDates": {"startDate": "x"}},
        {"status": "loading", "inputFormat": {"format": 1}},
        {"status": "loading", "inputFormat": {"format": "xml"}},
        {"status": "loading", "inputFormat": {"header": True}},
        {"status": "loading", "inputFormat": {"charset": "AAA"}},
        {"status": "loading", "relatedObjects": [{"type": 1}]},
        {"status": "loading", "relatedObjects": [{"type": "flow"}]},
        {"status": "loading", "relatedObjects": [{"metrics": []}]},
        {"status": "loading", "externalId": 1},
    ],
)
def test_batches_that_the_description_rules_out(client, body):
    dataset_id = client.dataset(client.schema())
    (link,) = client.made(f"{CATALOG}/batches", {"datasetId": dataset_id, "status": "loading"})
    path = f"{CATALOG}/{link.removeprefix('@/')}"
    before = client.get(path).json()
    assert client.post(f"{CATALOG}/batches", json=body).status_code == 400
    assert client.put(path, json=body).status_code == 400
    if body:
        assert client.patch(path, json=body).status_code == 400
    assert client.get(path).json() == before
    assert len(client.get(f"{CATALOG}/batches").json()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"fileDescription": {"persisted": "yes"}},
        {"fileDescription": {"delimiters": ["ab"]}},
        {"fileDescription": {"quotes": '"'}},
        {"fileDescription": {"header": "true"}},
        {"fileDescription": {"charset": "EBCDIC"}},
        {"observableSchema": []},
        {"dataSourceId": "1"},
        {"classification": {"managedBy": "ME"}},
        {"classification": {"dataBehavior": 1}},
        {"extensions": 1},
        {"schema": 1},
        {"schemaRef": None},
        {"description": 1},
    ],
)
def test_datasets_that_the_description_rules_out(client, body):
    path = f"{CATALOG}/dataSets/{client.dataset(client.schema())}"
    assert client.post(f"{CATALOG}/dataSets", json=body).status_code == 400
    for change in (client.put(path, json=body), client.patch(path, json=body)):
        assert change.status_code == 400
    assert len(client.get(f"{CATALOG}/dataSets").json()) == 1


def test_a_dataset_may_have_null_as_its_description(client):
    dataset_id = client.dataset(client.schema(), description=None)
    assert client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]["description"] is None


def run_of(client, **changes):
    flow = client.flow(**changes)
    made = client.post("/_emulator/runs", json={"flowId": flow["id"]}).json()
    return client.one("runs", made["id"])


def test_links_of_a_run_are_whole_and_lead_somewhere(client):
    client.settings(runOutcome="partial")
    run = run_of(client, options={"errorDiagnosticsEnabled": True})
    copy, promotion = run["activities"]
    links = [copy["fileSummary"]["extensions"]["manifest"]["fileInfo"]]
    links += promotion["statusSummary"]["extensions"]["manifest"].values()
    assert [link.startswith(f"{client.url}{EXPORT}/batches/") for link in links] == [True] * 3
    assert [client.get(link).status_code for link in links] == [200] * 3
    (listed,) = client.get(links[0]).json()["data"]
    assert (listed["name"], client.get(links[0]).json()["_page"]) == ("part-0.csv", {"limit": 100, "count": 1})
    described = client.get(listed["_links"]["self"]["href"])
    assert (described.json(), len(described.content)) == ({"path": "part-0.csv"}, int(listed["length"]))
    assert client.get(f"{links[0]}&start=1").json()["data"] == []


def test_a_run_tells_its_window_and_its_kind(client):
    copy = run_of(client)["activities"][0]
    assert copy["statusSummary"]["extensions"]["type"] == "recurring"
    assert copy["durationSummary"]["extensions"]["windowStart"] == 0
    window = {"startTime": 1767225600, "windowStartTime": "1767225000", "windowEndTime": 1767225600}
    params = {**window, "deltaColumn": {"name": "updatedAt"}}
    flow = client.flow(scheduleParams=ONCE)
    made = client.made(f"{FLOW}/runs", {"flowId": flow["id"], "params": params})
    copy = client.one("runs", made["id"])["activities"][0]
    assert copy["durationSummary"]["extensions"] == {"windowStart": 1767225000000, "windowEnd": 1767225600000}
    assert copy["statusSummary"]["extensions"]["type"] == "one-time"


def test_if_match_may_be_a_query_parameter(client):
    flow = client.flow()
    etag = client.one("flows", flow["id"])["etag"]
    change = [{"op": "add", "path": "/description", "value": "x"}]
    path = f"{FLOW}/flows/{flow['id']}"
    assert client.patch(path, json=change, params={"If-Match": "stale"}).status_code == 412
    assert client.patch(path, json=change, params={"If-Match": etag.strip('"')}).status_code == 200
    etag = client.one("flows", flow["id"])["etag"]
    assert client.patch(path, json=change, params={"If-Match": etag}).status_code == 200
    etag = client.one("flows", flow["id"])["etag"]
    assert client.patch(path, json=change, params={"If-Match": etag}, headers={"If-Match": "x"}).status_code == 412


def test_a_delta_column_may_be_its_name_alone(client):
    body = client.flow_body(scheduleParams=ONCE)
    body["transformations"].append({"name": "Copy", "params": {"deltaColumn": "updatedAt"}})
    flow = client.made(f"{FLOW}/flows", body)
    window = {"startTime": 1767225600, "windowStartTime": 1767225000, "windowEndTime": 1767225600}
    for column, status in (({"name": "other"}, 400), ({"name": "updatedAt"}, 201), (None, 201)):
        params = {**window, **({"deltaColumn": column} if column else {})}
        assert client.post(f"{FLOW}/runs", json={"flowId": flow["id"], "params": params}).status_code == status
    body["transformations"][-1]["params"]["deltaColumn"] = ""
    assert client.post(f"{FLOW}/flows", json=body).status_code == 400


def test_a_target_may_name_its_dataset_only(client):
    body = client.flow_body()
    made = client.one("targetConnections", body["targetConnectionIds"][0])
    target = {
        "name": "t",
        "connectionSpec": made["connectionSpec"],
        "data": {"format": "PARQUET_XDM"},
        "params": made["params"],
    }
    id_ = client.made(f"{FLOW}/targetConnections", target)["id"]
    client.made(f"{FLOW}/flows", body | {"targetConnectionIds": [id_]})
    other = client.dataset(client.schema())
    target["params"] = {"dataSetId": other}
    id_ = client.made(f"{FLOW}/targetConnections", target)["id"]
    assert client.post(f"{FLOW}/flows", json=body | {"targetConnectionIds": [id_]}).status_code == 400
    assert client.post(f"{FLOW}/targetConnections", json=target | {"data": {}}).status_code == 400


def test_a_description_may_be_null(client):
    made = client.base(description=None)
    assert client.one("connections", made["id"])["description"] is None
    assert client.patched("connections", made, {"op": "add", "path": "/description", "value": 7}).status_code == 400


def test_a_source_connection_has_data_unless_it_streams(client):
    """The description requires it of all; the tutorial of HTTP API leaves it out."""
    refused = client.post(
        f"{FLOW}/sourceConnections",
        json={"name": "s", "baseConnectionId": client.base()["id"], "connectionSpec": HUBSPOT, "params": {"path": "a"}},
    )
    assert code_of(refused) == "CONNECTOR-1327-400"
    auth = {"specName": "Streaming Connection", "params": {"dataType": "raw", "name": "s"}}
    spec = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}
    stream = {
        "name": "s",
        "baseConnectionId": client.base(connectionSpec=spec, auth=auth)["id"],
        "connectionSpec": spec,
    }
    assert client.post(f"{FLOW}/sourceConnections", json=stream).status_code == 201


def test_a_format_may_be_in_capitals_and_a_schedule_may_name_a_folder(client):
    made = client.source(None, connectionSpec=LANDING_ZONE, data={"format": "JSON"}, params={"path": "/x.json"})
    assert client.one("sourceConnections", made["id"])["data"]["format"] == "JSON"
    schedule = {"startTime": "4102444800", "frequency": "hour", "interval": "1", "foldernameTemplate": "x"}
    client.flow(scheduleParams=schedule)


def test_a_pair_of_connections_serves_one_flow_if_the_setting_says_so(client):
    body = client.flow_body()
    client.made(f"{FLOW}/flows", body)
    client.made(f"{FLOW}/flows", body)
    client.settings(pairs="single")
    assert code_of(client.post(f"{FLOW}/flows", json=body)) == "CONNECTOR-1321-400"
    other = client.flow_body()
    client.made(f"{FLOW}/flows", body | {"sourceConnectionIds": other["sourceConnectionIds"]})
    target = client.one("targetConnections", body["targetConnectionIds"][0])
    again = client.target(target["data"]["schema"]["id"], target["params"]["dataSetId"])
    client.made(f"{FLOW}/flows", body | {"targetConnectionIds": [again["id"]]})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"params": {}}, "CONNECTOR-1393-400"),
        ({"params": {"columns": []}}, "CONNECTOR-1393-400"),
        ({"data": {"format": "delimited"}}, "CONNECTOR-1327-400"),
    ],
)
def test_source_connections_of_tables_are_checked_if_the_setting_says_so(client, changes, code):
    base_id = client.base()["id"]
    made = client.source(base_id, **changes)
    client.settings(sourceParams="described")
    for params in ({"path": "Hubspot.Contacts"}, {"tableName": "Contacts"}):
        client.source(base_id, params=params)
    body = client.one("sourceConnections", made["id"])
    sent = {name: body[name] for name in ("name", "baseConnectionId", "connectionSpec", "params")}
    sent["data"] = {"format": body["data"]["format"]}
    assert code_of(client.post(f"{FLOW}/sourceConnections", json=sent)) == code


def test_unknown_auth_parameters_are_refused_if_the_setting_says_so(client):
    connection = client.one("connections", client.base()["id"])
    auth = {"specName": "Basic Authentication", "params": {**connection["auth"]["params"], "more": "x"}}
    made = client.base(auth=auth)
    assert client.one("connections", made["id"])["auth"]["params"]["more"] == "*****"
    client.settings(authParams="described")
    client.base()
    body = {"name": "b", "connectionSpec": connection["connectionSpec"], "auth": auth}
    assert code_of(client.post(f"{FLOW}/connections", json=body)) == "CONNECTOR-1393-400"


@pytest.mark.parametrize("secret", [1, True, {}, []])
def test_a_secret_is_text(client, secret):
    params = {"clientId": "c", "clientSecret": secret, "accessToken": "x", "refreshToken": "x"}
    connection = client.one("connections", client.base()["id"])
    body = {"name": "b", "connectionSpec": connection["connectionSpec"]}
    body["auth"] = {"specName": "Basic Authentication", "params": params}
    assert code_of(client.post(f"{FLOW}/connections", json=body)) == "CONNECTOR-1393-400"


def test_a_described_parameter_that_is_no_secret_is_shown(client):
    params = client.one("connections", client.base()["id"])["auth"]["params"]
    assert (params["clientId"], params["clientSecret"]) == ("c", "*****")


def test_the_dataset_of_an_enabled_flow_stays_if_the_setting_says_so(client):
    flow = client.flow()
    target = client.one("targetConnections", client.one("flows", flow["id"])["targetConnectionIds"][0])
    path = f"{CATALOG}/dataSets/{target['params']['dataSetId']}"
    client.settings(datasetDeletes="unused")
    assert client.delete(path).status_code == 400
    assert client.get(path).status_code == 200
    assert client.delete(f"{CATALOG}/dataSets/{client.dataset(client.schema())}").status_code == 200
    client.post(f"{FLOW}/flows/{flow['id']}/action?op=disable")
    assert client.delete(path).status_code == 200


def test_the_dataset_of_an_enabled_flow_can_be_deleted_by_default(client):
    flow = client.flow()
    target = client.one("targetConnections", client.one("flows", flow["id"])["targetConnectionIds"][0])
    assert client.delete(f"{CATALOG}/dataSets/{target['params']['dataSetId']}").status_code == 200


SANDBOXES = "/data/foundation/sandbox-management"
NEW = {"name": "new", "title": "New", "type": "development"}


def names(client, path):
    return [item["name"] for item in client.get(f"{SANDBOXES}{path}").json()["sandboxes"]]


def test_a_sandbox_may_be_in_creation_for_a_while(client):
    client.settings(transitions="reads", transitionCount=1)
    assert client.post(f"{SANDBOXES}/sandboxes", json=NEW).json()["state"] == "creating"
    assert ("new" in names(client, "/"), "new" in names(client, "/sandboxes")) == (False, True)
    inside = {"x-sandbox-name": "new"}
    assert client.get(f"{FLOW}/flows", headers=inside).status_code == 404
    states = [client.get(f"{SANDBOXES}/sandboxes/new").json()["state"] for _ in range(3)]
    assert states == ["creating", "active", "active"]
    assert client.get(f"{FLOW}/flows", headers=inside).status_code == 200
    assert client.put(f"{SANDBOXES}/sandboxes/new", json={"action": "reset"}).json()["state"] == "resetting"
    assert client.get(f"{FLOW}/flows", headers=inside).status_code == 404
    assert client.get(f"{SANDBOXES}/sandboxes/new").json()["state"] == "resetting"
    assert "new" in names(client, "/")


def test_a_sandbox_in_creation_becomes_active_with_the_clock(client):
    client.settings(transitions="seconds", transitionCount=60)
    client.post(f"{SANDBOXES}/sandboxes", json=NEW)
    inside = {"x-sandbox-name": "new"}
    assert client.get(f"{FLOW}/flows", headers=inside).status_code == 404
    assert client.post("/_emulator/clock", json={"advanceSeconds": 61}).status_code in (200, 204)
    assert client.get(f"{FLOW}/flows", headers=inside).status_code == 200


def test_a_sandbox_is_active_at_once_by_default(client):
    client.post(f"{SANDBOXES}/sandboxes", json=NEW)
    assert client.get(f"{SANDBOXES}/sandboxes/new").json()["state"] == "active"


def test_a_deleted_sandbox_stays_deleted(client):
    client.settings(transitions="seconds", transitionCount=60)
    path = f"{SANDBOXES}/sandboxes/dev"
    assert client.delete(path).json()["state"] == "deleted"
    late = [client.put(path, json={"action": "reset"}), client.patch(path, json={"title": "X"}), client.delete(path)]
    late.append(client.put(f"{path}?validationOnly=true", json={"action": "reset"}))
    assert [reply.status_code for reply in late] == [404, 404, 404, 404]
    assert late[0].json()["detail"] == "There is no sandbox dev in this organization."
    client.post("/_emulator/clock", json={"advanceSeconds": 61})
    shown = client.get(path).json()
    assert (shown["state"], shown["title"], shown["eTag"]) == ("deleted", "Dev", 2)
