"""The requests of Adobe's pages about monitoring, on-demand runs and error diagnostics, answered as documented.

`documented_run_requests.json` has each request with its page, and the members that its sample reply shows. `without`
names the members that the emulator leaves out, each with the reason; `settings` are the emulator's settings of the
page's side.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import LANDING_ZONE

REQUESTS = json.loads(Path(__file__).with_name("documented_run_requests.json").read_text(encoding="utf-8"))
_TYPES = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean"}
ONCE = {"startTime": "1767225600", "frequency": "once"}


@pytest.fixture
def names(client):
    """What stands for the IDs of the pages: a flow of files that has run and rejected rows, and one of a table."""
    client.settings(runOutcome="partial")
    files = client.flow(**_of_files(client))["id"]
    made = client.post("/_emulator/runs", json={"flowId": files}).json()
    run = client.one("runs", made["id"])
    (batch,) = run["activities"][1]["targetInfo"][0]["reference"]["ids"]
    table = client.flow(scheduleParams=ONCE)["id"]
    return {"FLOW_ID": files, "RUN_ID": made["id"], "BATCH_ID": batch, "TABLE_FLOW_ID": table}


def _of_files(client) -> dict[str, Any]:
    body = client.flow_body()
    data, params = {"format": "delimited"}, {"path": "/x.csv"}
    source = client.source(None, connectionSpec=LANDING_ZONE, data=data, params=params)["id"]
    return {
        **body,
        "flowSpec": {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"},
        "sourceConnectionIds": [source],
        "scheduleParams": ONCE,
        "options": {"errorDiagnosticsEnabled": True},
    }


@pytest.mark.parametrize("documented", REQUESTS, ids=lambda each: f"{each['method']} {each['path']}")
def test_each_request_is_answered_as_documented(client, names, documented):
    client.settings(**documented.get("settings", {}))
    response = client.request(
        documented["method"], _filled(documented["path"], names), json=_filled(documented.get("body"), names)
    )
    assert response.status_code == documented.get("instead_status", documented["status"]), response.text
    reply = json.loads(response.text.splitlines()[0]) if documented.get("lines") else response.json()
    without = documented.get("without", {})
    found = dict(_members(_unfilled(reply, names)))
    expected = {path: kind for path, kind in documented["members"].items() if path not in without}
    assert {path: found.get(path) for path in expected} == expected
    assert [path for path in without if path in found] == []


def test_every_difference_has_a_reason_and_a_member() -> None:
    for documented in REQUESTS:
        assert documented["source"].startswith("https://experienceleague.adobe.com/")
        without = documented.get("without", {})
        assert without.keys() <= documented["members"].keys()
        assert all(without.values())


def _filled(value: Any, names: dict[str, str]) -> Any:
    text = json.dumps(value)
    for name, id_ in names.items():
        text = text.replace(f"{{{name}}}", id_)
    return json.loads(text)


def _unfilled(reply: Any, names: dict[str, str]) -> Any:
    """The reply with the name of the batch where it is a key."""
    if isinstance(reply, dict) and names["BATCH_ID"] in reply:
        return {"{BATCH_ID}": reply[names["BATCH_ID"]]}
    return reply


def _members(value: Any, path: str = ""):
    """Each member with its type; items of a list share a path."""
    yield path, _TYPES.get(type(value), "null")
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _members(member, f"{path}.{name}" if path else name)
    if isinstance(value, list):
        for item in value:
            yield from _members(item, f"{path}[]")
