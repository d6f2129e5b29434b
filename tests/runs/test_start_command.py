"""`flowctl runs start`, `retry` and `watch`: what is refused before anything is sent, and replies that get lost."""

import json
import threading
import time
from typing import Any

import pytest
from run_bodies import RUNS, advance, flow_id, ran, settings
from surroundings import FLOWS, Platform, Workspace

ONCE = "hubspot-contacts"
TABLE = "shopify-orders"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def runs(platform: Platform) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = platform.request("GET", RUNS).json()["items"]
    return found


def test_a_run_is_started(applied: Workspace, platform: Platform) -> None:
    result = applied.run("runs", "start", ONCE, "--format", "json")
    assert result.code == 0, result.err
    (run,) = result.json["runs"]
    (live,) = runs(platform)
    assert (run["id"], run["pipeline"], run["status"]) == (live["id"], ONCE, "success")
    assert live["flowId"] == flow_id(applied, ONCE)
    assert (live["params"]["windowStartTime"], live["params"]["deltaColumn"]) == (0, {"name": "updatedAt"})
    line = applied.run("runs", "start", ONCE).out
    assert line.startswith("Started run ")
    assert line.endswith(f" of {ONCE}: success.\n")


def test_a_table_without_a_delta_column_is_read_without_a_window(applied: Workspace, platform: Platform) -> None:
    assert applied.run("runs", "start", TABLE).code == 0
    (live,) = runs(platform)
    assert live["params"] == {}


def test_a_window_is_sent_in_seconds(applied: Workspace, platform: Platform) -> None:
    arguments = ("--from", "2026-01-01", "--to", "2026-01-02T00:00:00Z", "--delta-column", "updatedAt")
    assert applied.run("runs", "start", TABLE, *arguments).code == 0
    (live,) = runs(platform)
    assert live["params"]["windowStartTime"] == 1_767_225_600
    assert live["params"]["windowEndTime"] == 1_767_312_000
    assert live["params"]["deltaColumn"] == {"name": "updatedAt"}
    assert len(str(live["params"]["startTime"])) == 10
    assert applied.run("runs", "start", TABLE, "--from", "1d").code == 0
    newest = max(runs(platform), key=lambda run: run["params"]["startTime"])
    assert newest["params"]["deltaColumn"] == {"name": "updatedAt"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("shop-customers",), "run-not-on-demand", "it runs on a schedule of its own"),
        ((TABLE, "--from", "2026-01-02", "--to", "2026-01-01"), "run-window", "`--to` is before `--from`"),
        ((TABLE, "--from", "1d"), "run-window", "has no delta column"),
        (("none",), "pipeline-not-applied", "no dataflow of a pipeline"),
    ],
)
def test_what_the_platform_would_reject_is_refused_before(
    applied: Workspace, platform: Platform, arguments: tuple[str, ...], code: str, words: str
) -> None:
    platform.clear_log()
    result = applied.run("runs", "start", *arguments, "--format", "json")
    (found,) = result.json["diagnostics"]
    assert (result.code, found["code"]) == (1, code)
    assert words in found["summary"]
    assert platform.writes() == []


def test_the_delta_column_cannot_change(applied: Workspace, platform: Platform) -> None:
    assert applied.run("runs", "start", TABLE, "--from", "1d", "--delta-column", "updatedAt").code == 0
    platform.clear_log()
    result = applied.run("runs", "start", TABLE, "--from", "1d", "--delta-column", "createdAt")
    assert (result.code, 'is "updatedAt" and cannot change' in result.err) == (1, True)
    assert platform.writes() == []


def test_a_streaming_pipeline_is_not_started(applied: Workspace, platform: Platform) -> None:
    lock = (applied.root / "flowctl.dev.lock").read_text(encoding="utf-8")
    assert '"frequency": "once"' in lock
    platform.clear_log()
    document = json.loads(lock)
    del document["entries"][f"{ONCE}.flow"]["applied"]["scheduleParams"]
    (applied.root / "flowctl.dev.lock").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
    result = applied.run("runs", "start", ONCE)
    assert (result.code, "it is a streaming dataflow" in result.err) == (1, True)
    assert platform.log() == []


