"""A story: apply and wait, break a mapping, run, find out why it failed, fix it, retry, and all is well again.

Runs read the files of the examples, so that numbers and rejected rows are those of the mappings.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from surroundings import DEV, EXAMPLES, FLOWS, SCHEMAS, Platform, Workspace

from flowctl import emulator

NAME = "hubspot-contacts"
PIPELINE = f"pipelines/{NAME}.yaml"
GOOD = "{source: Vid, destination: _id}"
BROKEN = f"""{GOOD}
  - {{expression: 'iif(Vid == "103", Properties_Firstname_Value, "male")', destination: person.gender}}"""
"""Mappings that give one row a gender that the schema does not have."""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    with (
        emulator.start(specs_dir=SCHEMAS, data_dir=tmp_path / "data", sources=EXAMPLES / "sources") as running,
        httpx.Client(base_url=running.url) as http,
    ):
        yield Platform(url=running.url, http=http)


@pytest.fixture
def workspace(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    made = Workspace(root=tmp_path / "workspace", capsys=capsys, platform=platform)
    shutil.copytree(EXAMPLES, made.root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    made.write("flowctl.yaml", DEV.format(url=platform.url))
    path = made.root / PIPELINE
    path.write_text(path.read_text(encoding="utf-8") + "options: {errorDiagnosticsEnabled: true}\n", encoding="utf-8")
    return made


@contextmanager
def its_schedule(platform: Platform) -> Iterator[None]:
    """Let the dataflow run as soon as it is there, as its schedule would."""

    def run() -> None:
        for _ in range(600):
            for flow in platform.items("flows"):
                platform.http.post("/_emulator/runs", json={"flowId": flow["id"]}).raise_for_status()
                return
            time.sleep(0.05)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


def result(workspace: Workspace, *arguments: str, code: int = 0) -> Any:
    found = workspace.run(*arguments, "--format", "json")
    assert found.code == code, found.out + found.err
    return found.json


def test_from_apply_to_green(workspace: Workspace, platform: Platform) -> None:
    with its_schedule(platform):
        applied = result(workspace, "apply", "--auto-approve", "--wait=5m", "--target", NAME)
    (first,) = applied["runs"]
    assert (first["pipeline"], first["status"]) == (NAME, "success")
    assert first["records"] == {"read": 4, "written": 4, "failed": 0}

    path = workspace.root / PIPELINE
    text = path.read_text(encoding="utf-8")
    workspace.edit(PIPELINE, GOOD, BROKEN)
    result(workspace, "apply", "--auto-approve", "--target", NAME)
    (started,) = result(workspace, "runs", "start", NAME)["runs"]
    (failed,) = result(workspace, "runs", "watch", NAME, "--timeout", "5m", code=1)["runs"]
    assert (failed["id"], failed["status"]) == (started["id"], "failed")
    assert failed["records"]["failed"] == 1

    (unhealthy,) = result(workspace, "runs", "check", NAME, code=3)["pipelines"]
    assert [problem["code"] for problem in unhealthy["problems"]] == ["run_failed"]
    told = workspace.run("runs", "errors", failed["id"], "--sample", "5")
    assert told.code == 0, told.err
    assert "what to do: " in told.out
    assert "source: https://experienceleague.adobe.com/" in told.out
    (row,) = result(workspace, "runs", "errors", failed["id"], "--sample", "5", "--show-values")["rows"]
    assert (row["values"]["Vid"], set(row["codes"])) == ("103", {"MAPPER-3700-400"})

    path.write_text(text, encoding="utf-8")
    planned = result(workspace, "plan", "--target", NAME)
    (note,) = [note for change in planned["changes"] for note in change["notes"] if "The last run failed" in note]
    assert f"`flowctl runs errors {failed['id']}`" in note
    result(workspace, "apply", "--auto-approve", "--target", NAME)
    (again,) = result(workspace, "runs", "retry", failed["id"])["runs"]
    (green,) = result(workspace, "runs", "watch", NAME, "--timeout", "5m")["runs"]
    assert (green["id"], green["status"]) == (again["id"], "success")
    assert green["records"] == {"read": 4, "written": 4, "failed": 0}
    (healthy,) = result(workspace, "runs", "check", NAME)["pipelines"]
    assert (healthy["healthy"], healthy["lastRun"]["id"]) == (True, green["id"])
    assert [run["status"] for run in result(workspace, "runs", "list", NAME)["runs"]] == [
        "success",
        "failed",
        "success",
    ]
    assert platform.request("GET", FLOWS).json()["items"][0]["lastRunDetails"]["state"] == "success"
