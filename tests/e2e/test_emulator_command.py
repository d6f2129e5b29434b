"""The emulator from the command line: served, seeded, reset."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from surroundings import EXAMPLES, Platform, Workspace

SCENARIO = {
    "requests": [
        {
            "as": "schema",
            "path": "/data/foundation/schemaregistry/tenant/schemas",
            "body": {
                "type": "object",
                "title": "Seeded",
                "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}],
            },
        }
    ]
}


def test_serve_prints_where_it_listens_and_ends_on_sigterm(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "flowctl", "emulator", "serve", "--data-dir", str(tmp_path / "data")],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        first = process.stderr.readline()
        assert first.startswith("listening on http://127.0.0.1:")
        token = httpx.post(
            first.removeprefix("listening on ").strip() + "/ims/token/v3",
            data={
                "grant_type": "client_credentials",
                "client_id": "local-client",
                "client_secret": "local-secret",
                "scope": "openid",
            },
        )
        assert token.json()["token_type"] == "bearer"
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
        process.stderr.close()
    assert process.wait(10) == 0
    assert "local-secret" in rest


def test_a_scenario_is_loaded_and_dropped(examples: Workspace, platform: Platform) -> None:
    examples.write("scenario.json", json.dumps(SCENARIO))
    loaded = examples.run("emulator", "seed", str(examples.root / "scenario.json"), "--url", platform.url)
    assert loaded.code == 0, loaded.err
    path = "/data/foundation/schemaregistry/tenant/schemas"
    accept = {"Accept": "application/vnd.adobe.xed-id+json"}
    assert [found["title"] for found in platform.request("GET", path, headers=accept).json()["results"]] == ["Seeded"]
    refused = examples.run("emulator", "reset", "--url", platform.url)
    assert refused.code == 1
    assert examples.run("emulator", "reset", "--url", platform.url, "--auto-approve").code == 0
    assert platform.request("GET", path, headers=accept).json()["results"] == []


def test_a_scenario_that_is_none_is_refused(examples: Workspace, platform: Platform) -> None:
    for text in ("{", "[]", '{"wrong": 1}', '{"requests": [{"path": "/nowhere"}]}'):
        examples.write("scenario.json", text)
        result = examples.run("emulator", "seed", str(examples.root / "scenario.json"), "--url", platform.url)
        assert result.code == 1, text
        assert "not-a-scenario" in result.err


def test_the_workspace_s_own_platform_is_reset(examples: Workspace) -> None:
    examples.write("flowctl.yaml", (EXAMPLES / "flowctl.yaml").read_text())
    examples.apply("-e", "local")
    assert examples.run("emulator", "reset", "--auto-approve").code == 0
    plan = examples.run("plan", "--format", "json")
    assert {change["reason"] for change in plan.json["changes"]} == {"missing_remotely"}