def test_a_run_whose_reply_is_lost_is_found_and_not_started_twice(applied: Workspace, platform: Platform) -> None:
    applied.run("runs", "start", ONCE)
    platform.fault(match={"method": "POST", "path": RUNS}, nth=1, times=1, effect={"drop": "after"})
    result = applied.run("runs", "start", ONCE, "--format", "json")
    assert result.code == 0, result.err
    assert len(runs(platform)) == 2
    assert result.json["runs"][0]["id"] in {run["id"] for run in runs(platform)}


def test_a_run_that_was_not_started_is_an_error(applied: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "POST", "path": RUNS}, nth=1, times=1, effect={"drop": "before"})
    result = applied.run("runs", "start", ONCE)
    assert result.code == 1
    assert "flowctl runs list --limit 5" in result.err
    assert runs(platform) == []


def test_a_rejection_is_told_as_it_is(applied: Workspace, platform: Platform) -> None:
    platform.request("POST", f"{FLOWS}/{flow_id(applied, ONCE)}/action?op=disable").raise_for_status()
    result = applied.run("runs", "start", ONCE)
    assert (result.code, "disabled" in result.err) == (1, True)


def test_a_failed_run_is_repeated(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, "shop-customers", "failed")
    settings(platform, runOutcome="success")
    (run,) = applied.run("runs", "retry", run_id, "--format", "json").json["runs"]
    assert (run["pipeline"], run["status"]) == ("shop-customers", "success")
    (again,) = [live for live in runs(platform) if live["id"] == run["id"]]
    assert again["predecessors"][0]["id"] == run_id


@pytest.mark.parametrize("outcome", ["success", "partial"])
def test_other_runs_are_not_repeated(applied: Workspace, platform: Platform, outcome: str) -> None:
    run_id = ran(platform, applied, "shop-customers", outcome)
    platform.clear_log()
    result = applied.run("runs", "retry", run_id)
    assert (result.code, f"because its status is {outcome}" in result.err) == (1, True)
    assert "    Wait for the next run, which `flowctl status` shows.\n" in result.err
    assert platform.writes() == []


def test_a_run_on_demand_is_started_anew_if_it_cannot_be_repeated(applied: Workspace, platform: Platform) -> None:
    result = applied.run("runs", "retry", ran(platform, applied, ONCE, "partial"))
    assert (result.code, f"Run `flowctl runs start {ONCE}` to start a new run." in result.err) == (1, True)


def test_a_run_of_a_dataflow_without_a_pipeline_leaves_the_next_one(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, ONCE, "partial")
    assert applied.run("state", "rm", f"{ONCE}.flow", "--auto-approve").code == 0
    assert "Wait for the next run of the dataflow." in applied.run("runs", "retry", run_id).err


def test_an_empty_run_is_repeated(applied: Workspace, platform: Platform) -> None:
    assert applied.run("runs", "retry", ran(platform, applied, "shop-customers", "empty")).code == 0


def test_what_failed_since_is_repeated_unless_it_succeeded_later(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "support-tickets", "failed")
    advance(platform, hours=3)
    ran(platform, applied, "shop-customers", "failed")
    ran(platform, applied, "partner-files", "failed")
    advance(platform, minutes=1)
    ran(platform, applied, "partner-files")
    result = applied.run("runs", "retry", "--failed", "--since", "2h", "--format", "json")
    assert [run["pipeline"] for run in result.json["runs"]] == ["shop-customers"]
    nothing = applied.run("runs", "retry", "--failed", "--since", "2h")
    assert (nothing.code, nothing.out) == (0, "Started no run, because no pipeline failed in its last run.\n")


