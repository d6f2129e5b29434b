"""Replacement of a dataflow: in which order, with which schedule, and what a failure in the middle leaves."""

import json
import re
import time
from typing import Any

import pytest
from other_people import Someone
from surroundings import FLOWS, Platform, Workspace

SHOP = "pipelines/shop-customers.yaml"
ACTION = f"{FLOWS}/*"


@pytest.fixture
def applied(examples: Workspace, platform: Platform) -> Workspace:
    examples.apply()
    platform.clear_log()
    return examples


def rule(workspace: Workspace, text: str) -> None:
    """Give the pipeline of the shop's customers an `onReplace`, and apply that alone."""
    path = workspace.root / SHOP
    path.write_text(path.read_text(encoding="utf-8") + f"lifecycle: {{onReplace: {text}}}\n", encoding="utf-8")
    assert workspace.plan().actions() == {}


def another_table(workspace: Workspace) -> None:
    workspace.edit(SHOP, "tableName: public.customers", "tableName: public.clients")


def flows(platform: Platform) -> list[dict[str, Any]]:
    return [item for item in platform.items("flows") if item["name"] == "Shop customers"]


def of_flows(platform: Platform) -> list[str]:
    """The writes about flows, in order, with the kind of action."""
    found = []
    for each in platform.writes():
        if each["path"].startswith(FLOWS):
            action = re.search(r"op=(\w+)", each["query"] or "")
            found.append(action[1] if action else each["method"])
    return found


def test_without_a_rule_the_old_flow_is_deleted_first(applied: Workspace, platform: Platform) -> None:
    another_table(applied)
    applied.apply()
    assert of_flows(platform) == ["DELETE", "POST"]


def test_delete_first_is_the_same(applied: Workspace, platform: Platform) -> None:
    rule(applied, "{order: delete-first}")
    another_table(applied)
    applied.apply()
    assert of_flows(platform) == ["DELETE", "POST"]


def test_create_first_disables_creates_and_deletes(applied: Workspace, platform: Platform) -> None:
    (old,) = flows(platform)
    rule(applied, "{order: create-first}")
    another_table(applied)
    plan = applied.run("plan").out
    assert "the old flow is disabled, the new one is created, then the old one is deleted" in plan
    platform.clear_log()
    applied.apply()
    assert of_flows(platform) == ["disable", "POST", "DELETE"]
    (new,) = flows(platform)
    assert (new["state"], new["id"] != old["id"]) == ("enabled", True)
    assert "deposed" not in str(applied.lockfile)
    assert "suspended" not in str(applied.lockfile)
    assert applied.plan().actions() == {}


def test_a_flow_that_someone_disabled_is_not_enabled_after_a_failure(applied: Workspace, platform: Platform) -> None:
    (old,) = flows(platform)
    platform.request("POST", f"{FLOWS}/{old['id']}/action?op=disable").raise_for_status()
    rule(applied, "{order: create-first}")
    another_table(applied)
    platform.fault(match={"method": "POST", "path": FLOWS}, times=1, effect={"status": 400})
    platform.clear_log()
    assert applied.run("apply", "--auto-approve").code == 1
    assert of_flows(platform) == ["POST"]
    assert [each["state"] for each in flows(platform)] == ["disabled"]


def test_a_new_flow_of_the_same_pair_gets_a_pair_of_its_own(applied: Workspace, platform: Platform) -> None:
    rule(applied, "{order: create-first}")
    applied.edit(SHOP, "column: updated_at", "column: id")
    actions = applied.plan().actions()
    assert {each: actions[f"shop-customers.{each}"] for each in ("source_connection", "target_connection", "flow")} == {
        "source_connection": "replace",
        "target_connection": "replace",
        "flow": "replace",
    }
    words = "shop-customers.source_connection must be replaced (because shop-customers.flow is replaced)"
    assert words in applied.run("plan").out
    applied.apply()
    assert applied.plan().actions() == {}


