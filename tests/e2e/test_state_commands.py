"""Care for the record: saved plans, state commands, the deletion guard."""

import json
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform, Workspace

from flowctl.cli.main import main
from flowctl.state.local.run_lock import run_lock


def test_a_saved_plan_is_applied_once(examples: Workspace) -> None:
    plan_file = examples.root / "plan.json"
    assert examples.run("plan", "--out", str(plan_file)).code == 0
    assert stat.S_IMODE(plan_file.stat().st_mode) == 0o600
    assert "canary" not in plan_file.read_text()
    assert examples.run("apply", str(plan_file)).code == 0
    again = examples.run("apply", str(plan_file))
    assert again.code == 1
    assert "the lockfile changed after the plan was saved" in again.err
    assert examples.plan("--detailed-exitcode").code == 0


def test_a_saved_destruction_of_a_target_is_applied_once(examples: Workspace, tmp_path: Path) -> None:
    examples.begin_applied()
    file = str(tmp_path / "tickets.plan")
    assert examples.run("plan", "--destroy", "--target", "support-tickets", "--out", file).code == 0
    assert examples.run("apply", file).code == 0
    again = examples.run("apply", file)
    assert again.code == 1
    assert "the lockfile changed after the plan was saved" in again.err
    assert "unknown-target" not in again.err


def test_a_saved_plan_is_refused_after_the_manifests_moved(examples: Workspace, platform: Platform) -> None:
    plan_file = examples.root / "plan.json"
    examples.run("plan", "--out", str(plan_file))
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day")
    platform.clear_log()
    result = examples.run("apply", str(plan_file))
    assert result.code == 1
    assert ".yaml changed after the plan was saved" in result.err
    assert platform.writes() == []


def test_a_saved_plan_is_refused_after_a_live_object_moved(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day")
    plan_file = examples.root / "plan.json"
    examples.run("plan", "--out", str(plan_file))
    flow = platform.one("flows", "Shop customers")
    platform.request(
        "PATCH",
        f"/data/foundation/flowservice/flows/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/description", "value": "someone was here"}],
    ).raise_for_status()
    result = examples.run("apply", str(plan_file))
    assert result.code == 1
    assert "the live object `shop-customers.flow` changed" in result.err


def test_a_file_that_is_no_plan_is_refused(examples: Workspace) -> None:
    examples.write("plan.json", "{}")
    result = examples.run("apply", str(examples.root / "plan.json"))
    assert result.code == 1
    assert "is not a saved plan" in result.err


