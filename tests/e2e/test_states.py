"""`state` of a pipeline: compared only where it is written, and reached by actions of the platform."""

import json
import re

import pytest
from surroundings import FLOWS, Platform, Workspace

FILE = "pipelines/shop-customers.yaml"
DRAFTABLE = "pipelines/partner-files.yaml"
TITLES = {FILE: "Shop customers", DRAFTABLE: "Partner files"}


def state(workspace: Workspace, wanted: str, file: str = FILE) -> None:
    text = (workspace.root / file).read_text().split("state:")[0].rstrip("\n")
    workspace.write(file, f"{text}\nstate: {wanted}\n" if wanted else f"{text}\n")


def live(platform: Platform, file: str = FILE) -> str:
    return str(platform.one("flows", TITLES[file])["state"])


def act(platform: Platform, operation: str) -> None:
    flow = platform.one("flows", TITLES[FILE])
    platform.request("POST", f"{FLOWS}/{flow['id']}/action", params={"op": operation}).raise_for_status()


def actions(platform: Platform) -> list[str]:
    return [each["query"] for each in platform.writes() if each["path"].endswith("/action")]


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply()
    return examples


def test_disabling_and_enabling_are_steps_of_the_plan(applied: Workspace, platform: Platform) -> None:
    for wanted, before, note in (("disabled", "enabled", "does not run until"), ("enabled", "disabled", "runs again")):
        state(applied, wanted)
        (change,) = applied.plan().json["changes"]
        assert (change["address"], change["action"]) == ("shop-customers.flow", "update")
        assert [(each["path"], each["before"], each["after"]) for each in change["attributes"]] == [
            ("state", before, wanted)
        ]
        assert note in change["notes"][0]
        assert f'state: "{before}" -> "{wanted}"' in applied.run("plan").out
        platform.clear_log()
        applied.apply()
        assert actions(platform) == [f"op={wanted[:-1]}"]
        assert len(platform.writes()) == 1
        assert live(platform) == wanted
        assert applied.plan().json["changes"] == []


def test_a_state_that_is_not_written_is_not_compared(applied: Workspace, platform: Platform) -> None:
    act(platform, "disable")
    plan = applied.run("plan")
    assert ("No changes." in plan.out, "does not run [live-state]" in plan.err) == (True, True)
    state(applied, "disabled")
    plan = applied.run("plan")
    assert ("No changes." in plan.out, "live-state" in plan.err) == (True, False)
    applied.apply()
    state(applied, "")
    act(platform, "enable")
    assert applied.plan().json["changes"] == []


def test_a_state_changed_outside_is_drift(applied: Workspace, platform: Platform) -> None:
    state(applied, "enabled")
    applied.apply()
    act(platform, "disable")
    plan = applied.plan().json
    assert plan["drift"][0]["attributes"] == [{"path": "state", "recorded": "enabled", "observed": "disabled"}]
    assert [change["reason"] for change in plan["changes"]] == ["drifted"]
    applied.apply()
    assert live(platform) == "enabled"


def test_a_new_flow_may_be_disabled(examples: Workspace, platform: Platform) -> None:
    state(examples, "disabled")
    assert "flowctl disables it right after" in examples.run("plan").out
    examples.apply()
    assert live(platform) == "disabled"
    assert actions(platform) == ["op=disable"]
    assert examples.lockfile["entries"]["shop-customers.flow"]["applied"]["state"] == "disabled"
    assert examples.plan().json["changes"] == []


def test_a_replaced_flow_is_disabled_again(applied: Workspace, platform: Platform) -> None:
    state(applied, "disabled")
    applied.apply()
    applied.edit(FILE, "tableName: public.customers", "tableName: public.clients")
    assert "flowctl disables it right after" in applied.run("plan").out
    applied.apply()
    assert live(platform) == "disabled"
    assert applied.plan().json["changes"] == []


