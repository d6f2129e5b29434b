"""The layer in front of every service: who is refused, in which order, with which body."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import httpx
import pytest

from .conftest import CATALOG, FLOW, HEADERS, PREP, REGISTRY, Client, code_of, raw_id


@pytest.mark.parametrize(
    ("left_out", "status", "code", "message"),
    [
        ("Authorization", 403, "403010", "Oauth token is missing."),
        ("x-api-key", 403, "403000", "Api Key is required"),
        ("x-gw-ims-org-id", 400, "400003", "Missing header"),
    ],
)
@pytest.mark.parametrize("path", [f"{FLOW}/flows", f"{REGISTRY}/stats", f"{CATALOG}/dataSets", f"{PREP}/mappingSets"])
def test_a_missing_header_is_refused(client, left_out, status, code, message, path):
    headers = {name: value for name, value in HEADERS.items() if name != left_out}
    response = httpx.get(client.url + path, headers=headers, verify=False)
    assert response.status_code == status
    assert response.json() == {"error_code": code, "message": message}


@pytest.mark.parametrize(
    ("header", "value", "status", "code"),
    [
        ("Authorization", "Bearer nonsense", 401, "401013"),
        ("Authorization", "Basic abc", 401, "401013"),
        ("x-api-key", "nobody", 403, "403003"),
        ("x-gw-ims-org-id", "OTHER@AdobeOrg", 403, "403025"),
        ("x-gw-ims-org-id", "malformed", 403, "403027"),
    ],
)
def test_a_wrong_header_is_refused(client, header, value, status, code):
    response = client.get(f"{FLOW}/flows", headers={header: value})
    assert (response.status_code, response.json()["error_code"]) == (status, code)


def test_the_token_is_checked_before_everything_else(client):
    response = httpx.get(f"{client.url}/data/foundation/flowservice/nowhere", verify=False)
    assert response.json()["error_code"] == "403010"


def test_a_body_needs_a_content_type(client):
    response = client.post(f"{FLOW}/flows", content=b"{}", headers={"Content-Type": "text/plain"})
    assert response.status_code == 400
    assert response.json()["detail"] == "A valid content-type must be specified"


def test_an_unknown_sandbox_is_a_404_of_the_service(client):
    response = client.get(f"{FLOW}/flows", headers={"x-sandbox-name": "nowhere"})
    assert code_of(response) == "FLOW-2100-404"


def test_of_a_header_that_stands_twice_the_first_counts(client):
    for first, second, status in (("dev", "nowhere", 200), ("nowhere", "dev", 404)):
        headers = [(name, value) for name, value in HEADERS.items() if name != "x-sandbox-name"]
        headers += [("x-sandbox-name", first), ("x-sandbox-name", second)]
        response = httpx.get(f"{client.url}/data/foundation/flowservice/flows", headers=headers, verify=False)
        assert response.status_code == status


@pytest.mark.parametrize("path", [f"{FLOW}s/flows", f"{FLOW}x", "/data/foundation"])
def test_a_path_of_no_service_is_told_by_the_gateway(client, path):
    assert client.get(path).json()["error_code"] == "404000"


def test_a_reply_has_the_date_of_the_platform(client):
    """The clock of the control plane is the platform's own."""
    for _ in range(2):
        before = parsedate_to_datetime(client.get(f"{FLOW}/flows").headers["Date"])
        client.post("/_emulator/clock", json={"advanceSeconds": 86_400}).raise_for_status()
        after = parsedate_to_datetime(client.get(f"{FLOW}/flows").headers["Date"])
        assert 86_400 <= (after - before).total_seconds() < 86_460


def test_a_resource_tells_the_type_of_its_sandbox(client):
    headers = {"Accept": "application/vnd.adobe.xed+json; version=1"}
    for sandbox, type_ in (("dev", "development"), ("prod", "production")):
        with Client(client.url, **{"x-sandbox-name": sandbox}) as there:
            place = f"{REGISTRY}/tenant/schemas/{raw_id(there.schema())}"
            assert there.get(place, headers=headers).json()["meta:sandboxType"] == type_


def test_a_missing_sandbox_is_refused(client):
    headers = {name: value for name, value in HEADERS.items() if name != "x-sandbox-name"}
    response = httpx.get(f"{client.url}/data/foundation/flowservice/flows", headers=headers, verify=False)
    assert code_of(response) == "FLOW-2105-400"


@pytest.mark.parametrize("in_query", [False, True])
def test_a_token_is_issued_and_works(client, in_query):
    form = {"grant_type": "client_credentials", "client_id": "local-client", "client_secret": "local-secret"}
    form["scope"] = "openid,AdobeID"
    where = {"params": form} if in_query else {"data": form}
    answer = client.post("/ims/token/v3", **where)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 86399
    with Client(client.url, Authorization=f"Bearer {answer.json()['access_token']}") as other:
        assert other.get(f"{FLOW}/flows").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": ""}, 400, "invalid_request"),
    ],
)
def test_a_token_is_refused(client, changes, status, error):
    form = {
        "grant_type": "client_credentials",
        "client_id": "local-client",
        "client_secret": "local-secret",
        "scope": "openid",
    } | changes
    response = client.post("/ims/token/v3", data=form)
    assert (response.status_code, response.json()["error"]) == (status, error)


def test_a_token_expires(client):
    client.settings(tokenSeconds=60)
    form = {"grant_type": "client_credentials", "client_id": "local-client", "client_secret": "local-secret"}
    token = client.post("/ims/token/v3", data=form | {"scope": "openid"}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{FLOW}/flows", headers=headers).status_code == 200
    client.post("/_emulator/clock", json={"advanceSeconds": 61})
    assert client.get(f"{FLOW}/flows", headers=headers).json()["error_code"] == "401013"


def test_a_client_without_write_permission_reads_only(client):
    reader = {"id": "reader", "secret": "s", "permissions": ["read"]}
    client.post("/_emulator/organizations", json={"id": "LOCAL@AdobeOrg", "tenant": "local", "clients": [reader]})
    form = {"grant_type": "client_credentials", "client_id": "reader", "client_secret": "s", "scope": "openid"}
    token = client.post("/ims/token/v3", data=form).json()["access_token"]
    with Client(client.url, **{"Authorization": f"Bearer {token}", "x-api-key": "reader"}) as other:
        assert other.get(f"{FLOW}/flows").status_code == 200
        assert code_of(other.post(f"{FLOW}/connections", json={"name": "x"})) == "FLOW-2118-403"
        assert code_of(other.post(f"{REGISTRY}/tenant/schemas", json={"title": "x"})) == "XDM-2010-403"


def test_unknown_paths_and_methods(client):
    assert client.get(f"{FLOW}/nowhere").status_code == 404
    assert client.get("/data/foundation/nowhere").status_code == 404
    response = client.put(f"{FLOW}/flows/abc", json={})
    assert response.status_code == 405
    assert "PATCH" in response.headers["allow"]
