"""The emulator from the command line: served, seeded, reset."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from surroundings import EXAMPLES, Platform, Workspace

from flowctl import emulator

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


@contextmanager
def _serving(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    arguments = [sys.executable, "-m", "flowctl", "emulator", "serve", "--data-dir", str(folder)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process, process.stderr.readline().removeprefix("listening on ").strip()
        finally:
            process.kill()


def _datasets(url: str, **options: object) -> httpx.Response:
    headers = {
        "Authorization": "Bearer local-token",
        "x-api-key": "local-client",
        "x-gw-ims-org-id": "LOCAL@AdobeOrg",
        "x-sandbox-name": "dev",
    }
    method = "POST" if options else "GET"
    return httpx.request(method, f"{url}/data/foundation/catalog/dataSets", headers=headers, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_damaged", [False, True], ids=["sound", "damaged"])
def test_a_folder_that_a_server_uses_is_not_reset(examples: Workspace, is_damaged: bool) -> None:
    folder = examples.root / "data"
    arguments = ("emulator", "reset", "--data-dir", str(folder), "--auto-approve")
    with _serving(folder) as (process, url):
        assert _datasets(url, json={"name": "kept"}).status_code == 201
        if is_damaged:
            (folder / "platform.sqlite3").write_bytes(b"x" * 5000)
        (folder / "datasets").mkdir(exist_ok=True)
        assert "[emulator-data]" in examples.run(*arguments[:-1]).err
        refused = examples.run(*arguments)
        assert refused.code == 1
        assert f"{folder} is used by the server at {url} (process {process.pid})" in refused.err
        assert f"`flowctl emulator reset --url {url}`" in refused.err
        assert "[emulator-data]" in refused.err
        assert (folder / "platform.sqlite3").exists()
        assert (folder / "datasets").exists()
        if not is_damaged:
            assert examples.run("emulator", "reset", "--url", url, "--auto-approve").code == 0
            assert _datasets(url).json() == {}
            assert _datasets(url, json={"name": "left"}).status_code == 201
    # The server was killed, and what it left does not matter.
    assert list(folder.glob("user-*")) != []
    assert examples.run(*arguments).code == 0
    assert [file.name for file in folder.iterdir()] == ["users.lock"]
    with _serving(folder) as (_, url):
        assert _datasets(url).json() == {}


def test_a_server_whose_folder_another_one_uses_is_not_reset(examples: Workspace) -> None:
    folder = examples.root / "data"
    with _serving(folder) as (_, url), _serving(folder) as (other, at):
        assert _datasets(url, json={"name": "kept"}).status_code == 201
        refused = examples.run("emulator", "reset", "--url", url, "--auto-approve")
        assert refused.code == 1
        assert f"{folder} is used by the server at {at} (process {other.pid})" in refused.err
        assert "[emulator-data]" in refused.err
        assert url not in refused.err
        assert len(_datasets(at).json()) == 1
        both = examples.run("emulator", "reset", "--data-dir", str(folder), "--auto-approve")
        assert url in both.err
        assert at in both.err
        assert "--url" not in both.err
        other.kill()
        other.wait()
        assert examples.run("emulator", "reset", "--url", url, "--auto-approve").code == 0
        assert _datasets(url).json() == {}


def test_a_folder_that_a_command_uses_is_not_reset(examples: Workspace) -> None:
    folder = examples.root / "data"
    with emulator.start(data_dir=folder):
        refused = examples.run("emulator", "reset", "--data-dir", str(folder), "--auto-approve")
    assert refused.code == 1
    assert f"{folder} is used by process {os.getpid()} [" in refused.err
    assert "Wait until that command has ended" in refused.err
