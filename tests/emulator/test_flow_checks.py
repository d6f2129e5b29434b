"""What Flow Service refuses when something is created, with the code of each refusal."""

from __future__ import annotations

import pytest

from .conftest import DATA_LAKE, FLOW, HUBSPOT, LANDING_ZONE, S3, code_of

NOWHERE = {"id": "00000000-0000-0000-0000-000000000000", "version": "1.0"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"connectionSpec": NOWHERE}, "FLOW-1413-400"),
        ({"connectionSpec": None}, "FLOW-1413-400"),
        ({"auth": {"specName": "Nonsense", "params": {}}}, "FLOW-1415-400"),
        ({"auth": None}, "FLOW-1415-400"),
        ({"auth": {"specName": "Basic Authentication", "params": {"clientId": "c"}}}, "CONNECTOR-1393-400"),
        ({"name": ""}, "CONNECTOR-1393-400"),
        ({"state": "enabled"}, "FLOW-1410-400"),
        ({"mode": "draft"}, "CONNECTOR-1368-400"),
    ],
)
def test_refused_base_connections(client, changes, code):
    params = {"clientId": "c", "clientSecret": "s", "accessToken": "t", "refreshToken": "r"}
    auth = {"specName": "Basic Authentication", "params": params}
    body = {"name": "base", "connectionSpec": HUBSPOT, "auth": auth} | changes
    assert code_of(client.post(f"{FLOW}/connections", json=body)) == code


def test_a_spec_without_version_is_a_422_in_the_short_form(client):
    response = client.post(f"{FLOW}/connections", json={"name": "x", "connectionSpec": {"id": HUBSPOT["id"]}})
    assert response.status_code == 422
    assert response.json()["errorMessage"] == "connectionSpec.version 'version' is required for spec info"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"baseConnectionId": None}, "CONNECTOR-1320-400"),
        ({"baseConnectionId": "none"}, "FLOW-1439-400"),
        ({"connectionSpec": NOWHERE}, "FLOW-1413-400"),
        ({"connectionSpec": S3}, "FLOW-1413-400"),
        ({"data": {"format": "excel"}}, "CONNECTOR-1327-400"),
        ({"data": {"format": "delimited", "properties": {"columnDelimiter": "||"}}}, "CONNECTOR-1331-400"),
        ({"connectionSpec": LANDING_ZONE}, "CONNECTOR-1332-400"),
    ],
)
def test_refused_source_connections(client, changes, code):
    body = {"name": "s", "baseConnectionId": client.base()["id"], "connectionSpec": HUBSPOT}
    body |= {"data": {"format": "tabular"}} | changes
    assert code_of(client.post(f"{FLOW}/sourceConnections", json=body)) == code


def test_a_landing_zone_has_no_base_connection(client):
    source = client.source(None, connectionSpec=LANDING_ZONE, data={"format": "delimited"}, params={"path": "/x.csv"})
    assert client.one("sourceConnections", source["id"])["state"] == "enabled"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"connectionSpec": HUBSPOT}, "CONNECTOR-1307-400"),
        ({"params": {}}, "CONNECTOR-1325-400"),
        ({"params": {"dataSetId": "000000000000000000000000"}}, "CONNECTOR-1325-400"),
        ({"data": {"schema": {"id": "https://ns.adobe.com/local/schemas/other"}}}, "FLOW-1425-400"),
        ({"data": {}}, "CONNECTOR-1326-400"),
    ],
)
def test_refused_target_connections(client, changes, code):
    schema_id = client.schema()
    body = {
        "name": "t",
        "connectionSpec": DATA_LAKE,
        "data": {"schema": {"id": schema_id}},
        "params": {"dataSetId": client.dataset(schema_id)},
    } | changes
    assert code_of(client.post(f"{FLOW}/targetConnections", json=body)) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"flowSpec": NOWHERE}, "FLOW-1413-400"),
        ({"flowSpec": {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}}, "FLOW-1413-400"),
        ({"sourceConnectionIds": []}, "CONNECTOR-1321-400"),
        ({"sourceConnectionIds": ["a", "b"]}, "CONNECTOR-1321-400"),
        ({"targetConnectionIds": [None]}, "CONNECTOR-1338-400"),
        ({"sourceConnectionIds": ["none"]}, "FLOW-1439-400"),
        ({"targetConnectionIds": ["none"]}, "FLOW-1439-400"),
        ({"transformations": [{"name": "Shuffle", "params": {}}]}, "CONNECTOR-1312-400"),
        ({"transformations": [{"name": "Copy", "params": {}}]}, "CONNECTOR-1367-400"),
        ({"transformations": [{"name": "Mapping", "params": {"mappingId": "none"}}]}, "FLOW-1419-400"),
        ({"options": {"partialIngestionPercent": 0}}, "CONNECTOR-1312-400"),
        ({"options": {"errorDiagnosticsEnabled": "yes"}}, "CONNECTOR-1312-400"),
        ({"scheduleParams": None}, "CONNECTOR-1317-400"),
        ({"state": "enabled"}, "FLOW-1410-400"),
    ],
)
def test_refused_flows(client, changes, code):
    assert code_of(client.post(f"{FLOW}/flows", json=client.flow_body(**changes))) == code
    assert client.get(f"{FLOW}/flows").json()["items"] == []


