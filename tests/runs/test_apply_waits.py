"""`apply --wait`: the first run of what changed, of nothing else, and never for longer than it was told."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from run_bodies import advance, flow_id, ran, settings
from surroundings import EXAMPLES, FLOWS, Platform, Workspace

from flowctl.operations.runs import waiting

PIPELINE = "pipelines/shop-customers.yaml"
CUSTOMERS = "shop-customers"


@pytest.fixture
def changed(examples: Workspace, platform: Platform) -> Workspace:
    """An applied workspace, well inside its schedules, with an edit of one pipeline."""
    examples.begin_applied()
    advance(platform, days=30)
    examples.edit(
        PIPELINE,
        "{source: first_name, destination: person.name.firstName}",
        "{expression: trim(first_name), destination: person.name.firstName}",
    )
    return examples


@contextmanager
def running_after_the_apply(platform: Platform, workspace: Workspace, outcome: str) -> Iterator[None]:
    """Let the pipeline run as soon as its dataflow has changed."""
    flow = flow_id(workspace, CUSTOMERS)
    settings(platform, runOutcome=outcome)

    def watch() -> None:
        for _ in range(200):
            (live,) = platform.request("GET", f"{FLOWS}/{flow}").json()["items"]
            if live["transformations"][-1]["params"]["mappingVersion"] not in ("0", 0):
                platform.http.post("/_emulator/runs", json={"flowId": flow})
                return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    thread.join()


def test_the_first_run_of_what_changed_is_waited_for(changed: Workspace, platform: Platform) -> None:
    ran(platform, changed, CUSTOMERS, "failed")
    advance(platform, minutes=5)
    with running_after_the_apply(platform, changed, "success"):
        result = changed.run("apply", "--auto-approve", "--wait=2h")
    assert result.code == 0, result.out + result.err
    assert "Apply complete" in result.out
    *_, last, _, note = (line.split() for line in result.out.splitlines())
    assert note[:2] == ["*", "numbers:"]
    assert last[1:3] == [CUSTOMERS, "success"]
    assert f"{CUSTOMERS}: run " in result.err


@pytest.mark.parametrize(
    ("outcome", "fail_on", "code"),
    [("failed", "failed", 1), ("partial", "failed", 0), ("partial", "errors", 1)],
)
def test_how_it_ended_decides(changed: Workspace, platform: Platform, outcome: str, fail_on: str, code: int) -> None:
    with running_after_the_apply(platform, changed, outcome):
        result = changed.run("apply", "--auto-approve", "--wait=2h", "--fail-on", fail_on, "--format", "json")
    assert result.code == code, result.out
    (run,) = result.json["runs"]
    assert (run["pipeline"], run["status"]) == (CUSTOMERS, outcome)
    assert {step["status"] for step in result.json["steps"]} == {"done"}
    found = result.json["diagnostics"]
    assert len(found) == code
    for diagnostic in found:
        assert diagnostic["code"] == "run-failed"
        assert CUSTOMERS in diagnostic["summary"]
        assert "MAPPER-3700-400" in diagnostic["summary"]
        assert "flowctl preview" in diagnostic["detail"]
        assert f"flowctl runs errors {run['id']}" in diagnostic["detail"]


def test_a_failure_is_told_in_text(changed: Workspace, platform: Platform) -> None:
    with running_after_the_apply(platform, changed, "failed"):
        result = changed.run("apply", "--auto-approve", "--wait=2h")
    assert result.code == 1
    assert f"the first run of pipeline {CUSTOMERS} failed: CONNECTOR-2001-500, MAPPER-3700-400" in result.err


def test_a_run_that_does_not_come_in_time(changed: Workspace, platform: Platform) -> None:
    changed.edit(PIPELINE, "  frequency: hour", "  frequency: minute")
    changed.edit(PIPELINE, "  interval: 1", "  interval: 15")
    (live,) = platform.request("GET", f"{FLOWS}/{flow_id(changed, CUSTOMERS)}").json()["items"]
    now_s = platform.http.post("/_emulator/clock", json={"advanceSeconds": 0}).json()["now"] // 1000
    advance_to = 900 - (now_s - int(live["scheduleParams"]["startTime"])) % 900 - 1
    platform.http.post("/_emulator/clock", json={"advanceSeconds": advance_to + (900 if advance_to < 0 else 0)})
    result = changed.run("apply", "--auto-approve", "--wait=1s", "--format", "json")
    assert result.code == 1, result.out + result.err
    (found,) = result.json["diagnostics"]
    assert (found["code"], result.json["runs"]) == ("run-not-over", [])
    assert "has not started after 1 s" in found["summary"]


def test_what_is_due_later_is_not_waited_for(changed: Workspace, platform: Platform) -> None:
    began = time.monotonic()
    result = changed.run("apply", "--auto-approve", "--wait=1s")
    assert (result.code, f"Not waiting for {CUSTOMERS}: its next run is at 20" in result.err) == (0, True)
    assert time.monotonic() - began < 5


def test_a_disabled_dataflow_is_not_waited_for(changed: Workspace, platform: Platform) -> None:
    platform.request("POST", f"{FLOWS}/{flow_id(changed, CUSTOMERS)}/action?op=disable").raise_for_status()
    result = changed.run("apply", "--auto-approve", "--wait=2h")
    assert (result.code, f"Not waiting for {CUSTOMERS}: its dataflow is disabled." in result.err) == (0, True)


def test_a_single_run_that_was_is_not_waited_for(changed: Workspace, platform: Platform) -> None:
    ran(platform, changed, "hubspot-contacts")
    changed.edit("pipelines/hubspot-contacts.yaml", "title: HubSpot dataflow", "title: HubSpot contacts")
    result = changed.run("apply", "--auto-approve", "--target", "hubspot-contacts", "--wait")
    assert (result.code, "Not waiting for hubspot-contacts: it runs once, and has run." in result.err) == (0, True)


def test_without_a_change_there_is_nothing_to_wait_for(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    result = examples.run("apply", "--auto-approve", "--wait", "--format", "json")
    assert (result.code, result.json["runs"]) == (0, [])
    assert "runs" not in examples.run("apply", "--auto-approve", "--format", "json").json


def test_other_failures_come_before_the_wait(changed: Workspace, platform: Platform) -> None:
    path = f"{FLOWS}/{flow_id(changed, CUSTOMERS)}"
    platform.fault(match={"method": "PATCH", "path": path}, times=1, effect={"status": 400})
    result = changed.run("apply", "--auto-approve", "--wait=2h")
    assert (result.code, "Apply incomplete" in result.out) == (1, True)
    assert "ot waiting" not in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--fail-on", "errors"), "`--fail-on` needs `--wait`"), (("--wait=soon",), "expected a duration such as 90m")],
)
def test_options_that_cannot_be_understood(changed: Workspace, arguments: tuple[str, ...], words: str) -> None:
    result = changed.run("apply", "--auto-approve", *arguments)
    assert (result.code, words in result.err) == (1, True)


def test_the_word_after_wait_is_the_saved_plan(changed: Workspace, platform: Platform) -> None:
    plan = str(changed.root / "plan.json")
    assert changed.run("plan", "--out", plan).code == 0
    platform.request("POST", f"{FLOWS}/{flow_id(changed, CUSTOMERS)}/action?op=disable").raise_for_status()
    refused = changed.run("apply", "--wait", plan)
    assert (refused.code, "the live object `shop-customers.flow` changed" in refused.err) == (1, True)
    assert changed.run("plan", "--out", plan).code == 0
    result = changed.run("apply", "--wait", plan)
    assert (result.code, f"Not waiting for {CUSTOMERS}: its dataflow is disabled." in result.err) == (0, True)


def test_a_duration_in_the_place_of_the_plan_is_answered_with_how_to_write_it(changed: Workspace) -> None:
    result = changed.run("apply", "--wait", "2h")
    assert (result.code, "to wait for 2h, write `--wait=2h`" in result.err) == (1, True)
    assert "there is no file --wait" in changed.run("apply", "--wait", "--", "--wait").err


def test_an_interrupt_leaves_the_changes_and_the_runs(changed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_wait: object, _seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting, "wait_for", interrupted)
    result = changed.run("apply", "--auto-approve", "--wait=2h")
    assert (result.code, "Apply complete" in result.out) == (130, True), result.out + result.err
    assert "The changes are applied, and the runs go on." in result.err
    assert changed.run("plan", "--detailed-exitcode").code == 0


def test_an_interrupt_leaves_the_document_of_what_was_applied(
    changed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_wait: object, _seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting, "wait_for", interrupted)
    result = changed.run("apply", "--auto-approve", "--wait=2h", "--format", "json")
    document = json.loads(result.out)
    assert (result.code, {step["status"] for step in document["steps"]}) == (130, {"done"})
    assert "The changes are applied, and the runs go on." in result.err


@pytest.fixture
def local(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The examples in environment `local`, where nothing but commands starts a run."""
    root = tmp_path / "local"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    return Workspace(root=root, capsys=capsys)


