"""Flow runs: on demand, their course and metrics, re-trigger, and what they leave on the flow and in Catalog."""

from __future__ import annotations

import time

import pytest

from .conftest import CATALOG, FLOW, code_of

WINDOW = {"startTime": "1767225600", "windowStartTime": "1767139200", "windowEndTime": "1767225600"}
ONCE = {"startTime": "1767225600", "frequency": "once"}


@pytest.fixture
def flow(client):
    return client.flow(scheduleParams=ONCE)


def run(client, flow, **params):
    column = {"deltaColumn": {"name": "updatedAt"}}
    return client.post(f"{FLOW}/runs", json={"flowId": flow["id"], "params": WINDOW | column | params})


def test_a_run_ends_with_metrics_a_batch_and_details_on_the_flow(client, flow):
    response = run(client, flow)
    assert response.status_code == 201
    assert set(response.json()) == {"id", "etag"}
    found = client.one("runs", response.json()["id"])
    metrics = found["metrics"]
    assert metrics["statusSummary"]["status"] == "success"
    assert metrics["recordSummary"]["outputRecordCount"] == 100
    assert metrics["durationSummary"]["completedAtUTC"] >= metrics["durationSummary"]["startedAtUTC"] > 0
    assert [activity["id"] for activity in found["activities"]] == ["copyActivity", "promotionActivity"]
    (batch_id,) = found["activities"][1]["targetInfo"][0]["reference"]["ids"]
    batch = client.get(f"{CATALOG}/batches/{batch_id}").json()[batch_id]
    assert (batch["status"], batch["tags"]["flowId"]) == ("success", [flow["id"]])
    after = client.one("flows", flow["id"])
    assert after["lastRunDetails"]["state"] == "success"
    assert after["etag"] != flow["etag"]
    assert after["transformations"][0] == {"name": "Copy", "params": {"deltaColumn": {"name": "updatedAt"}}}
    assert "state" not in found


def test_a_run_within_the_millisecond_of_its_flow_never_ends_before_it_began(client, monkeypatch):
    """Each creation gets a time of its own, so that the last of several is ahead of the clock."""
    frozen = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: frozen)
    flow = client.flow(scheduleParams=ONCE)
    found = client.one("runs", run(client, flow).json()["id"])
    began = found["createdAt"]
    assert began > frozen // 1_000_000
    (batch,) = client.get(f"{CATALOG}/batches").json().values()
    details = client.one("flows", flow["id"])["lastRunDetails"]
    told = (found["metrics"]["durationSummary"], details, found["activities"][1]["durationSummary"])
    assert [(each["startedAtUTC"], each["completedAtUTC"]) for each in told] == [(began, began)] * 3
    assert (batch["started"], batch["completed"]) == (began, began)


@pytest.mark.parametrize(
    ("outcome", "status", "written", "failed", "errors"),
    [("failed", "failed", 0, 100, 1), ("partial", "success", 97, 3, 1), ("empty", "success", 0, 0, 0)],
)
def test_outcomes(client, flow, outcome, status, written, failed, errors):
    client.settings(runOutcome=outcome)
    metrics = client.one("runs", run(client, flow).json()["id"])["metrics"]
    assert metrics["statusSummary"]["status"] == status
    assert len(metrics["statusSummary"]["errors"]) == errors
    records = metrics["recordSummary"]
    assert (records["outputRecordCount"], records["failedRecordCount"]) == (written, failed)


def test_the_course_of_a_run(client, flow):
    client.settings(transitions="seconds", transitionCount=10)
    run_id = run(client, flow).json()["id"]
    seen = []
    for _ in range(3):
        seen.append(client.one("runs", run_id)["metrics"]["statusSummary"]["status"])
        listed = client.get(f"{FLOW}/runs", params={"property": f"state=={seen[-1]}"}).json()["items"]
        assert [item["id"] for item in listed] == [run_id]
        client.post("/_emulator/clock", json={"advanceSeconds": 11})
    assert seen == ["scheduled", "inProgress", "success"]


def test_runs_are_found_by_flow_and_status(client, flow):
    run_id = run(client, flow).json()["id"]
    link = client.one("flows", flow["id"])["runs"]
    assert [item["id"] for item in client.get(FLOW + link).json()["items"]] == [run_id]
    for expression, count in (
        ("metrics.statusSummary.status==Success", 1),
        ("metrics.statusSummary.status==failed", 0),
        ("metrics.durationSummary.startedAtUTC>1", 1),
        ("flowId==none", 0),
    ):
        found = client.get(f"{FLOW}/runs", params={"property": expression}).json()["items"]
        assert len(found) == count


def test_retrigger(client, flow):
    client.settings(runOutcome="failed")
    failed = run(client, flow).json()["id"]
    client.settings(runOutcome="success")
    path = f"{FLOW}/runs/{failed}/action"
    again = client.post(f"{path}?op=re-trigger")
    assert again.status_code == 200
    assert client.one("runs", again.json()["id"])["predecessors"][0]["id"] == failed
    path = f"{FLOW}/runs/{again.json()['id']}/action"
    assert code_of(client.post(f"{path}?op=RE_TRIGGER")) == "CONNECTOR-1387-400"
    assert code_of(client.post(f"{path}?op=enable")) == "FLOW-1435-400"


def test_refused_runs(client):
    scheduled = client.flow()
    assert code_of(run(client, scheduled)) == "CONNECTOR-1386-400"
    assert code_of(client.post(f"{FLOW}/runs", json={"flowId": "none"})) == "FLOW-1430-400"
    assert code_of(client.post(f"{FLOW}/runs", json={"params": {}})) == "FLOW-1446-400"
    once = client.flow(scheduleParams=ONCE)
    assert code_of(run(client, once, windowEndTime="1")) == "CONNECTOR-1381-400"
    assert code_of(run(client, once, windowEndTime="later")) == "CONNECTOR-1384-400"
    assert code_of(run(client, once, deltaColumn=None)) == "CONNECTOR-1383-400"
    assert run(client, once).status_code == 201
    assert code_of(run(client, once, deltaColumn={"name": "other"})) == "CONNECTOR-1382-400"
    assert run(client, once, deltaColumn=None).status_code == 201
    client.post(f"{FLOW}/flows/{once['id']}/action?op=disable")
    assert code_of(run(client, once)) == "CONNECTOR-1388-400"


def test_a_scheduled_run_changes_the_etag_of_its_flow(client):
    flow = client.flow()
    assert client.post("/_emulator/runs", json={"flowId": flow["id"]}).status_code == 201
    patch = [{"op": "replace", "path": "/name", "value": "x"}]
    response = client.patch(f"{FLOW}/flows/{flow['id']}", json=patch, headers={"If-Match": flow["etag"]})
    assert code_of(response) == "FLOW-1404-412"
    assert client.patched("flows", flow, *patch).status_code == 200


def test_a_provider_updates_its_run(client, flow):
    made = run(client, flow).json()
    body = {"flowId": flow["id"], "metrics": {"statusSummary": {"status": "failed"}}}
    path = f"{FLOW}/runs/{made['id']}"
    assert code_of(client.put(path, json=body)) == "FLOW-1403-400"
    etag = client.one("runs", made["id"])["etag"]
    response = client.put(path, json=body, headers={"If-Match": etag})
    assert response.json()["metrics"]["statusSummary"] == {"status": "failed"}
    assert response.json()["etag"] != etag
