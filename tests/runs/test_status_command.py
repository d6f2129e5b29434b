"""`flowctl status` and `runs check` against the emulator: state, last run, overdue, next run, health, requests."""

import sqlite3
from contextlib import closing
from typing import Any
from xml.etree import ElementTree

import pytest
from run_bodies import RUNS, advance, flow_id, ran, settings
from surroundings import FLOWS, Platform, Workspace

CUSTOMERS = "shop-customers"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def status(workspace: Workspace, *arguments: str, command: str = "status", code: int = 0) -> dict[str, Any]:
    """The documents of the pipelines by name."""
    result = workspace.run(*command.split(), "--format", "json", *arguments)
    assert result.code == code, result.out + result.err
    assert (result.json["formatVersion"], result.json["diagnostics"]) == ("1", [])
    return {each["name"]: each for each in result.json["pipelines"]}


def checked(workspace: Workspace, *arguments: str, code: int = 3) -> dict[str, list[str]]:
    """The codes of the problems of each pipeline that is not healthy."""
    found = status(workspace, *arguments, command="runs check", code=code)
    return {
        name: [problem["code"] for problem in each["problems"]]
        for name, each in found.items()
        if each["healthy"] is False
    }


def into_the_schedule(platform: Platform, workspace: Workspace) -> None:
    """Move the clock to where every schedule of the examples has begun, and let each pipeline run."""
    advance(platform, days=30)
    for name in ("hubspot-contacts", "partner-files", "shop-customers", "shopify-orders", "support-tickets"):
        ran(platform, workspace, name)


def test_before_the_first_apply_pipelines_are_not_applied(examples: Workspace, platform: Platform) -> None:
    platform.clear_log()
    found = status(examples)
    assert len(found) == 5
    assert found[CUSTOMERS] == {
        "name": CUSTOMERS,
        "state": "not_applied",
        "lastRun": None,
        "overdue": False,
        "nextRun": None,
        "healthy": None,
        "problems": [],
    }
    assert platform.log() == []
    assert checked(examples, code=0) == {}


def test_a_pipeline_whose_schedule_has_not_begun_is_healthy(applied: Workspace) -> None:
    found = status(applied)[CUSTOMERS]
    assert (found["state"], found["lastRun"], found["overdue"], found["healthy"]) == ("enabled", None, False, True)
    assert found["nextRun"] == "2026-12-01T00:00:00Z"


def test_the_last_run_has_its_numbers(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS, "failed")
    run_id = ran(platform, applied, CUSTOMERS, "partial")
    found = status(applied)[CUSTOMERS]
    assert (found["lastRun"]["id"], found["lastRun"]["status"]) == (run_id, "partial")
    assert found["lastRun"]["pipeline"] == CUSTOMERS
    assert found["lastRun"]["records"] == {"read": 100, "written": 97, "failed": 3}


def test_a_run_under_way_is_the_last_and_health_is_of_the_one_before(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS, "failed")
    advance(platform, minutes=1)
    settings(platform, transitions="seconds", transitionCount=3600)
    run_id = ran(platform, applied, CUSTOMERS)
    found = status(applied)[CUSTOMERS]
    assert (found["lastRun"]["id"], found["lastRun"]["status"]) == (run_id, "pending")
    assert [problem["code"] for problem in found["problems"]] == ["run_failed"]


def test_a_run_that_does_not_start_is_overdue_after_the_tolerance(applied: Workspace, platform: Platform) -> None:
    into_the_schedule(platform, applied)
    assert checked(applied, code=0) == {}
    advance(platform, days=2)
    assert CUSTOMERS in checked(applied)
    found = status(applied)[CUSTOMERS]
    assert (found["overdue"], found["healthy"]) == (True, False)
    assert checked(applied, CUSTOMERS, "--overdue", "7d", code=0) == {}
    ran(platform, applied, CUSTOMERS)
    assert status(applied)[CUSTOMERS]["overdue"] is False


def test_while_a_run_is_under_way_none_is_overdue(applied: Workspace, platform: Platform) -> None:
    into_the_schedule(platform, applied)
    settings(platform, transitions="seconds", transitionCount=10_000_000)
    ran(platform, applied, CUSTOMERS)
    advance(platform, days=5)
    assert status(applied)[CUSTOMERS]["overdue"] is False


