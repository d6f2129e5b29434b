"""`flowctl runs list` and `runs show` against the emulator: what ran, since when, in how many requests."""

import re

import pytest
from run_bodies import RUN, RUNS, advance, body, flow_id, ran, settings
from surroundings import Platform, Workspace


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def listed(workspace: Workspace, *arguments: str) -> list[tuple[str, str]]:
    """The pipeline and status of each listed run."""
    result = workspace.run("runs", "list", "--format", "json", *arguments)
    assert result.code == 0, result.err
    assert (result.json["formatVersion"], result.json["diagnostics"]) == ("1", [])
    return [(run["pipeline"], run["status"]) for run in result.json["runs"]]


def test_runs_are_listed_with_pipeline_numbers_batch_and_errors(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, "shop-customers", "partial")
    (run,) = applied.run("runs", "list", "--format", "json").json["runs"]
    live = platform.request("GET", f"{RUNS}/{run_id}").json()["items"][0]
    assert (run["id"], run["pipeline"], run["status"]) == (run_id, "shop-customers", "partial")
    assert run["records"] == {"read": 100, "written": 97, "failed": 3}
    assert [run["batch"]] == live["activities"][1]["targetInfo"][0]["reference"]["ids"]
    assert (run["startedAt"][-1], run["completedAt"][-1]) == ("Z", "Z")
    codes = {error["code"]: error for error in run["errors"]}
    assert set(codes) == {"CONNECTOR-2001-500", "MAPPER-3700-400"}
    assert codes["MAPPER-3700-400"]["records"] == 3
    assert "flowctl preview" in codes["MAPPER-3700-400"]["cure"]


def test_the_newest_is_first_and_a_beginning_cuts_off(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    advance(platform, hours=30)
    ran(platform, applied, "partner-files", "failed")
    advance(platform, hours=1)
    ran(platform, applied, "shop-customers")
    newest, middle, oldest = ("shop-customers", "success"), ("partner-files", "failed"), ("shop-customers", "success")
    assert listed(applied) == [newest, middle]
    assert listed(applied, "--since", "30m") == [newest]
    assert listed(applied, "--since", "2d") == [newest, middle, oldest]
    assert listed(applied, "--limit", "3") == [newest, middle, oldest]
    assert listed(applied, "--limit", "1") == [newest]
    assert listed(applied, "--since", "2d", "--failed") == [middle]
    assert listed(applied, "shop-customers", "--since", "2d") == [newest, oldest]


LOOKS = (("show",), ("errors",), ("retry",))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look[0]))
def test_a_run_that_is_not_there_names_the_newest(applied: Workspace, platform: Platform, look: tuple[str]) -> None:
    def refused(run: str) -> tuple[str, str]:
        result = applied.run("runs", *look, run)
        assert (result.code, "[unknown-run]" in result.err) == (1, True)
        *detail, hint = result.err.splitlines()[1:]
        return " ".join(detail).strip(), hint.strip()

    elsewhere = "Run `flowctl runs list` to see the IDs, or use another `--environment`."
    assert refused("00000000-0000-4000-8000-000000000000")[1] == elsewhere
    failed = ran(platform, applied, "partner-files", "failed")
    advance(platform, hours=1)
    newest = ran(platform, applied, "shop-customers")
    both = f"The newest runs: {newest} (shop-customers, success), {failed} (partner-files, failed)."
    assert refused("00000000-0000-4000-8000-000000000000") == (both, elsewhere)
    assert refused(failed[:-1] + ("0" if failed[-1] != "0" else "1")) == (both, f"Did you mean `{failed}`?")
    assert refused(failed[:8].upper()) == (both, f"Did you mean `{failed}`?")
    assert refused(failed[:3]) == (both, elsewhere)
    own = f"`partner-files` is a pipeline: its newest run is {failed}."
    assert refused("partner-files") == (own, f"Did you mean `{failed}`?")
    foreign = {"items": [body("success")]}
    platform.fault(match={"path": RUNS}, times=1, effect={"status": 200, "body": foreign})
    assert refused(RUN.upper() + "0") == ("", elsewhere)
    platform.fault(match={"path": RUNS}, times=9, effect={"status": 403})
    assert refused("nonsense")[1] == elsewhere