def test_a_failed_creation_leaves_the_old_flow_enabled_and_says_so(applied: Workspace, platform: Platform) -> None:
    (old,) = flows(platform)
    rule(applied, "{order: create-first}")
    another_table(applied)
    platform.fault(match={"method": "POST", "path": FLOWS}, times=1, effect={"status": 400})
    platform.clear_log()
    result = applied.run("apply", "--auto-approve")
    assert result.code == 1
    assert "The old object is enabled again." in result.out + result.err
    assert of_flows(platform) == ["disable", "POST", "enable"]
    (left,) = flows(platform)
    assert (left["id"], left["state"]) == (old["id"], "enabled")
    assert "suspended" not in str(applied.lockfile)
    applied.apply()
    assert applied.plan().actions() == {}


def test_a_flow_that_cannot_be_disabled_stays_as_it_is(applied: Workspace, platform: Platform) -> None:
    (old,) = flows(platform)
    rule(applied, "{order: create-first}")
    another_table(applied)
    platform.fault(match={"method": "POST", "path": f"{FLOWS}/{old['id']}/action"}, times=1, effect={"status": 403})
    platform.clear_log()
    assert applied.run("apply", "--auto-approve").code == 1
    assert of_flows(platform) == ["disable"]
    assert [(each["id"], each["state"]) for each in flows(platform)] == [(old["id"], "enabled")]
    assert "suspended" not in str(applied.lockfile)


def test_a_flow_that_an_interrupted_run_left_disabled_is_enabled_with_nothing_else_to_do(
    applied: Workspace, platform: Platform
) -> None:
    (old,) = flows(platform)
    platform.request("POST", f"{FLOWS}/{old['id']}/action?op=disable").raise_for_status()
    lockfile = applied.lockfile
    lockfile["entries"]["shop-customers.flow"]["suspended"] = True
    lockfile["entries"]["shop-customers.source_connection"]["suspended"] = True
    applied.write("flowctl.dev.lock", json.dumps(lockfile))
    (change,) = applied.plan().json["changes"]
    assert (change["address"], change["action"], change["reason"]) == ("shop-customers.flow", "update", "interrupted")
    words = "shop-customers.flow will be updated in place (an interrupted replacement disabled it)"
    assert words in applied.run("plan").out
    applied.apply()
    assert [each["state"] for each in flows(platform)] == ["enabled"]
    assert applied.plan().actions() == {}


def test_a_flow_that_cannot_be_enabled_again_is_enabled_by_the_next_apply(
    applied: Workspace, platform: Platform
) -> None:
    rule(applied, "{order: create-first}")
    another_table(applied)
    (old,) = flows(platform)
    platform.fault(match={"method": "POST", "path": FLOWS}, times=1, effect={"status": 400})
    platform.fault(
        match={"method": "POST", "path": f"{FLOWS}/{old['id']}/action"}, nth=2, times=1, effect={"status": 403}
    )
    result = applied.run("apply", "--auto-approve")
    assert "The next apply enables it." in result.out + result.err
    assert applied.lockfile["entries"]["shop-customers.flow"]["suspended"] is True
    applied.edit(SHOP, "tableName: public.clients", "tableName: public.customers")
    (change,) = [each for each in applied.plan().json["changes"] if each["address"] == "shop-customers.flow"]
    assert (change["action"], change["reason"]) == ("update", "interrupted")
    assert [each["path"] for each in change["attributes"]] == ["state"]
    applied.apply()
    (left,) = flows(platform)
    assert (left["id"], left["state"]) == (old["id"], "enabled")
    assert applied.plan().actions() == {}


@pytest.mark.parametrize("lost", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2], ids=["disable", "enable"])
def test_a_lost_reply_of_an_action_is_looked_up(applied: Workspace, platform: Platform, lost: str, nth: int) -> None:
    rule(applied, "{order: create-first}")
    another_table(applied)
    (old,) = flows(platform)
    if nth == 2:
        platform.fault(match={"method": "POST", "path": FLOWS}, times=1, effect={"status": 400})
    platform.fault(
        match={"method": "POST", "path": f"{FLOWS}/{old['id']}/action"}, nth=nth, times=1, effect={"drop": lost}
    )
    result = applied.run("apply", "--auto-approve")
    assert result.code == (1 if nth == 2 else 0)
    assert [each["state"] for each in flows(platform)] == ["enabled"]
    assert "suspended" not in str(applied.lockfile)


