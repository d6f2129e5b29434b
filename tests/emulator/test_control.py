"""The control plane: reset, request log, faults, load, settings; and isolation of sandboxes."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from flowctl.emulator import start
from flowctl.emulator.control.load import LoadProfile

from .conftest import CATALOG, FLOW, REGISTRY, SPECS, Client


def fault(client, effect, path=f"{FLOW}/connections", method="POST", **when):
    response = client.post(
        "/_emulator/faults", json={"match": {"method": method, "path": path}, "effect": effect, **when}
    )
    assert response.status_code == 204


def log(client):
    return client.get("/_emulator/requests").json()["requests"]


def test_reset_empties_everything(client):
    client.flow()
    client.settings(schedule="strict")
    fault(client, {"status": 500})
    assert client.post("/_emulator/reset").status_code == 204
    assert client.get(f"{FLOW}/flows").json()["items"] == []
    assert client.get("/_emulator/settings").json()["schedule"] == "documented"
    assert client.base()
    assert client.get(f"{REGISTRY}/stats").json()["counts"]["schemas"] == 0


def test_the_log_holds_requests_but_not_the_control_plane(client):
    client.get(f"{FLOW}/flows?limit=3&property=name==%22a%22")
    client.get(f"{FLOW}/flows/none")
    assert log(client) == [
        {"method": "GET", "path": f"{FLOW}/flows", "query": "limit=3&property=name==%22a%22", "status": 200},
        {"method": "GET", "path": f"{FLOW}/flows/none", "query": "", "status": 404},
    ]
    assert client.delete("/_emulator/requests").status_code == 204
    assert log(client) == []


def test_a_fault_answers_in_place_of_the_service(client):
    fault(client, {"status": 429, "headers": {"Retry-After": "7"}, "body": {"message": "slow down"}}, nth=2, times=2)
    assert client.base()
    for _ in range(2):
        response = client.post(f"{FLOW}/connections", json={})
        assert (response.status_code, response.headers["retry-after"]) == (429, "7")
        assert response.json() == {"message": "slow down"}
    assert client.base()
    assert len(client.get(f"{FLOW}/connections").json()["items"]) == 2


def test_the_headers_of_a_fault_are_those_of_its_reply(client):
    headers = {"Content-Type": "text/html", "X-Words": "d\u00e9j\u00e0 vu\t!"}
    fault(client, {"status": 502, "headers": headers}, method="GET")
    reply = client.get(f"{FLOW}/connections")
    assert reply.headers.get_list("content-type") == ["text/html"]
    assert reply.headers["x-words"] == "d\u00e9j\u00e0 vu\t!"


@pytest.mark.parametrize(
    "headers",
    [
        {"": "x"},
        {"a b": "x"},
        {"\u00e9": "x"},
        {"X-A\n": "x"},
        {"X-A": "\u20ac"},
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "a\n"},
        {"X-A": "\x7f"},
        {"Content-Length": "3"},
        {"transfer-encoding": "chunked"},
    ],
)
def test_a_fault_with_headers_that_no_reply_can_have_is_refused(client, headers):
    body = {"match": {}, "effect": {"status": 503, "headers": headers}}
    refused = client.post("/_emulator/faults", json=body)
    assert (refused.status_code, "headers" in refused.json()["detail"]) == (400, True)
    assert client.get(f"{FLOW}/flows").status_code == 200


@pytest.mark.parametrize(("drop", "kept"), [("before", 0), ("after", 1)])
def test_a_dropped_connection(client, drop, kept):
    fault(client, {"drop": drop})
    with pytest.raises(httpx.RemoteProtocolError):
        client.base()
    assert len(client.get(f"{FLOW}/connections").json()["items"]) == kept
    assert log(client)[0]["status"] is None
    assert client.base()


def test_faults_match_by_prefix_and_method_and_can_be_removed(client):
    fault(client, {"status": 503}, path=f"{FLOW}/*", method="GET", times=100)
    assert client.get(f"{FLOW}/flows").status_code == 503
    assert client.get(f"{FLOW}/runs").status_code == 503
    assert client.get(f"{CATALOG}/dataSets").status_code == 200
    assert client.base()
    assert client.delete("/_emulator/faults").status_code == 204
    assert client.get(f"{FLOW}/flows").status_code == 200


def test_a_delay_does_not_hold_up_others(client):
    fault(client, {"delay_ms": 400}, method="GET", times=8)
    begin = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: client.get(f"{FLOW}/connections").status_code, range(8)))
    assert statuses == [200] * 8
    assert 0.4 <= time.perf_counter() - begin < 2.4


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"effect": {}},
        {"effect": {"status": 99}},
        {"effect": {"status": "500"}},
        {"effect": {"explode": True}},
        {"effect": {"drop": "sometimes"}},
        {"effect": {"status": 500}, "nth": 0},
        {"effect": {"status": 500}, "often": 1},
        {"effect": {"status": 500}, "match": {"host": "x"}},
        {"effect": {"delay_ms": -1}},
        {"effect": {"delay_ms": 3_600_001}},
        {"effect": {"delay_ms": 1e308}},
        [],
    ],
)
def test_refused_faults(client, body):
    assert client.post("/_emulator/faults", json=body).status_code == 400


@pytest.mark.parametrize(("name", "value"), [("schedule", "loose"), ("nothing", 1), ("tokenSeconds", "long")])
def test_refused_settings_change_nothing(client, name, value):
    before = client.get("/_emulator/settings").json()
    assert client.post("/_emulator/settings", json={"secrets": "echo", name: value}).status_code == 400
    assert client.get("/_emulator/settings").json() == before


@pytest.mark.parametrize("seconds", [1e308, -1e308, 10**30, -(10**11), 3 * 10**11, True, "1", None])
def test_a_clock_that_no_time_can_be_is_refused_and_stays(client, seconds):
    assert client.post("/_emulator/clock", json={"advanceSeconds": seconds}).status_code == 400
    now = client.post("/_emulator/clock", json={"advanceSeconds": 0}).json()["now"]
    assert abs(now / 1000 - time.time()) < 60
    assert client.get(f"{FLOW}/flows").status_code == 200


@pytest.mark.parametrize("seconds", [200 * 10**9, -17 * 10**8])
def test_far_times_serve(client, seconds):
    client.post("/_emulator/clock", json={"advanceSeconds": seconds}).raise_for_status()
    assert client.get(f"{FLOW}/flows").status_code == 200
    client.flow()


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "ACME"},
        {"id": 5},
        {"tenant": ""},
        *({"sandboxes": wrong} for wrong in ("dev", 5, None, {"a": 1}, ["dev"], [None], [{}], [{"name": 5}])),
        *({"sandboxes": [{"name": "dev", member: 5}]} for member in ("title", "type")),
        *({"clients": wrong} for wrong in ("x", 5, None, {"a": 1}, ["x"], [None], [{}], [{"id": "x"}])),
        {"clients": [{"id": "x", "secret": "y", "permissions": 5}]},
        {"clients": [{"id": "x", "secret": "y", "permissions": [5]}]},
    ],
)
def test_refused_organizations_add_nothing(client, changes):
    org = {"id": "ACME@AdobeOrg", "tenant": "acme", "sandboxes": [{"name": "dev"}]}
    assert client.post("/_emulator/organizations", json=org | changes).status_code == 400
    assert client.post("/_emulator/organizations", json=org | {"tenant": "other"}).json()["tenant"] == "other"


def test_a_rate_limit_answers_429_with_and_without_retry_after(client):
    client.post("/_emulator/load", json={"rate_per_second": 1, "retry_after": 3})
    refused = next(response for response in (client.get(f"{FLOW}/flows") for _ in range(50)) if response.is_error)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    client.post("/_emulator/load", json={"retry_after": None})
    refused = next(response for response in (client.get(f"{FLOW}/flows") for _ in range(50)) if response.is_error)
    assert "retry-after" not in refused.headers


def test_latency_applies_to_every_request():
    with start(specs_dir=SPECS, latency_ms=60) as running, Client(running.url) as client:
        begin = time.perf_counter()
        client.get(f"{FLOW}/flows")
        assert time.perf_counter() - begin >= 0.06


def test_unknown_control_operations(client):
    assert client.get("/_emulator/nothing").status_code == 404
    assert client.get("/_emulator/reset").status_code == 405
    assert client.post("/_emulator/faults", content=b"{").status_code == 400


def test_sandboxes_hold_nothing_of_each_other(client):
    flow = client.flow()
    schema_id = client.schema(title="Only in dev")
    prod = {"x-sandbox-name": "prod"}
    assert client.get(f"{FLOW}/flows/{flow['id']}", headers=prod).status_code == 404
    assert client.get(f"{FLOW}/connections", headers=prod).json()["items"] == []
    assert client.get(f"{CATALOG}/dataSets", headers=prod).json() == {}
    assert client.get(f"{REGISTRY}/stats", headers=prod).json()["counts"]["schemas"] == 0
    reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}
    refused = client.post(f"{CATALOG}/dataSets", json={"name": "x", "schemaRef": reference}, headers=prod)
    assert refused.status_code == 400


def test_organizations_hold_nothing_of_each_other(client):
    org = {
        "id": "ACME@AdobeOrg",
        "tenant": "acme",
        "sandboxes": [{"name": "dev"}],
        "clients": [{"id": "acme-client", "secret": "s"}],
    }
    assert client.post("/_emulator/organizations", json=org).status_code == 201
    client.flow()
    headers = {"x-gw-ims-org-id": "ACME@AdobeOrg", "x-api-key": "acme-client"}
    with Client(client.url, **headers) as other:
        assert other.get(f"{FLOW}/flows").json()["items"] == []
        assert other.schema().startswith("https://ns.adobe.com/acme/schemas/")
        assert [item["name"] for item in other.get("/data/foundation/sandbox-management/").json()["sandboxes"]] == [
            "dev"
        ]
        client.post("/_emulator/reset")
        assert other.get(f"{FLOW}/flows").json()["error_code"] == "403003"


def test_sandbox_management(client):
    path = "/data/foundation/sandbox-management"
    for listing in (f"{path}/", f"{path}/sandboxes"):
        found = client.get(listing).json()["sandboxes"]
        assert [(item["name"], item["type"]) for item in found] == [("prod", "production"), ("dev", "development")]
    assert client.get(f"{path}/sandboxes/dev").json()["state"] == "active"
    assert client.get(f"{path}/sandboxes/none").status_code == 404
    body = {"name": "test", "title": "Test", "type": "development"}
    assert client.post(f"{path}/sandboxes", json=body).status_code == 202
    assert client.post(f"{path}/sandboxes", json=body).status_code == 409
    test = {"x-sandbox-name": "test"}
    assert client.get(f"{FLOW}/flows", headers=test).status_code == 200
    assert client.patch(f"{path}/sandboxes/test", json={"title": "Other"}).json()["title"] == "Other"
    assert client.put(f"{path}/sandboxes/test", json={"action": "reset"}).status_code == 202
    assert client.delete(f"{path}/sandboxes/test").status_code == 202
    assert client.get(f"{FLOW}/flows", headers=test).status_code == 404
    assert client.delete(f"{path}/sandboxes/prod").status_code == 400


def own_address():
    """Return an address of this machine that is not a loopback one, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") or address == "0.0.0.0" else address


@pytest.mark.skipif(own_address() is None, reason="this machine has only loopback addresses")
def test_control_plane_local_token_and_page_answer_only_on_loopback():
    with start(specs_dir=SPECS, host="0.0.0.0") as running:
        url = f"http://{own_address()}:{running.url.rpartition(':')[2]}"
        with Client(url) as outside:
            assert outside.post("/_emulator/reset").status_code == 403
            assert outside.get(f"{FLOW}/flows").json()["error_code"] == "401013"
            assert outside.get("/").status_code == 404
            form = {"grant_type": "client_credentials", "client_id": "local-client", "scope": "openid"}
            token = outside.post("/ims/token/v3", data=form | {"client_secret": "local-secret"}).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            assert outside.get(f"{FLOW}/flows", headers=headers).status_code == 200


def test_jitter_is_the_same_with_the_same_seed():
    def delays(seed):
        profile = LoadProfile(10)
        profile.update({"jitter_ms": 50, "seed": seed})
        return [profile.delay_seconds() for _ in range(5)]

    assert delays(7) == delays(7) != delays(8)
    assert all(0.01 <= delay <= 0.06 for delay in delays(7))