@pytest.mark.parametrize(("wanted", "first"), [("disabled", "POST"), ("enabled", "PATCH")])
def test_a_flow_is_disabled_before_other_changes_and_enabled_after_them(
    applied: Workspace, platform: Platform, wanted: str, first: str
) -> None:
    if wanted == "enabled":
        act(platform, "disable")
    state(applied, wanted)
    applied.edit(FILE, "Customers of the web shop", "another")
    platform.clear_log()
    applied.apply()
    assert [each["method"] for each in platform.writes()] == [first, "PATCH" if first == "POST" else "POST"]
    flow = platform.one("flows", TITLES[FILE])
    assert (flow["state"], flow["description"]) == (wanted, "another")
    assert applied.plan().json["changes"] == []


def test_what_was_done_is_recorded_if_the_action_fails(applied: Workspace, platform: Platform) -> None:
    act(platform, "disable")
    state(applied, "enabled")
    applied.edit(FILE, "Customers of the web shop", "another")
    flow = platform.one("flows", TITLES[FILE])
    action = {"method": "POST", "path": f"{FLOWS}/{flow['id']}/action"}
    platform.fault(match=action, nth=1, times=1, effect={"status": 403})
    ended = applied.run("apply", "--auto-approve")
    assert (ended.code, "no permission to change the state of a flow" in ended.err) == (1, True), ended.err
    recorded = applied.lockfile["entries"]["shop-customers.flow"]["applied"]
    assert (recorded["description"], recorded["state"]) == ("another", "disabled")
    (change,) = applied.plan().json["changes"]
    assert [each["path"] for each in change["attributes"]] == ["state"]
    applied.apply()
    assert live(platform) == "enabled"


def test_a_new_flow_that_could_not_be_disabled_is_recorded(examples: Workspace, platform: Platform) -> None:
    state(examples, "disabled")
    platform.fault(match={"method": "POST", "path": f"{FLOWS}/*"}, nth=1, times=1, effect={"status": 403})
    ended = examples.run("apply", "--auto-approve")
    assert (ended.code, "no permission to change the state of a flow" in ended.err) == (1, True), ended.err
    assert "state" not in examples.lockfile["entries"]["shop-customers.flow"]["applied"]
    plan = examples.plan()
    assert (plan.actions(), plan.json["drift"]) == ({"shop-customers.flow": "update"}, [])
    examples.apply()
    assert live(platform) == "disabled"


def test_a_draft_is_made_and_published(examples: Workspace, platform: Platform) -> None:
    state(examples, "draft", DRAFTABLE)
    assert re.search("^ +state +draft$", examples.run("plan").out, re.MULTILINE)
    examples.apply()
    assert live(platform, DRAFTABLE) == "draft"
    assert examples.plan().json["changes"] == []
    state(examples, "enabled", DRAFTABLE)
    text = examples.run("plan").out
    assert 'state: "draft" -> "enabled"' in text
    assert "! The draft is published" in text
    platform.clear_log()
    examples.apply()
    assert actions(platform) == ["op=publish"]
    assert live(platform, DRAFTABLE) == "enabled"


def test_a_draft_can_be_edited_before_it_is_published(examples: Workspace, platform: Platform) -> None:
    state(examples, "draft", DRAFTABLE)
    examples.apply()
    examples.edit(DRAFTABLE, "Customers that partners deliver as files", "another")
    examples.apply()
    assert platform.one("flows", TITLES[DRAFTABLE])["description"] == "another"
    assert live(platform, DRAFTABLE) == "draft"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("enabled", "draft", "Write `disabled` to stop it."), ("draft", "disabled", "Write `enabled` first")],
)
def test_a_state_that_no_action_reaches(
    examples: Workspace, platform: Platform, before: str, after: str, said: str
) -> None:
    state(examples, before, DRAFTABLE)
    examples.apply()
    state(examples, after, DRAFTABLE)
    ended = examples.run("plan")
    line = (examples.root / DRAFTABLE).read_text().count("\n")
    assert (ended.code, said in ended.err) == (1, True), ended.err
    assert f"{DRAFTABLE}:{line}:8: error: `partner-files.flow` cannot change from {before} to {after}" in ended.err
    platform.clear_log()
    assert examples.run("apply", "--auto-approve").code == 1
    assert platform.writes() == []


def test_a_flow_spec_without_drafts(examples: Workspace) -> None:
    state(examples, "draft")
    ended = examples.run("validate")
    assert (ended.code, "[draft-not-supported]" in ended.out, "state: disabled" in ended.out) == (1, True, True)


