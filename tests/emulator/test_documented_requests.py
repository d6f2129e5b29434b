"""The requests of the pages that docs/reference/platform.md cites, answered as documented.

`documented_requests.json` has each request with its page, the documented status and the members of the sample reply
with their types. `settings` are the emulator's settings of the page's side, `without` the members that the emulator
leaves out with the reason, and `instead_status` with `because` a status that is not the documented one. The requests
about runs are in `documented_run_requests.json`.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from . import documented_page
from .conftest import FLOW, REGISTRY, XDM
from .test_documented_run_requests import _filled, _members

REQUESTS = documented_page.requests(documented_page.FILE)
STREAM_SPEC = "c1a19761-d2c7-4702-b9fa-fe91f0613e81"
HTTP_API = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}
ACCEPT = {"Accept": "application/vnd.adobe.xed+json;version=1"}


@pytest.fixture
def names(client, documented):
    """What stands for the names in braces of the pages, made as far as the request needs it."""
    client.settings(**documented.get("settings", {}))
    text = str(documented)
    if REGISTRY in documented["path"]:
        return _of_registry(client)
    if documented["path"].endswith("offset=1"):
        for number in range(5):
            client.made("/data/foundation/sandbox-management/sandboxes", _sandbox(number), 202)
    if "{CONNECTION_ID}" in text:
        made = client.base()
        etag = client.one("connections", made["id"])["etag"]
        return {"CONNECTION_ID": made["id"], "CONNECTION_ETAG": etag, "BARE_ETAG": etag.strip('"')}
    if "{FLOW_ID}" in text:
        return _of_flow(client)
    return _of_draft(client, documented) if "{SOURCE_ID}" in text or "{DRAFT_ID}" in text else {}


def _sandbox(number: int) -> dict[str, str]:
    return {"name": f"extra-{number}", "title": f"Extra {number}", "type": "development"}


def _of_flow(client) -> dict[str, str]:
    made = client.flow(description="Text")
    assert client.post("/_emulator/runs", json={"flowId": made["id"]}).status_code < 300
    changed = client.patched("flows", made, {"op": "replace", "path": "/scheduleParams/frequency", "value": "day"})
    assert changed.status_code == 200, changed.text
    flow = client.one("flows", made["id"])
    mapping_id = flow["transformations"][0]["params"]["mappingId"]
    return {"FLOW_ID": made["id"], "FLOW_ETAG": flow["etag"], "MAPPING_ID": mapping_id}


def _of_draft(client, documented) -> dict[str, str]:
    schema_id = client.schema()
    auth = {"specName": "Streaming Connection", "params": {"sourceId": "s", "dataType": "raw", "name": "s"}}
    base = client.base(connectionSpec=HTTP_API, auth=auth)["id"]
    data = {"format": "json"}
    source = client.source(base, connectionSpec=HTTP_API, data=data, params={})["id"]
    target = client.target(schema_id, client.dataset(schema_id))["id"]
    found = {"SOURCE_ID": source, "TARGET_ID": target, "STREAM_SPEC": STREAM_SPEC}
    if "{SOURCE_ID}" in str(documented):
        return found
    spec = {"id": STREAM_SPEC, "version": "1.0"}
    body = {"name": "Draft", "sourceConnectionIds": [source], "targetConnectionIds": [target], "flowSpec": spec}
    mapping_id = client.mapping_set(schema_id)
    if "publish" in documented["path"]:
        body["transformations"] = [{"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": 0}}]
    made = client.made(f"{FLOW}/flows?mode=draft", body)
    return found | {"DRAFT_ID": made["id"], "DRAFT_ETAG": made["etag"], "MAPPING_ID": mapping_id}


def _of_registry(client) -> dict[str, str]:
    fields = {"_local": {"type": "object", "properties": {"points": {"type": "integer", "title": "Points"}}}}
    group = client.made(
        f"{REGISTRY}/tenant/fieldgroups",
        {
            "type": "object",
            "title": "Points",
            "description": "Ours",
            "meta:intendedToExtend": [f"{XDM}/profile"],
            "definitions": {"customFields": {"type": "object", "properties": fields}},
            "allOf": [{"$ref": "#/definitions/customFields"}],
        },
    )
    identified = client.schema(description="Ours")
    descriptor = client.made(
        f"{REGISTRY}/tenant/descriptors",
        {
            "@type": "xdm:descriptorIdentity",
            "xdm:sourceSchema": identified,
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": "/personalEmail/address",
            "xdm:namespace": "Email",
            "xdm:property": "xdm:code",
            "xdm:isPrimary": False,
        },
    )
    alt_ids = {"SCHEMA_ID": identified, "DESCRIPTOR_ID": descriptor["@id"]}
    for name in ("SCHEMA_ALT_ID", "SPARE_ALT_ID"):
        id_ = client.schema(description="Ours")
        listed = client.get(f"{REGISTRY}/tenant/schemas", headers={"Accept": "application/vnd.adobe.xed-id+json"})
        (alt_ids[name],) = (each["meta:altId"] for each in listed.json()["results"] if each["$id"] == id_)
    return {"GROUP_ID": group["$id"], "GROUP_ALT_ID": group["meta:altId"], **alt_ids}


@pytest.mark.parametrize("documented", REQUESTS, ids=lambda each: f"{each['method']} {each['path']}")
def test_each_request_is_answered_as_documented(client, names, documented):
    printed = documented.get("headers", {})
    headers = {name: names.get(value.strip("{}"), value) for name, value in printed.items()}
    body = _filled(documented.get("body"), names)
    response = client.request(documented["method"], _filled(documented["path"], names), json=body, headers=headers)
    assert response.status_code == documented.get("instead_status", documented["status"]), response.text
    if "instead_status" in documented or not documented["members"]:
        return
    found = dict(_members(response.json()))
    without = documented.get("without", {})
    expected = {path: kind for path, kind in documented["members"].items() if path not in without}
    expected |= {path: kind for path, (kind, _) in documented.get("otherwise", {}).items()}
    assert {path: found.get(path) for path in expected} == expected
    assert [path for path in without if path in found] == []


def test_every_request_has_its_page_and_every_difference_its_reason() -> None:
    for documented in REQUESTS:
        assert urlsplit(documented["source"]).netloc == "experienceleague.adobe.com"
        assert bool(documented.get("because")) == ("instead_status" in documented)
        assert documented.get("instead_status") != documented["status"]
        assert documented.get("without", {}).keys() <= documented["members"].keys()
        assert all(documented.get("without", {}).values())
        otherwise = documented.get("otherwise", {})
        assert all(documented["members"][path] != kind and reason for path, (kind, reason) in otherwise.items())


def test_a_page_of_sandboxes_links_to_those_beside_it(client):
    sandboxes = "/data/foundation/sandbox-management/sandboxes"
    for number in range(2):
        client.made(sandboxes, _sandbox(number), 202)
    middle = client.get(f"{sandboxes}?limit=1&offset=1").json()["_links"]
    assert [each["name"] for each in client.get(middle["prev"]["href"]).json()["sandboxes"]] == ["prod"]
    assert middle["next"]["href"].endswith("/?limit={limit}&offset={offset}")
    assert client.get(sandboxes).json()["_links"].keys() == {"page"}
    assert client.get(f"{sandboxes}?limit=2&offset=2").json()["_links"].keys() == {"page", "prev"}
    assert "offset=0&" in client.get(f"{sandboxes}?limit=3&offset=1").json()["_links"]["prev"]["href"]


def test_the_page_counts_and_tells_the_differences() -> None:
    page = documented_page.page()
    every = REQUESTS + documented_page.requests(documented_page.OF_RUNS) + documented_page.replays()
    assert f"Of {len(every)} requests, " in page
    assert page.count("\n| `") == len(every)
    assert "404 instead of 200: " in page
    assert "without `description`, without `definitions.record." in page
    assert "the reply is of type array, without `items`, " in page


def test_the_page_of_the_documented_requests_is_current() -> None:
    page = (Path(__file__).parents[2] / "docs" / "project" / "emulator-documents.md").read_text(encoding="utf-8")
    assert page == documented_page.page(), "run python -m tests.emulator.documented_page and its file"