def test_one_rejection_does_not_keep_the_others_from_being_repeated(applied: Workspace, platform: Platform) -> None:
    for name in ("shop-customers", "partner-files"):
        ran(platform, applied, name, "failed")
    settings(platform, runOutcome="success")
    platform.request("POST", f"{FLOWS}/{flow_id(applied, 'shop-customers')}/action?op=disable").raise_for_status()
    result = applied.run("runs", "retry", "--failed", "--since", "2h", "--format", "json")
    assert result.code == 1
    assert [run["pipeline"] for run in result.json["runs"]] == ["partner-files"]
    assert len(result.json["diagnostics"]) == 1


@pytest.mark.parametrize("arguments", [(), ("--failed",), ("--since", "2h"), ("some-id", "--failed", "--since", "2h")])
def test_a_retry_needs_a_run_or_a_time(applied: Workspace, arguments: tuple[str, ...]) -> None:
    result = applied.run("runs", "retry", *arguments)
    assert (result.code, "expected either RUN, or `--failed` and `--since`" in result.err) == (1, True)


def test_a_run_is_watched_to_its_end(applied: Workspace, platform: Platform) -> None:
    settings(platform, transitions="reads", transitionCount=1)
    applied.run("runs", "start", ONCE)
    result = applied.run("runs", "watch", ONCE)
    assert result.code == 0
    assert " success " in result.out
    assert f"{ONCE}: run " in result.err
    assert "is in progress" in result.err


@pytest.mark.parametrize(("outcome", "code"), [("failed", 1), ("partial", 0), ("success", 0)])
def test_the_end_of_a_watched_run_is_the_exit_code(
    applied: Workspace, platform: Platform, outcome: str, code: int
) -> None:
    ran(platform, applied, ONCE, outcome)
    assert applied.run("runs", "watch", ONCE).code == code


def test_a_run_that_does_not_end_in_time(applied: Workspace, platform: Platform) -> None:
    settings(platform, transitions="seconds", transitionCount=3600)
    applied.run("runs", "start", ONCE)
    result = applied.run("runs", "watch", ONCE, "--timeout", "1s")
    assert (result.code, "is pending after 1 s" in result.err) == (1, True)


def test_a_pipeline_that_never_ran_has_nothing_to_watch(applied: Workspace) -> None:
    result = applied.run("runs", "watch", ONCE)
    assert (result.code, "has not run yet" in result.err) == (1, True)


def test_a_run_of_all_files_has_the_widest_window(applied: Workspace, platform: Platform) -> None:
    applied.edit("pipelines/partner-files.yaml", "  frequency: day\n  interval: 1\n", "  frequency: once\n")
    lines = (applied.root / "pipelines/partner-files.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("  backfill:")]
    (applied.root / "pipelines/partner-files.yaml").write_text("".join(kept), encoding="utf-8")
    applied.apply()
    result = applied.run("runs", "start", "partner-files")
    assert result.code == 0, result.err
    (live,) = runs(platform)
    params = live["params"]
    assert set(params) == {"startTime", "windowStartTime", "windowEndTime"}
    assert (params["windowStartTime"], params["windowEndTime"]) == (0, params["startTime"])
    refused = applied.run("runs", "start", "partner-files", "--delta-column", "id")
    assert (refused.code, "it does not read a table" in refused.err) == (1, True)


def test_of_two_new_runs_none_is_taken_for_the_one_whose_reply_was_lost(applied: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "POST", "path": RUNS}, nth=1, times=1, effect={"drop": "after"})
    platform.fault(match={"method": "GET", "path": RUNS}, nth=2, times=1, effect={"delay_ms": 500})
    flow = flow_id(applied, ONCE)
    platform.clear_log()

    def start_another() -> None:
        for _ in range(200):
            if any(request["method"] == "POST" and request["path"] == RUNS for request in platform.log()):
                break
            time.sleep(0.01)
        platform.http.post("/_emulator/runs", json={"flowId": flow}).raise_for_status()

    other = threading.Thread(target=start_another)
    other.start()
    result = applied.run("runs", "start", ONCE)
    other.join()
    assert len(runs(platform)) == 2
    assert (result.code, "flowctl runs list --limit 5" in result.err) == (1, True)