def test_an_unknown_state_names_the_nearest(examples: Workspace) -> None:
    state(examples, "disable")
    ended = examples.run("validate")
    assert (ended.code, "`disabled`" in ended.out) == (1, True)


def test_a_state_that_passes_counts_as_reached(applied: Workspace, platform: Platform) -> None:
    platform.http.post("/_emulator/settings", json={"transitions": "reads", "transitionCount": 50}).raise_for_status()
    try:
        state(applied, "disabled")
        applied.apply()
        assert live(platform) == "disabled-finalizing"
        assert applied.plan().json["changes"] == []
    finally:
        platform.http.post("/_emulator/settings", json={"transitions": "immediate", "transitionCount": 0})


def test_an_ignored_state(applied: Workspace, platform: Platform) -> None:
    text = (applied.root / FILE).read_text()
    applied.write(FILE, f"{text}lifecycle: {{ignoreChanges: [flow.state]}}\nstate: enabled\n")
    act(platform, "disable")
    assert applied.plan().json["changes"] == []


def test_a_new_flow_that_is_to_be_enabled_takes_no_further_request(examples: Workspace, platform: Platform) -> None:
    state(examples, "enabled")
    platform.clear_log()
    examples.apply()
    assert actions(platform) == []
    log = platform.log()
    last = max(number for number, each in enumerate(log) if each["method"] == "POST")
    assert [each for each in log[last:] if each["method"] == "GET" and each["path"].endswith("/flows")] == []
    assert examples.lockfile["entries"]["shop-customers.flow"]["applied"]["state"] == "enabled"


def test_a_state_of_the_user_interface_may_be_accepted(examples: Workspace, platform: Platform) -> None:
    state(examples, "enabled")
    examples.apply()
    act(platform, "disable")
    assert examples.run("drift", "--accept").code == 0
    assert "state: disabled" in (examples.root / FILE).read_text()
    assert examples.plan().json["changes"] == []


def test_an_old_flow_that_was_stopped_for_a_new_one_is_started_by_its_state(
    examples: Workspace, platform: Platform
) -> None:
    """A replacement with create-first stops the old flow; the new one cannot be made, and the old one goes on."""
    text = (examples.root / FILE).read_text()
    examples.write(FILE, f"{text}lifecycle: {{onReplace: {{order: create-first}}}}\nstate: enabled\n")
    examples.apply()
    examples.edit(FILE, "tableName: public.customers", "tableName: public.clients")
    platform.fault(match={"method": "POST", "path": FLOWS}, nth=1, times=1, effect={"status": 403})
    assert examples.run("apply", "--auto-approve").code == 1
    assert live(platform) == "enabled"
    examples.apply()
    assert live(platform) == "enabled"
    assert examples.plan().json["changes"] == []
    assert len([flow for flow in platform.items("flows") if flow["name"] == TITLES[FILE]]) == 1


def stopped(workspace: Workspace, platform: Platform) -> None:
    """What an interrupted replacement leaves: the lockfile knows that flowctl stopped the flow."""
    act(platform, "disable")
    document = workspace.lockfile
    document["entries"]["shop-customers.flow"]["suspended"] = True
    (workspace.root / "flowctl.dev.lock").write_text(json.dumps(document, indent=2))


def test_a_stopped_flow_is_started_once_where_the_manifest_says_enabled(
    examples: Workspace, platform: Platform
) -> None:
    state(examples, "enabled")
    examples.apply()
    stopped(examples, platform)
    (change,) = examples.plan().json["changes"]
    assert [each["path"] for each in change["attributes"]] == ["state"]
    platform.clear_log()
    examples.apply()
    assert actions(platform) == ["op=enable"]
    assert live(platform) == "enabled"
    assert examples.plan().json["changes"] == []


def test_a_stopped_flow_that_is_to_be_disabled_is_not_started(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    stopped(examples, platform)
    state(examples, "disabled")
    assert examples.plan().json["changes"] == []
    examples.apply()
    assert live(platform) == "disabled"
    state(examples, "")
    assert examples.plan().json["changes"] == [], "nobody has to start what a manifest stopped"