def test_a_mapping_set_of_another_schema_is_refused(client):
    body = client.flow_body()
    body["transformations"][0]["params"]["mappingId"] = client.mapping_set(client.schema())
    assert code_of(client.post(f"{FLOW}/flows", json=body)) == "FLOW-1425-400"


@pytest.mark.parametrize("version", ["3", 2**63 - 1, 2**63, -(2**63) - 1, 10**30])
def test_a_mapping_version_that_does_not_exist_is_refused(client, version):
    body = client.flow_body()
    body["transformations"][0]["params"]["mappingVersion"] = version
    assert code_of(client.post(f"{FLOW}/flows", json=body)) == "FLOW-1412-400"


def test_copy_is_accepted_with_once(client):
    copy = {"name": "Copy", "params": {"deltaColumn": {"name": "updatedAt", "dateFormat": "YYYY-MM-DD"}}}
    body = client.flow_body(scheduleParams={"startTime": "1591043454", "frequency": "once"})
    body["transformations"].insert(0, copy)
    assert client.post(f"{FLOW}/flows", json=body).status_code == 201


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ({}, "1317"),
        ({"startTime": 1, "frequency": "month", "interval": 1}, "1397"),
        ({"frequency": "hour", "interval": 1}, "1363"),
        ({"startTime": "soon", "frequency": "hour", "interval": 1}, "1363"),
        ({"startTime": 1, "frequency": "hour", "interval": 1, "backfill": "perhaps"}, "1363"),
        ({"startTime": 1, "frequency": "hour", "interval": 1, "every": 2}, "1363"),
        ({"startTime": 1, "frequency": "once", "interval": 15}, "1361"),
        ({"startTime": 1, "frequency": "once", "backfill": False}, "1364"),
        ({"startTime": 1, "frequency": "minute", "interval": 14}, "1362"),
        ({"startTime": 1, "frequency": "minute", "interval": "14"}, "1362"),
        ({"startTime": 1, "frequency": "day", "interval": 0}, "1362"),
        ({"startTime": 1, "frequency": "day"}, "1362"),
    ],
)
def test_refused_schedules(client, schedule, code):
    body = client.flow_body(scheduleParams=schedule)
    assert code_of(client.post(f"{FLOW}/flows", json=body)) == f"CONNECTOR-{code}-400"


@pytest.mark.parametrize(
    "schedule",
    [
        {"startTime": 1, "frequency": "once"},
        {"startTime": "1591043454", "frequency": "minute", "interval": "15", "backfill": "false"},
        {"startTime": 1591043454, "frequency": "week", "interval": 1, "backfill": True},
    ],
)
def test_accepted_schedules(client, schedule):
    flow = client.flow(scheduleParams=schedule)
    assert client.one("flows", flow["id"])["scheduleParams"] == schedule


def test_an_interval_with_once_is_accepted_as_the_tutorial_sends_it(client):
    schedule = {"startTime": "1591043454", "frequency": "once", "interval": "15"}
    body = client.flow_body(scheduleParams=schedule)
    assert client.post(f"{FLOW}/flows", json=body).status_code == 201
    client.settings(schedule="strict")
    assert code_of(client.post(f"{FLOW}/flows", json=body)) == "CONNECTOR-1361-400"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"path": "/scheduleParams/startTime", "value": "4102444800"}, "CONNECTOR-1366-400"),
        ({"path": "/scheduleParams/backfill", "value": "false"}, "CONNECTOR-1404-400"),
        ({"path": "/scheduleParams", "value": {"startTime": 1, "frequency": "once"}}, "CONNECTOR-1403-400"),
        ({"path": "/scheduleParams/interval", "value": 0}, "CONNECTOR-1362-400"),
    ],
)
def test_what_may_not_change_after_the_start(client, change, code):
    flow = client.flow(scheduleParams={"startTime": "1", "frequency": "hour", "interval": "1", "backfill": "true"})
    assert code_of(client.patched("flows", flow, {"op": "replace", **change})) == code
    same = {"op": "replace", "path": "/scheduleParams/startTime", "value": 1}
    assert client.patched("flows", flow, same).status_code == 200


def test_the_start_may_change_before_it_has_passed(client):
    flow = client.flow()
    change = {"op": "replace", "path": "/scheduleParams/startTime", "value": 4102448400}
    assert client.patched("flows", flow, change).status_code == 200
