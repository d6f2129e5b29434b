"""Recorded objects that Schema Registry does not show yet, seen by the next command."""

import os
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from late_workspace import DATA_TYPE, DATASET, REGISTRY, field_group, late_workspace, schema, set_delays
from surroundings import Platform, Workspace

_AUDIT = "/data/foundation/audit/events"
_IDENTITY = """\
identities:
  - {path: "_${tenant}.loyalty.id", namespace: Email, primary: true}
"""
_ALL = DATA_TYPE + field_group("loyalty") + schema("loyalty") + _IDENTITY + DATASET


@pytest.fixture
def applied(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A data type, which was created a moment ago."""
    workspace = late_workspace(tmp_path, capsys, platform, DATA_TYPE)
    workspace.apply()
    platform.clear_log()
    return workspace


def unknown(platform: Platform, collection: str, times: int) -> None:
    """The next reads of an object find nothing."""
    effect = {"status": 404, "body": {"detail": "-"}}
    match = {"method": "GET", "path": f"{REGISTRY}/{collection}/*"}
    platform.fault(match=match, times=times, effect=effect)


def hide(platform: Platform, milliseconds: int = 600_000) -> None:
    """Hide what the registry has got since so long."""
    set_delays(platform, visibilityDelay=milliseconds)


def advance(platform: Platform, seconds: int) -> None:
    platform.http.post("/_emulator/clock", json={"advanceSeconds": seconds}).raise_for_status()


def reads(platform: Platform, path: str = f"{REGISTRY}/datatypes/") -> int:
    return sum(each["method"] == "GET" and each["path"].startswith(path) for each in platform.log())


def created(workspace: Workspace, *options: str) -> list[str]:
    """The addresses that a plan would create."""
    changes: list[dict[str, Any]] = workspace.plan(*options).json["changes"]
    return [change["address"] for change in changes if change["action"] == "create"]


def write_again(workspace: Workspace, seconds: float) -> None:
    """Let the lockfile be written so long ago."""
    written = time.time() - seconds
    os.utime(workspace.root / "flowctl.dev.lock", (written, written))


def test_a_plan_right_after_an_apply_creates_nothing_again(applied: Workspace, platform: Platform) -> None:
    applied.write("all.yaml", _ALL)
    applied.apply()
    hide(platform, 4000)
    assert created(applied) == []


def test_what_an_apply_has_recorded_is_not_created_again(applied: Workspace, platform: Platform) -> None:
    unknown(platform, "datatypes", 2)
    assert applied.run("apply", "--auto-approve").code == 0
    assert platform.writes() == []
    assert reads(platform) == 3


def test_what_is_destroyed_at_once_is_not_said_to_be_gone(applied: Workspace, platform: Platform) -> None:
    unknown(platform, "datatypes", 1)
    destroyed = applied.run("destroy", "--auto-approve")
    assert destroyed.code == 0
    assert "not found" not in " ".join(destroyed.out.split())
    assert [each["method"] for each in platform.writes()] == ["DELETE"]


def test_a_new_object_is_no_drift(applied: Workspace, platform: Platform) -> None:
    unknown(platform, "datatypes", 1)
    assert applied.run("drift").code == 0


def test_where_nothing_is_missing_nothing_more_is_asked(applied: Workspace, platform: Platform) -> None:
    assert created(applied) == []
    assert reads(platform) == 1
    assert reads(platform, _AUDIT) == 0


def test_what_was_recorded_long_ago_is_missing_at_once(applied: Workspace, platform: Platform) -> None:
    write_again(applied, 16)
    hide(platform)
    assert created(applied) == ["amount.data_type"]
    assert reads(platform) == 1
    assert reads(platform, _AUDIT) == 0


def test_no_longer_than_the_record_is_new(applied: Workspace, platform: Platform) -> None:
    hide(platform)
    write_again(applied, 13.5)
    started = time.monotonic()
    assert created(applied) == ["amount.data_type"]
    assert time.monotonic() - started >= 0.5
    assert 2 <= reads(platform) <= 3, "after 0.5 s, and after what is left"


def test_the_retry_budget_limits_the_wait(applied: Workspace, platform: Platform) -> None:
    hide(platform)
    write_again(applied, 2)
    assert created(applied, "--retry-budget", "1") == ["amount.data_type"]
    assert reads(platform) == 1


def test_a_clock_that_was_set_back_makes_no_longer_wait(applied: Workspace, platform: Platform) -> None:
    hide(platform)
    write_again(applied, -3600)
    assert created(applied, "--retry-budget", "1") == ["amount.data_type"]
    assert 6 <= reads(platform) <= 7, "the pauses double, and together they last 1 s"


def test_what_somebody_has_deleted_is_missing_at_once(applied: Workspace, platform: Platform) -> None:
    """The audit trail knows."""
    found = quote(applied.lockfile["entries"]["amount.data_type"]["id"], safe="")
    platform.request("DELETE", f"{REGISTRY}/datatypes/{found}").raise_for_status()
    platform.clear_log()
    assert created(applied) == ["amount.data_type"]
    assert reads(platform) == 1
    assert reads(platform, _AUDIT) == 1


def test_without_the_audit_trail_a_missing_object_may_be_new(applied: Workspace, platform: Platform) -> None:
    unknown(platform, "datatypes", 1)
    platform.fault(match={"method": "GET", "path": _AUDIT}, times=9, effect={"status": 403, "body": {}})
    assert created(applied) == []


def test_where_more_is_missing_nothing_is_waited_for(applied: Workspace, platform: Platform) -> None:
    """A dataset is shown at once: without it, somebody has tidied up."""
    applied.write("all.yaml", _ALL)
    applied.apply()
    platform.clear_log()
    dataset = applied.lockfile["entries"]["members.dataset"]["id"]
    platform.request("DELETE", f"/data/foundation/catalog/dataSets/{dataset}").raise_for_status()
    hide(platform)
    assert "members.dataset" in created(applied)
    assert reads(platform) == 1
    assert reads(platform, _AUDIT) == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [((), True), (("--format", "markdown"), True), (("--format", "json"), False), (("-q",), False)],
)
@pytest.mark.parametrize("command", ["plan", "drift"])
def test_the_wait_of_a_later_command_is_told_to_people(
    applied: Workspace, platform: Platform, command: str, options: tuple[str, ...], told: bool
) -> None:
    write_again(applied, 0)
    unknown(platform, "datatypes", 2)
    result = applied.run(command, *options)
    assert result.code == 0
    line = r"^Waiting up to 1\d s until Experience Platform shows `amount.data_type`\.$"
    assert (re.search(line, result.err, re.MULTILINE) is not None) == told
    assert ("Waiting" in result.err) == told
    assert "Waiting" not in result.out


def test_a_wait_for_several_objects_names_three(applied: Workspace, platform: Platform) -> None:
    names = ("a", "b", "c", "d", "e")
    types = [DATA_TYPE.replace("name: amount", f"name: {each}").replace("Acme", f"Acme {each}") for each in names]
    applied.write("all.yaml", "---\n".join(types))
    applied.apply()
    hide(platform)
    result = applied.run("plan", "--retry-budget", "1")
    assert "shows `a.data_type`, `b.data_type`, `c.data_type` and 2 others." in result.err


def test_a_repair_waits_for_what_is_recorded(applied: Workspace, platform: Platform) -> None:
    unknown(platform, "datatypes", 2)
    repaired = applied.run("state", "repair", "--auto-approve")
    assert repaired.code == 0
    assert "there is no data type" not in repaired.out + repaired.err
    assert "Waiting up to" in repaired.err
    assert reads(platform) == 3


def test_a_repair_does_not_wait_for_what_is_not_recorded(applied: Workspace, platform: Platform) -> None:
    (applied.root / "flowctl.dev.lock").unlink()
    hide(platform)
    repaired = applied.run("state", "repair", "--auto-approve")
    assert 'there is no data type with the title "Acme amount"' in repaired.out
    assert "Waiting" not in repaired.err


def test_an_import_of_what_is_not_shown_is_refused_at_once(applied: Workspace, platform: Platform) -> None:
    """Nothing is sent, and the same command works later."""
    found = applied.lockfile["entries"]["amount.data_type"]["id"]
    (applied.root / "flowctl.dev.lock").unlink()
    head = "apiVersion: flowctl/v1\nkind: Import\nmetadata: {name: dev}\nenvironment: dev\nobjects:\n"
    applied.write("imports.yaml", f"{head}  amount.data_type: {found}\n")
    hide(platform)
    refused = applied.run("apply", "--auto-approve")
    assert (refused.code, "[import-not-found]" in refused.err) == (1, True)
    assert platform.writes() == []
    hide(platform, 0)
    assert applied.run("apply", "--auto-approve").code == 0


def test_in_a_fresh_clone_what_is_old_by_the_audit_trail_is_missing_at_once(
    applied: Workspace, platform: Platform
) -> None:
    """A checkout writes the lockfile, however old it is."""
    advance(platform, 700)
    write_again(applied, 0)
    hide(platform, 3_600_000)
    platform.clear_log()
    result = applied.run("plan", "--format", "json")
    assert [each["action"] for each in result.json["changes"]] == ["create"]
    assert (reads(platform), reads(platform, _AUDIT)) == (1, 1)


@pytest.mark.parametrize("seconds", [0, 600])
def test_what_may_be_new_by_the_audit_trail_is_waited_for(applied: Workspace, platform: Platform, seconds: int) -> None:
    """The clocks of the services may differ by ten minutes."""
    advance(platform, seconds)
    write_again(applied, 0)
    platform.clear_log()
    unknown(platform, "datatypes", 1)
    assert created(applied) == []
    assert reads(platform) == 2


def test_what_was_changed_a_moment_ago_may_be_new(applied: Workspace, platform: Platform) -> None:
    """The newest event counts: an old object may be hidden while its change is spread."""
    advance(platform, 700)
    applied.edit("all.yaml", "title: Acme amount", "title: Acme money")
    applied.apply()
    platform.clear_log()
    unknown(platform, "datatypes", 1)
    assert created(applied) == []
    assert reads(platform) == 2