@pytest.mark.parametrize("order", ["create-first", "delete-first"])
def test_putting_the_manifest_back_takes_the_old_objects_back(
    applied: Workspace, platform: Platform, order: str
) -> None:
    rule(applied, f"{{order: {order}}}")
    before = {key: entry["id"] for key, entry in applied.lockfile["entries"].items()}
    another_table(applied)
    fails = ("POST", FLOWS) if order == "create-first" else ("DELETE", f"{FLOWS}/{flows(platform)[0]['id']}")
    platform.fault(match={"method": fails[0], "path": fails[1]}, times=1, effect={"status": 400})
    failed = applied.run("apply", "--auto-approve")
    assert failed.code == 1
    (told,) = [line for line in failed.out.splitlines() if line.startswith("  shop-customers.source_connection")]
    assert told.startswith("  shop-customers.source_connection (replace): failed: ")
    assert told.endswith(". The new object is created; the next apply deletes the old one.")
    assert applied.lockfile["entries"]["shop-customers.source_connection"]["deposed"]
    applied.edit(SHOP, "tableName: public.clients", "tableName: public.customers")
    text = applied.run("plan", "-v").out
    assert "left over" not in text
    assert text.count("! Left over from an interrupted replacement.") == 2
    plan = applied.plan()
    changes = [(each["address"], each["action"], each["reason"]) for each in plan.json["changes"]]
    assert sorted(changes) == [
        ("shop-customers.source_connection", "delete", "not_in_manifest"),
        ("shop-customers.source_connection", "import", "taken_back"),
        ("shop-customers.target_connection", "delete", "not_in_manifest"),
        ("shop-customers.target_connection", "import", "taken_back"),
    ]
    platform.clear_log()
    applied.apply()
    assert {each["method"] for each in platform.writes()} == {"DELETE"}
    assert {key: entry["id"] for key, entry in applied.lockfile["entries"].items()} == before
    assert "deposed" not in str(applied.lockfile)
    assert applied.plan().actions() == {}
    assert [each["state"] for each in flows(platform)] == ["enabled"]


def test_a_flow_whose_successor_is_there_is_taken_back_and_enabled(applied: Workspace, platform: Platform) -> None:
    (old,) = flows(platform)
    rule(applied, "{order: create-first}")
    another_table(applied)
    platform.fault(match={"method": "DELETE", "path": f"{FLOWS}/{old['id']}"}, times=1, effect={"status": 400})
    assert applied.run("apply", "--auto-approve").code == 1
    assert len(flows(platform)) == 2
    applied.edit(SHOP, "tableName: public.clients", "tableName: public.customers")
    applied.apply()
    (left,) = flows(platform)
    assert (left["id"], left["state"]) == (old["id"], "enabled")
    assert applied.plan().actions() == {}


def test_the_new_flow_has_the_schedule_of_the_rule_and_the_next_plan_is_empty(
    applied: Workspace, platform: Platform
) -> None:
    rule(applied, "{backfill: false, startTime: now}")
    another_table(applied)
    plan = applied.run("plan").out
    assert "the new flow starts when it is created, without backfill" in plan
    assert "reads everything in the source again" not in plan
    applied.apply()
    (new,) = flows(platform)
    assert abs(int(new["scheduleParams"]["startTime"]) - time.time()) < 60
    assert new["scheduleParams"]["backfill"] is False
    assert applied.plan().actions() == {}
    assert applied.run("drift").code == 0
    assert applied.lockfile["entries"]["shop-customers.flow"]["insteadOf"] == {
        "scheduleParams.backfill": True,
        "scheduleParams.startTime": 1796083200,
    }