def test_runs_of_other_dataflows_are_not_listed(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    ran(platform, applied, "partner-files")
    assert applied.run("state", "rm", "partner-files.flow", "--auto-approve").code == 0
    assert listed(applied) == [("shop-customers", "success")]


def test_one_list_serves_all_pipelines_and_ends_with_its_window(applied: Workspace, platform: Platform) -> None:
    for _ in range(101):
        ran(platform, applied, "shop-customers")
    advance(platform, hours=48)
    for _ in range(3):
        ran(platform, applied, "partner-files")
    platform.clear_log()
    assert len(listed(applied)) == 3
    assert [request["path"] for request in platform.log()] == [RUNS]
    platform.clear_log()
    assert len(listed(applied, "--since", "7d")) == 104
    assert len(platform.log()) == 2


def test_the_clock_is_that_of_the_platform(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    advance(platform, days=400)
    assert listed(applied) == []
    ran(platform, applied, "shop-customers")
    assert listed(applied, "--since", "1h") == [("shop-customers", "success")]


def test_text_is_aligned_and_tells_the_codes(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, "shop-customers", "failed")
    head, row, *note = applied.run("runs", "list").out.splitlines()
    assert len(note) == 2
    assert head.split() == ["STARTED", "PIPELINE", "STATUS", "READ", "WRITTEN", "FAILED", "TIME", "RUN", "ERRORS"]
    assert row.split()[1:] == [
        *("shop-customers", "failed", "100*", "0*", "100*", "0", "s", run_id),
        *("CONNECTOR-2001-500,", "MAPPER-3700-400"),
    ]
    assert all(row[head.index(word) - 1] == " " for word in ("PIPELINE", "STATUS", "RUN", "ERRORS"))
    assert row[head.index("FAILED") + 2 : head.index("FAILED") + 6] == "100*"


def test_without_runs_a_sentence_says_so(applied: Workspace) -> None:
    assert applied.run("runs", "list").out.startswith("No run in environment dev since 20")
    assert applied.run("runs", "list", "--limit", "2", "--failed").out == "No failed run in environment dev.\n"


def test_before_the_first_apply_nothing_is_asked(examples: Workspace, platform: Platform) -> None:
    platform.clear_log()
    assert listed(examples) == []
    assert platform.log() == []


def test_a_run_under_way_is_listed(applied: Workspace, platform: Platform) -> None:
    settings(platform, transitions="seconds", transitionCount=60)
    ran(platform, applied, "shop-customers")
    assert listed(applied) == [("shop-customers", "pending")]
    advance(platform, minutes=2)
    applied.run("runs", "list")
    (run,) = applied.run("runs", "list", "--format", "json").json["runs"]
    assert (run["status"], run["completedAt"]) == ("in_progress", None)


@pytest.mark.parametrize("since", ["24", "yesterday", "0h", "2026-01-01T00:00:00", "-1h"])
def test_a_bad_beginning_is_named(applied: Workspace, since: str) -> None:
    result = applied.run("runs", "list", f"--since={since}")
    assert (result.code, result.out) == (1, "")
    assert "--since" in result.err
    assert f'"{since}"' in result.err or "at least" in result.err


def test_a_beginning_in_the_future_is_refused(applied: Workspace) -> None:
    result = applied.run("runs", "list", "--since", "2099-01-01")
    assert result.code == 1
    assert "`--since` begins at 2099-01-01T00:00:00Z, and on Experience Platform it is 20" in result.err


def test_an_unknown_pipeline_is_answered_with_the_nearest(applied: Workspace) -> None:
    result = applied.run("runs", "list", "shop-custmers")
    assert result.code == 1
    assert "Did you mean `shop-customers`?" in result.err


def test_made_up_numbers_are_marked_in_lists(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers", "partial")
    note = "\n\n* numbers: made up"
    listed = applied.run("runs", "list").out
    assert re.search(r" partial +100\* +97\* +3\* ", listed)
    assert listed.count(note) == 1
    assert applied.run("runs", "list", "--format", "markdown").out.count(note) == 1
    status = applied.run("status").out
    assert re.search(r" 100\* +97\* +3\* ", status)
    assert status.count(note) == 1
    assert note not in applied.run("runs", "list", "partner-files").out


def test_one_run_is_shown_with_cause_and_cure(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, "shop-customers", "partial")
    result = applied.run("runs", "show", run_id)
    assert "numbers: made up" in result.out
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == f"{run_id}  partial"
    assert "  pipeline: shop-customers" in lines
    assert f"  dataflow: {flow_id(applied, 'shop-customers')}" in lines
    assert "  records: 100 read, 97 written, 3 failed" in lines
    assert "  MAPPER-3700-400 (3 rows): Mapper Transform Error" in lines
    assert any(line.startswith("    what to do: Run `flowctl preview`") for line in lines)
    (run,) = applied.run("runs", "show", run_id, "--format", "json").json["runs"]
    assert run["id"] == run_id


@pytest.mark.parametrize("run_id", ["nonsense", "a/../b", "00000000-0000-4000-8000-000000000000"])
def test_an_id_of_no_run_is_an_error_that_names_the_sandbox(applied: Workspace, run_id: str) -> None:
    result = applied.run("runs", "show", run_id)
    assert result.code == 1
    assert f'there is no run with the ID "{run_id}" in sandbox dev' in result.err


def test_a_run_of_a_dataflow_outside_the_lockfile_can_be_shown(applied: Workspace, platform: Platform) -> None:
    run_id = ran(platform, applied, "partner-files")
    applied.run("state", "rm", "partner-files.flow", "--auto-approve")
    (run,) = applied.run("runs", "show", run_id, "--format", "json").json["runs"]
    assert run["pipeline"] is None
    assert "none in the lockfile of environment dev" in applied.run("runs", "show", run_id).out


def test_a_reply_that_is_not_the_apis_is_an_error(applied: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "GET", "path": RUNS}, times=1, effect={"status": 200})
    result = applied.run("runs", "list")
    assert result.code == 1


def test_a_column_without_a_value_is_left_out(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    assert "ERRORS" not in applied.run("runs", "list").out