def test_a_disabled_pipeline_is_not_judged(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS, "failed")
    platform.request("POST", f"{FLOWS}/{flow_id(applied, CUSTOMERS)}/action?op=disable").raise_for_status()
    found = status(applied)[CUSTOMERS]
    assert (found["state"], found["healthy"], found["nextRun"]) == ("disabled", None, None)
    assert found["lastRun"]["status"] == "failed"


def test_a_dataflow_that_is_gone_is_not_healthy(applied: Workspace, platform: Platform) -> None:
    platform.request("DELETE", f"{FLOWS}/{flow_id(applied, CUSTOMERS)}").raise_for_status()
    assert status(applied)[CUSTOMERS]["state"] == "missing"
    assert checked(applied) == {CUSTOMERS: ["missing"]}


@pytest.mark.parametrize(
    ("outcome", "options", "problems"),
    [
        ("success", (), None),
        ("failed", (), ["run_failed"]),
        ("failed", ("--max-failed-percent", "100"), ["run_failed"]),
        ("partial", (), ["rejected_rows"]),
        ("partial", ("--max-failed-percent", "2.9"), ["rejected_rows"]),
        ("partial", ("--max-failed-percent", "3"), None),
        ("empty", (), None),
    ],
)
def test_the_last_run_decides(
    applied: Workspace, platform: Platform, outcome: str, options: tuple[str, ...], problems: list[str] | None
) -> None:
    ran(platform, applied, CUSTOMERS, outcome)
    assert checked(applied, *options, code=3 if problems else 0) == ({CUSTOMERS: problems} if problems else {})


@pytest.mark.parametrize(
    ("health", "outcome", "problems"),
    [
        ("{maxFailedPercent: 5}", "partial", None),
        ("{maxFailedPercent: 0}", "partial", ["rejected_rows"]),
        ("{minRecords: 101}", "success", ["few_records"]),
        ("{minRecords: 100}", "success", None),
        ("{minRecords: 1}", "empty", ["few_records"]),
        ("{minRecords: 98}", "partial", ["few_records"]),
    ],
)
def test_the_health_of_a_manifest_wins_over_the_options(
    applied: Workspace, platform: Platform, health: str, outcome: str, problems: list[str] | None
) -> None:
    path = applied.root / "pipelines/shop-customers.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}health: {health}\n", encoding="utf-8")
    ran(platform, applied, CUSTOMERS, outcome)
    found = checked(applied, "--max-failed-percent", "4", code=3 if problems else 0)
    assert found == ({CUSTOMERS: problems} if problems else {})
    assert (status(applied)[CUSTOMERS]["healthy"] is False) == bool(problems)
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_the_tolerance_of_a_manifest(applied: Workspace, platform: Platform) -> None:
    path = applied.root / "pipelines/shop-customers.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}health: {{overdue: 9d}}\n", encoding="utf-8")
    into_the_schedule(platform, applied)
    advance(platform, days=5)
    assert CUSTOMERS not in checked(applied)


@pytest.mark.parametrize("value", ["soon", "0h", "999999999w", "2"])
def test_a_tolerance_that_is_not_a_duration_is_an_error_at_its_place(examples: Workspace, value: str) -> None:
    path = examples.root / "pipelines/shop-customers.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}health: {{overdue: '{value}'}}\n", encoding="utf-8")
    (found,) = examples.run("validate", "--format", "json").json["diagnostics"]
    line = path.read_text(encoding="utf-8").splitlines()[found["line"] - 1]
    assert (found["code"], found["file"]) == ("invalid-duration", "pipelines/shop-customers.yaml")
    assert line.startswith("health: ")
    assert examples.run("runs", "check").code == 1


def test_the_status_needs_no_manifest_but_the_check_does(applied: Workspace) -> None:
    applied.edit("pipelines/shop-customers.yaml", "kind: Pipeline", "kind: Pipelines")
    assert status(applied)[CUSTOMERS]["healthy"] is True
    assert applied.run("runs", "check").code == 1