def test_an_edit_in_place_keeps_the_schedule_of_the_rule_and_a_new_start_does_not(
    applied: Workspace, platform: Platform
) -> None:
    rule(applied, "{backfill: false, startTime: 2020-01-01T00:00:00Z}")
    another_table(applied)
    applied.apply()
    applied.edit(SHOP, "title: Shop customers", "title: Customers")
    assert set(applied.plan().actions().values()) == {"update"}
    applied.apply()
    assert applied.plan().actions() == {}
    assert platform.one("flows", "Customers")["scheduleParams"]["startTime"] in (1577836800, "1577836800")
    applied.edit(SHOP, "startTime: 2026-12-01T00:00:00Z", "startTime: 2026-12-05T00:00:00Z")
    (change,) = applied.plan().json["changes"]
    assert (change["address"], change["action"]) == ("shop-customers.flow", "replace")


def test_a_second_replacement_has_the_schedule_of_the_rule_too(applied: Workspace, platform: Platform) -> None:
    rule(applied, "{backfill: false, startTime: now}")
    another_table(applied)
    applied.apply()
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 120}).raise_for_status()
    applied.edit(SHOP, "tableName: public.clients", "tableName: public.people")
    applied.apply()
    (new,) = flows(platform)
    assert int(new["scheduleParams"]["startTime"]) > time.time() + 60
    assert applied.plan().actions() == {}
    instead = applied.lockfile["entries"]["shop-customers.flow"]["insteadOf"]
    assert instead == {"scheduleParams.backfill": True, "scheduleParams.startTime": 1796083200}


def test_what_a_failed_replacement_left_to_create_has_the_schedule_too(applied: Workspace, platform: Platform) -> None:
    rule(applied, "{backfill: false}")
    another_table(applied)
    platform.fault(match={"method": "POST", "path": FLOWS}, times=1, effect={"status": 400})
    assert applied.run("apply", "--auto-approve").code == 1
    assert flows(platform) == []
    applied.apply()
    assert flows(platform)[0]["scheduleParams"]["backfill"] is False
    assert applied.plan().actions() == {}


def test_a_first_creation_is_as_the_manifest_says(examples: Workspace, platform: Platform) -> None:
    path = examples.root / SHOP
    rules = "lifecycle: {onReplace: {backfill: false, startTime: now}}\n"
    path.write_text(path.read_text(encoding="utf-8") + rules, encoding="utf-8")
    examples.apply()
    schedule = flows(platform)[0]["scheduleParams"]
    assert (schedule["backfill"], int(schedule["startTime"])) == (True, 1796083200)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{order: first}", "invalid-value"),
        ("{backfil: true}", "unknown-key"),
        ("{startTime: soon}", "invalid-start-time"),
        ("{startTime: 2026-02-30T00:00:00Z}", "invalid-start-time"),
        ("{backfill: 1}", "wrong-type"),
    ],
)
def test_a_wrong_rule_is_told_at_its_place(examples: Workspace, text: str, code: str) -> None:
    path = examples.root / SHOP
    path.write_text(path.read_text(encoding="utf-8") + f"lifecycle: {{onReplace: {text}}}\n", encoding="utf-8")
    result = examples.run("validate", "--format", "json")
    (problem,) = [each for each in result.json["diagnostics"] if each["severity"] == "error"]
    assert (problem["code"], problem["file"]) == (code, SHOP)
    assert code != "invalid-start-time" or "Write `now`, a date and time with an offset" in problem["detail"]


def test_a_saved_plan_of_a_replacement_is_applied_as_it_is(applied: Workspace, platform: Platform) -> None:
    rule(applied, "{order: create-first, backfill: false, startTime: now}")
    another_table(applied)
    out = str(applied.root / "saved.json")
    assert applied.run("plan", "--out", out).code == 0
    Someone(platform)
    assert applied.run("apply", out).code == 0
    assert applied.plan().actions() == {}
