"""What can be wrong about runs: of another sandbox, without an ID, a clock, no runs, no end, no rows, far too many."""

import json
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from run_bodies import FLOW, RUN, RUNS, advance, body, flow_id, ran, settings
from surroundings import Platform, Workspace

from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.model.request import Reply, Request
from flowctl.operations.runs.errors import run_errors
from flowctl.operations.session import Session

CUSTOMERS = "shop-customers"
KEEPS = "partner-files"
EXPORT = "/data/foundation/export"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def elsewhere(workspace: Workspace, platform: Platform) -> str:
    """A run in another sandbox of the same organization."""
    path = workspace.root / "flowctl.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}  other:\n    sandbox: prod\n{text.split('  dev:' + chr(10))[1]}", encoding="utf-8")
    workspace.apply("-e", "other", "--target", "hubspot-contacts")
    lockfile = json.loads((workspace.root / "flowctl.other.lock").read_text(encoding="utf-8"))
    flow = lockfile["entries"]["hubspot-contacts.flow"]["id"]
    reply = platform.http.post("/_emulator/runs", json={"flowId": flow, "sandbox": "prod"})
    run_id: str = reply.raise_for_status().json()["id"]
    return run_id


def test_a_run_of_another_sandbox_is_not_found_in_this_one(applied: Workspace, platform: Platform) -> None:
    run_id = elsewhere(applied, platform)
    assert applied.run("-e", "other", "runs", "show", run_id).code == 0
    platform.clear_log()
    for command in ("show", "errors", "retry"):
        result = applied.run("runs", command, run_id)
        assert (result.code, result.out) == (1, "")
        assert f'there is no run with the ID "{run_id}" in sandbox dev' in result.err
        assert "use another `--environment`" in result.err
    assert platform.writes() == []


@pytest.mark.parametrize("command", ["show", "errors", "retry"])
@pytest.mark.parametrize("run_id", ["nonsense", "a/../b", "", "%2e%2e", "\u0661" * 36, "x" * 5000])
def test_what_is_not_an_id_is_not_sent(applied: Workspace, platform: Platform, command: str, run_id: str) -> None:
    platform.clear_log()
    result = applied.run("runs", command, run_id)
    assert (result.code, result.out) == (1, "")
    assert "there is no run with the ID" in result.err
    asked = platform.log()
    assert [(each["method"], each["path"]) for each in asked] == [("GET", RUNS)], "the list alone, for the newest runs"
    assert "property=flowId" in asked[0]["query"]


def test_a_clock_that_was_set_back_hides_no_run(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, CUSTOMERS)
    advance(platform, days=-3)
    (run,) = applied.run("runs", "list", "--since", "1h", "--format", "json").json["runs"]
    assert run["id"] == run_id
    (found,) = applied.run("status", CUSTOMERS, "--format", "json").json["pipelines"]
    assert (found["overdue"], found["healthy"]) == (False, True)


def test_overdue_counts_from_the_clock_of_the_platform(applied: Workspace, platform: Platform) -> None:
    advance(platform, days=400)
    (found,) = applied.run("status", CUSTOMERS, "--format", "json").json["pipelines"]
    assert found["overdue"] is True
    assert found["nextRun"].startswith("2027-") or found["nextRun"] > "2027-12"
    assert applied.run("runs", "check", CUSTOMERS).code == 3


def test_a_flow_without_runs(applied: Workspace, platform: Platform) -> None:
    assert applied.run("runs", "list", CUSTOMERS).out.startswith("No run in environment dev since 20")
    (found,) = applied.run("status", CUSTOMERS, "--format", "json").json["pipelines"]
    assert (found["lastRun"], found["healthy"]) == (None, True)
    assert " never " in applied.run("status", CUSTOMERS).out
    assert applied.run("runs", "check", CUSTOMERS).code == 0
    watched = applied.run("runs", "watch", CUSTOMERS, "--timeout", "1s", "--format", "json")
    assert (watched.code, watched.json["diagnostics"][0]["code"]) == (1, "no-run")
    platform.clear_log()
    retried = applied.run("runs", "retry", "--failed", "--since", "24h")
    assert (retried.code, platform.writes()) == (0, [])