def test_state_list_show_mv_and_rm(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    listed = examples.run("state", "list", "--format", "json").json["entries"]
    assert listed["hubspot.connection"]["kind"] == "connection"
    shown = examples.run("state", "show", "hubspot.connection")
    assert "canary" not in shown.out
    assert "(sensitive)" in shown.out
    examples.edit("connections/hubspot.yaml", "{name: hubspot}", "{name: hubspot-account}")
    examples.edit("pipelines/hubspot-contacts.yaml", "connection: hubspot", "connection: hubspot-account")
    assert examples.run("state", "mv", "hubspot.connection", "hubspot-account.connection").code == 0
    assert examples.plan("--detailed-exitcode").code == 0
    assert examples.run("state", "mv", "hubspot-account.connection", "x.flow").code == 1
    assert examples.run("state", "rm", "shop-customers.flow", "--auto-approve").code == 0
    assert platform.one("flows", "Shop customers")
    assert examples.plan("--allow-duplicates").actions() == {"shop-customers.flow": "create"}


def test_state_mv_takes_the_name_of_a_document(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("pipelines/support-tickets.yaml", "name: support-tickets", "name: tickets")
    moved = examples.run("state", "mv", "support-tickets", "tickets")
    assert moved.code == 0
    assert "Moved support-tickets.flow to tickets.flow." in moved.out
    assert set(examples.plan().actions().values()) == {"update"}
    examples.apply()
    assert len(platform.items("flows")) == 5


def test_repair_rebuilds_a_lost_lockfile(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    before = {address: entry["id"] for address, entry in examples.lockfile["entries"].items()}
    (examples.root / "flowctl.dev.lock").unlink()
    platform.clear_log()
    shown = examples.run("state", "repair")
    assert shown.code == 1
    assert "31 entries to add to the lockfile" in shown.out
    assert not (examples.root / "flowctl.dev.lock").exists()
    assert examples.run("state", "repair", "--auto-approve").code == 0
    assert platform.writes() == []
    assert {address: entry["id"] for address, entry in examples.lockfile["entries"].items()} == before
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []
    # Credentials count as sent until a person changes one.
    assert examples.plan("--var", "restPassword=another").actions() == {"support-desk.connection": "update"}


def test_orphans_are_listed(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    assert "No orphans" in examples.run("state", "orphans").out
    flow = platform.one("flows", "Shop customers")
    platform.request("DELETE", f"/data/foundation/flowservice/flows/{flow['id']}").raise_for_status()
    assert "No orphans" in examples.run("state", "orphans").out
    lockfile = examples.lockfile
    del lockfile["entries"]["shop-customers.source_connection"]
    examples.write("flowctl.dev.lock", json.dumps(lockfile))
    found = examples.run("state", "orphans", "--format", "json").json["orphans"]
    assert [orphan["name"] for orphan in found] == ["shop-customers source connection"]


def test_prevent_destroy_stops_a_plan_that_would_delete(examples: Workspace, platform: Platform) -> None:
    examples.edit("datasets/customers.yaml", "schema: customer", "schema: customer\nlifecycle: {preventDestroy: true}")
    examples.apply()
    platform.clear_log()
    result = examples.run("destroy", "--auto-approve")
    assert result.code == 1
    assert "`lifecycle.preventDestroy` protects customers" in result.err
    assert platform.writes() == []


def test_a_pipelines_guard_is_recorded_for_each_of_its_parts_and_beside_other_changes(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    before = examples.lockfile["entries"]
    examples.edit(
        "pipelines/shop-customers.yaml", "kind: Pipeline", "kind: Pipeline\nlifecycle: {preventDestroy: true}"
    )
    examples.edit("pipelines/shop-customers.yaml", "interval: 1", "interval: 6")
    planned = examples.plan()
    assert set(planned.actions().values()) == {"update"}
    assert {change["address"]: change["reason"] for change in planned.json["changes"]} == {
        "shop-customers.source_connection": "rules_changed",
        "shop-customers.target_connection": "rules_changed",
        "shop-customers.mapping_set": "rules_changed",
        "shop-customers.flow": "attributes_changed",
    }
    platform.clear_log()
    examples.apply()
    (write,) = platform.writes()
    assert (write["method"], write["path"].rpartition("/")[0]) == ("PATCH", "/data/foundation/flowservice/flows")
    after = examples.lockfile["entries"]
    assert after["shop-customers.mapping_set"] == {**before["shop-customers.mapping_set"], "preventDestroy": True}
    assert all(after[f"shop-customers.{kind}"]["preventDestroy"] for kind in ("flow", "mapping_set"))
    assert examples.plan("--detailed-exitcode").code == 0
    (examples.root / "pipelines/shop-customers.yaml").unlink()
    refused = examples.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "`lifecycle.preventDestroy` protects shop-customers" in refused.err


def test_too_many_deletions_are_refused(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    refused = examples.run("apply", "--auto-approve", "--max-delete", "2")
    assert refused.code == 1
    assert "`--max-delete` allows 2" in refused.err
    assert len(platform.items("flows")) == 5
    examples.apply("--max-delete", "4")
    assert len(platform.items("flows")) == 4


def test_retained_datasets_stay(examples: Workspace, platform: Platform) -> None:
    examples.edit("datasets/customers.yaml", "schema: customer", "schema: customer\nlifecycle: {onDelete: retain}")
    examples.apply()
    kept = examples.lockfile["entries"]["customers.dataset"]["id"]
    assert examples.run("destroy", "--auto-approve").code == 0
    datasets = platform.request("GET", "/data/foundation/catalog/dataSets").json()
    assert list(datasets) == [kept]


def test_unlock_tells_that_nothing_holds_the_lock(examples: Workspace) -> None:
    result = examples.run("unlock")
    assert result.code == 0
    assert "Environment dev is not locked." in result.out


@pytest.mark.parametrize(
    "command",
    [
        ("unlock",),
        ("state", "mv", "a", "b"),
        ("state", "rm", "a.flow"),
        ("state", "settle", "a.flow", "none"),
        ("import", "--out", "pipelines"),
        ("apply", "--auto-approve"),
        ("destroy", "--auto-approve"),
    ],
    ids=" ".join,
)
def test_an_environment_that_is_not_declared_is_refused_before_anything_is_locked(
    examples: Workspace, command: tuple[str, ...]
) -> None:
    result = examples.run("-e", "devv", *command)
    assert (result.code, "[unknown-environment]" in result.err) == (1, True)
    assert "Did you mean `dev`?" in result.err
    assert not (examples.root / ".flowctl" / "devv.runlock").exists()


def test_a_word_that_is_like_an_address_names_it(examples: Workspace) -> None:
    examples.begin_applied()
    for word in ("shop-customers.flwo", "shop-customers"):
        result = examples.run("show", word)
        assert (result.code, "Did you mean `shop-customers.flow`?" in result.err) == (1, True)
    assert "Run `flowctl show` to list the addresses" in examples.run("show", "nothing-alike").err


def test_a_changed_lifecycle_is_planned_and_remembered_without_a_write(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("datasets/customers.yaml", "schema: customer", "schema: customer\nlifecycle: {onDelete: retain}")
    planned = examples.plan("--detailed-exitcode")
    assert planned.code == 2
    (change,) = planned.json["changes"]
    assert (change["address"], change["action"], change["reason"]) == ("customers.dataset", "update", "rules_changed")
    assert change["attributes"] == [
        {"path": "lifecycle.onDelete", "before": "auto", "after": "retain", "forcesReplacement": False}
    ]
    assert change["notes"] == ["Only the lockfile changes: nothing is sent to Experience Platform."]
    platform.clear_log()
    examples.apply()
    assert platform.writes() == []
    assert examples.plan("--detailed-exitcode").code == 0
    assert '  lifecycle.onDelete: "retain"\n' in examples.run("show", "customers.dataset").out
    kept = examples.lockfile["entries"]["customers.dataset"]["id"]
    assert examples.run("destroy", "--auto-approve").code == 0
    assert list(platform.request("GET", "/data/foundation/catalog/dataSets").json()) == [kept]


def test_an_outside_change_that_the_manifest_wants_by_now_is_no_drift_after_apply(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.request(
        "PATCH",
        f"/data/foundation/flowservice/flows/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/interval", "value": 6}],
    ).raise_for_status()
    examples.edit("pipelines/shop-customers.yaml", "interval: 1", "interval: 6")
    assert examples.plan().json["changes"] == []
    assert examples.plan().json["drift"] != []
    examples.apply()
    assert examples.plan().json["drift"] == []


def test_an_unchanged_apply_leaves_the_lockfile_as_it_is(examples: Workspace) -> None:
    examples.begin_applied()
    before = (examples.root / "flowctl.dev.lock").read_bytes()
    examples.apply()
    assert (examples.root / "flowctl.dev.lock").read_bytes() == before


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda lock: lock["entries"]["hubspot.connection"].update(id=5), "hubspot.connection has no id"),
        (
            lambda lock: lock["entries"].update({"bad address": {"kind": "flow", "id": "x"}}),
            "must be an address, NAME.KIND",
        ),
        (lambda lock: lock.update(salt="zz"), "salt must be hexadecimal"),
        (lambda lock: lock.update(serial=-1), "serial must be an integer"),
        (lambda lock: lock.pop("entries"), "entries must be an object"),
        (
            lambda lock: lock["entries"].update({"twin.flow": dict(lock["entries"]["shop-customers.flow"])}),
            "have the same id",
        ),
    ],
)
def test_a_lockfile_that_was_edited_wrongly_is_refused(examples: Workspace, edit: Any, words: str) -> None:
    examples.begin_applied()
    lockfile = examples.lockfile
    edit(lockfile)
    examples.write("flowctl.dev.lock", json.dumps(lockfile))
    result = examples.run("plan", "--format", "json")
    assert result.code == 1
    (found,) = result.json["diagnostics"]
    assert found["code"] == "lockfile-unreadable"
    assert words in found["summary"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"version": 1, "serial": 0, "serial": 1}'])
def test_a_lockfile_of_odd_json_is_refused(examples: Workspace, text: str) -> None:
    examples.write("flowctl.dev.lock", text)
    result = examples.run("show", "--format", "json")
    assert result.code == 1
    assert result.json["diagnostics"][0]["code"] == "lockfile-unreadable"


def test_a_guard_on_a_pipeline_guards_all_its_parts(examples: Workspace, platform: Platform) -> None:
    path = "pipelines/shop-customers.yaml"
    examples.edit(path, "dataset: customers", "dataset: customers\nlifecycle: {preventDestroy: true}")
    examples.apply()
    examples.edit(path, "tableName: public.customers", "tableName: public.clients")
    refused = examples.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "`lifecycle.preventDestroy` protects shop-customers" in refused.err
    (examples.root / path).unlink()
    assert examples.run("apply", "--auto-approve").code == 1
    assert platform.one("flows", "Shop customers")


def test_a_target_that_is_replaced_brings_what_uses_it(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    actions = examples.plan("--target", "shop-customers.source_connection").actions()
    assert actions == {
        "shop-customers.source_connection": "replace",
        "shop-customers.target_connection": "replace",
        "shop-customers.flow": "replace",
    }
    examples.apply("--target", "shop-customers.source_connection")
    assert examples.plan("--detailed-exitcode").code == 0


def test_the_default_of_backfill_written_out_changes_nothing(examples: Workspace) -> None:
    path = "pipelines/shop-customers.yaml"
    examples.edit(path, "  startTime: 2026-12-01T00:00:00Z", "  startTime: 2020-01-01T00:00:00Z")
    examples.edit(path, "  backfill: true\n", "")
    examples.apply()
    examples.edit(path, "  interval: 1\n", "  interval: 1\n  backfill: true\n")
    assert examples.plan().actions() == {}
    examples.edit(path, "backfill: true", "backfill: false")
    assert examples.plan().actions() == {"shop-customers.flow": "replace"}
    examples.apply()
    examples.edit(path, "  backfill: false\n", "")
    assert examples.plan().actions() == {"shop-customers.flow": "replace"}


def test_a_schema_stays_in_the_plan_where_its_dataset_does(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    kept = examples.lockfile["entries"]["customers.dataset"]["id"]
    batch = {"status": "success", "relatedObjects": [{"type": "dataSet", "id": kept}]}
    platform.request("POST", "/data/foundation/catalog/batches", json=batch).raise_for_status()
    actions = examples.plan("--destroy").actions()
    assert (actions["customers.dataset"], actions["customer.schema"]) == ("forget", "forget")
    examples.run("destroy", "--auto-approve")
    again = examples.run("apply", "--auto-approve")
    assert again.code == 1
    assert 'an XDM schema with the title "Customer" already exists' in again.err


def test_two_schemas_of_one_title_are_an_error(examples: Workspace) -> None:
    examples.edit("schemas/customer.yaml", "title: Customer", "title: CRM contact")
    result = examples.run("validate")
    assert result.code == 1
    assert 'two XDM schemas have the title "CRM contact"' in result.out


def test_an_unwritable_plan_file_leaves_one_json_document(examples: Workspace) -> None:
    result = examples.run("plan", "--format", "json", "--out", "/nonexistent/plan.json")
    assert result.code == 1
    assert [found["code"] for found in result.json["diagnostics"]] == ["plan-file-unwritable"]


def test_every_state_command_has_one_json_document(examples: Workspace) -> None:
    examples.begin_applied()
    moved = examples.run("state", "mv", "shop-customers", "customers-of-shop", "--format", "json").json["moved"]
    assert {"from": "shop-customers.flow", "to": "customers-of-shop.flow"} in moved
    removed = examples.run("state", "rm", "customers.dataset", "--auto-approve", "--format", "json")
    assert removed.json["forgotten"] == ["customers.dataset"]
    assert examples.run("unlock", "--format", "json").json["heldBy"] is None
    assert examples.run("version", "--format", "json").json["version"]


def test_a_destruction_speaks_of_destruction(examples: Workspace) -> None:
    examples.begin_applied()
    refused = examples.run("destroy")
    assert "Review a saved plan with `flowctl plan --destroy --out FILE`" in refused.err
    result = examples.run("destroy", "--auto-approve")
    assert "no longer in the manifests" not in result.out
    assert "\nDestroy complete: " in result.out
    again = examples.run("destroy", "--auto-approve")
    assert again.out.endswith("Nothing to delete: the lockfile of environment dev has no entries.\n")


def test_a_plan_beside_a_run_says_that_it_may_be_half_done(examples: Workspace) -> None:
    examples.begin_applied()
    with run_lock(examples.root, "dev", "flowctl apply"):
        (warning,) = examples.plan().json["diagnostics"]
    assert (warning["code"], warning["severity"]) == ("run-under-way", "warning")
    assert "flowctl apply" in warning["detail"]


def test_a_saved_plan_says_how_it_is_applied(examples: Workspace) -> None:
    saved = examples.run("plan", "--out", str(examples.root / "my plan.json"))
    command = saved.err.rpartition("To apply it, run ")[2]
    assert command.startswith(f"flowctl -C {examples.root} -e dev apply '{examples.root}"), command
    assert main(shlex.split(command)[1:]) == 0


def test_a_plan_that_is_saved_in_the_workspace_names_it_in_short(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(examples.root)
    assert main(["plan", "--out", "a.plan"]) == 0
    assert capsys.readouterr().err.endswith("To apply it, run flowctl -e dev apply a.plan\n")