def test_some_pipelines(applied: Workspace) -> None:
    assert list(status(applied, CUSTOMERS, "partner-files")) == ["partner-files", CUSTOMERS]
    result = applied.run("status", "shop-custmers")
    assert (result.code, "Did you mean `shop-customers`?" in result.err) == (1, True)


def test_text_says_in_words_what_is_wrong(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS, "partial")
    failed = ran(platform, applied, "partner-files", "failed")
    lines = applied.run("status").out.splitlines()
    (row,) = [line for line in lines if line.startswith(f"{CUSTOMERS} ")]
    assert row.split()[1:3] == ["enabled", "partial"]
    assert row.split()[4:] == ["100*", "97*", "3*", "2026-12-01T00:00:00Z", "unhealthy"]
    assert f"{CUSTOMERS}: 3% of the rows of the last run were rejected; at most 0.5% may be." in lines
    assert "partner-files: the last run failed: CONNECTOR-2001-500, MAPPER-3700-400." in lines
    why = f"  Run `flowctl runs errors {failed}` to see why."
    assert lines[lines.index(why) - 1].startswith("partner-files: ")
    assert sum("to see why" in line for line in lines) == 2
    assert lines[-1] == "5 pipelines: 3 healthy, 2 unhealthy."
    starts = [line.index("enabled") for line in lines if " enabled " in line]
    assert len(set(starts)) == 1


def test_junit_and_markdown_of_a_check(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS, "failed")
    platform.request("POST", f"{FLOWS}/{flow_id(applied, 'partner-files')}/action?op=disable").raise_for_status()
    result = applied.run("runs", "check", "--format", "junit")
    assert result.code == 3
    root = ElementTree.fromstring(result.out)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "1", "1")
    (failure,) = root.iter("failure")
    assert failure.get("type") == "run_failed"
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases[CUSTOMERS].find("failure") is failure
    skipped = cases["partner-files"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "disabled"
    markdown = applied.run("runs", "check", "--format", "markdown")
    assert (markdown.code, markdown.out.startswith("### flowctl runs check")) == (3, True)
    assert "the last run failed" in markdown.out


def test_an_error_before_there_is_a_result_is_junit_of_this_command(examples: Workspace) -> None:
    examples.edit("flowctl.yaml", "defaultEnvironment: dev", "defaultEnvironment: none")
    result = examples.run("runs", "check", "--format", "junit")
    assert (result.code, '<error type="diagnostic"' in result.out) == (1, True)


def test_requests_do_not_grow_with_runs(applied: Workspace, platform: Platform) -> None:
    for _ in range(3):
        into_the_schedule(platform, applied)
    platform.clear_log()
    status(applied)
    assert sorted(request["path"] for request in platform.log()) == [FLOWS, RUNS, RUNS]


def test_a_flow_that_tells_no_last_run_is_looked_up(applied: Workspace, platform: Platform) -> None:
    settings(platform, transitions="seconds", transitionCount=60)
    ran(platform, applied, CUSTOMERS)
    settings(platform, transitions="immediate")
    run_id = platform.request("GET", RUNS).json()["items"][0]["id"]
    live = platform.request("GET", f"{RUNS}/{run_id}").json()["items"][0]
    metrics = {"statusSummary": {"status": "failed", "errors": []}}
    platform.request(
        "PUT",
        f"{RUNS}/{run_id}",
        headers={"If-Match": live["etag"]},
        json={"flowId": live["flowId"], "metrics": metrics},
    ).raise_for_status()
    found = status(applied)[CUSTOMERS]
    assert (found["lastRun"]["status"], found["healthy"]) == ("failed", False)


def test_a_last_run_that_is_no_longer_kept_is_told_as_the_flow_tells_it(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, CUSTOMERS, "failed")
    assert platform.database is not None
    with closing(sqlite3.connect(platform.database, timeout=30)) as database, database:
        database.execute("DELETE FROM object WHERE kind = 'run'")
    last = status(applied)[CUSTOMERS]["lastRun"]
    assert (last["id"], last["status"]) == (run_id, "failed")
    assert last["records"] == {"read": None, "written": None, "failed": None}