def test_a_run_that_never_ends_is_left_after_the_timeout(applied: Workspace, platform: Platform) -> None:
    settings(platform, transitions="seconds", transitionCount=10_000_000)
    run_id = ran(platform, applied, CUSTOMERS)
    watched = applied.run("runs", "watch", CUSTOMERS, "--timeout", "1s", "--format", "json")
    (found,) = watched.json["diagnostics"]
    assert (watched.code, found["code"]) == (1, "run-not-over")
    assert f"the run {run_id} of pipeline {CUSTOMERS} is pending after 1 s" in found["summary"]
    assert "The run goes on." in found["detail"]


@pytest.mark.parametrize("timeout", ["soon", "0s", "-1s", "1", "999999999w"])
def test_a_timeout_that_is_not_a_duration(applied: Workspace, platform: Platform, timeout: str) -> None:
    platform.clear_log()
    result = applied.run("runs", "watch", CUSTOMERS, f"--timeout={timeout}")
    assert (result.code, "--timeout" in result.err, platform.log()) == (1, True, [])


def test_rows_that_expire_while_they_are_read_are_an_error(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, KEEPS, "failed")
    batch = applied.run("runs", "show", run_id, "--format", "json").json["runs"][0]["batch"]
    path = f"{EXPORT}/batches/{batch}/meta"
    platform.fault(match={"method": "GET", "path": path}, nth=3, times=1, effect={"status": 404})
    result = applied.run("runs", "errors", run_id, "--out", str(applied.root / "rejected"))
    assert (result.code, result.out) == (1, "")
    assert "404" in result.err


def test_a_dataflow_that_was_deleted_says_so(applied: Workspace, platform: Platform) -> None:
    platform.request("DELETE", f"/data/foundation/flowservice/flows/{flow_id(applied, CUSTOMERS)}").raise_for_status()
    assert applied.run("runs", "list", CUSTOMERS).code == 0
    result = applied.run("runs", "check", CUSTOMERS)
    assert (result.code, "the dataflow is not found on Experience Platform" in result.out) == (3, True)


class ManyRows:
    """A run with this many files of this many rejected rows."""

    def __init__(self, files: int, rows: int) -> None:
        self.names = [f"conversion_errors_{number}.json" for number in range(files)]
        self.rows = rows
        self.files_read = 0

    def send(self, request: Request) -> Reply:
        if "/runs/" in request.path:
            reference = {"type": "Batch", "ids": ["b"]}
            return Reply(
                status=200, body={"items": [body("failed", activities=[{"targetInfo": [{"reference": reference}]}])]}
            )
        query = dict(request.query)
        if "start" in query:
            page = self.names[int(query["start"]) :][: int(query["limit"])]
            return Reply(status=200, body={"data": [{"name": name} for name in page]})
        self.files_read += 1
        code = ("MAPPER-3700-400", "INGEST-1401-400")[self.files_read % 2]
        return Reply(status=200, body=[{"id": number, "_errors": [{"code": code}]} for number in range(self.rows)])

    @property
    def session(self) -> Session:
        ledger = SimpleNamespace(lockfile=SimpleNamespace(entries={}))
        environment = SimpleNamespace(name="dev", sandbox="dev")
        known = SimpleNamespace(send=self.send, ledger=ledger, environment=environment, clock=PlatformClock())
        return cast(Session, known)


def test_a_hundred_thousand_rows_are_written_file_by_file(tmp_path: Path) -> None:
    many = ManyRows(files=250, rows=400)
    tracemalloc.start()
    found = run_errors(many.session, RUN, sample=0, values=False, out=tmp_path / "rows")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.run.flow_id, found.written, len(found.rows)) == (FLOW, 100_000, 0)
    counts = {error.code: error.records for error in found.errors}
    assert counts == {"MAPPER-3700-400": 50_000, "INGEST-1401-400": 50_000}
    assert peak < 5_000_000
    files = sorted((tmp_path / "rows").iterdir())
    assert len(files) == 250
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) == 100_000


def test_a_sample_of_a_hundred_thousand_rows_reads_one_file() -> None:
    many = ManyRows(files=250, rows=400)
    found: Any = run_errors(many.session, RUN, sample=10, values=False, out=None)
    assert (len(found.rows), many.files_read) == (10, 1)