def test_what_is_due_runs_on_the_emulator_in_flowctl_too(local: Workspace) -> None:
    result = local.run("apply", "--auto-approve", "--target", "hubspot-contacts", "--wait=20s", "--format", "json")
    assert result.code == 0, result.out + result.err
    (run,) = json.loads(result.out)["runs"]
    assert (run["pipeline"], run["status"], run["records"]["written"]) == ("hubspot-contacts", "success", 4)
    again = local.run("apply", "--auto-approve", "--target", "hubspot-contacts", "--wait=20s", "--format", "json")
    assert (again.code, json.loads(again.out)["runs"]) == (0, [])


def test_what_is_not_due_is_not_waited_for_on_the_emulator_in_flowctl(local: Workspace) -> None:
    soon = f"startTime: {int(time.time()) + 5}"
    local.edit("pipelines/hubspot-contacts.yaml", "startTime: 1591043454", soon)
    result = local.run("apply", "--auto-approve", "--target", "hubspot-contacts", "--wait=20s")
    assert (result.code, "Not waiting for hubspot-contacts: its next run is at " in result.err) == (0, True)


def test_a_dataflow_that_is_still_being_updated_is_waited_for(
    changed: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = flow_id(changed, CUSTOMERS)
    settings(platform, transitions="seconds", transitionCount=30, runOutcome="success")

    def passes(_wait: object, _seconds: float) -> None:
        advance(platform, minutes=1)
        platform.http.post("/_emulator/runs", json={"flowId": flow})

    monkeypatch.setattr(waiting, "wait_for", passes)
    result = changed.run("apply", "--auto-approve", "--wait=2h", "--format", "json")
    assert result.code == 0, result.out + result.err
    (run,) = result.json["runs"]
    assert (run["pipeline"], run["status"]) == (CUSTOMERS, "success")
