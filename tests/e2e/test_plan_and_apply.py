"""The main job, from outside: validate, plan, apply, plan again, change things, destroy."""

from collections.abc import Callable
from typing import Any

import pytest
from surroundings import Platform, Workspace

PARTS = ("source_connection", "target_connection", "mapping_set", "flow")


def test_apply_makes_everything_and_a_second_plan_is_empty(examples: Workspace, platform: Platform) -> None:
    first = examples.plan("--detailed-exitcode")
    assert first.code == 2
    assert set(first.actions().values()) == {"create"}
    examples.apply()
    platform.clear_log()
    second = examples.plan("--detailed-exitcode")
    assert second.code == 0
    assert second.json["changes"] == []
    assert second.json["summary"]["noop"] == len(examples.lockfile["entries"]) == len(first.actions())
    assert platform.writes() == []


def test_plan_writes_nothing(examples: Workspace, platform: Platform) -> None:
    examples.plan()
    assert platform.writes() == []
    assert not list(examples.root.glob("*.lock*"))


def test_references_to_new_objects_are_known_after_apply(examples: Workspace) -> None:
    changes = {change["address"]: change for change in examples.plan().json["changes"]}
    flow = {attribute["path"]: attribute["after"] for attribute in changes["shop-customers.flow"]["attributes"]}
    assert flow["sourceConnectionIds"] == ["(known after apply)"]
    assert flow["scheduleParams.startTime"] == 1796083200


SINGLE_EDITS: dict[str, tuple[Callable[[Workspace], None], dict[str, str]]] = {
    "mapping": (
        lambda workspace: workspace.edit(
            "pipelines/shopify-orders.yaml", "{source: Email, destination", "{source: Contact_Email, destination"
        ),
        {"shopify-orders.mapping_set": "update", "shopify-orders.flow": "update"},
    ),
    "frequency": (
        lambda workspace: workspace.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day"),
        {"shop-customers.flow": "update"},
    ),
    "title": (
        lambda workspace: workspace.edit(
            "pipelines/shop-customers.yaml", "title: Shop customers", "title: Web customers"
        ),
        {"shop-customers.flow": "update"},
    ),
    "table": (
        lambda workspace: workspace.edit(
            "pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients"
        ),
        {
            "shop-customers.source_connection": "replace",
            "shop-customers.target_connection": "replace",
            "shop-customers.flow": "replace",
        },
    ),
    "secret": (
        lambda workspace: workspace.edit("flowctl.yaml", "canary-rest", "canary-rest-2"),
        {"support-desk.connection": "update"},
    ),
    "field group": (
        lambda workspace: workspace.edit(
            "schemas/crm-contact.yaml",
            "  - https://ns.adobe.com/xdm/context/profile-person-details\n",
            "  - https://ns.adobe.com/xdm/context/profile-person-details\n"
            "  - https://ns.adobe.com/xdm/context/profile-work-details\n",
        ),
        {"crm-contact.schema": "update"},
    ),
    "pipeline removed": (
        lambda workspace: (workspace.root / "pipelines/support-tickets.yaml").unlink(),
        {
            **{f"support-tickets.{part}": "delete" for part in ("flow", "source_connection", "target_connection")},
            "support-tickets.dataset": "delete",
            "support-tickets.mapping_set": "forget",
        },
    ),
}


@pytest.mark.parametrize("name", SINGLE_EDITS)
def test_one_edit_plans_exactly_its_changes_and_then_nothing(examples: Workspace, name: str) -> None:
    edit, expected = SINGLE_EDITS[name]
    examples.apply()
    edit(examples)
    assert examples.plan().actions() == expected
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0


def test_a_changed_frequency_is_one_patch(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: day")
    platform.clear_log()
    examples.apply()
    assert [request["method"] for request in platform.writes()] == ["PATCH"]


def test_a_replaced_source_is_new_and_the_old_pair_is_gone(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    before = examples.lockfile["entries"]
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    plan = examples.plan().json
    flow = next(change for change in plan["changes"] if change["address"] == "shop-customers.flow")
    assert any("reads everything in the source again" in note for note in flow["notes"])
    examples.apply()
    after = examples.lockfile["entries"]
    for part in ("source_connection", "target_connection", "flow"):
        assert before[f"shop-customers.{part}"]["id"] != after[f"shop-customers.{part}"]["id"]
    assert len(platform.items("sourceConnections")) == len(platform.items("flows")) == 5
    assert platform.one("sourceConnections", "shop-customers source connection")["params"]["tableName"] == (
        "public.clients"
    )


def test_destroy_leaves_only_what_cannot_go(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    kept = examples.lockfile["entries"]["customers.dataset"]["id"]
    batch = {"status": "success", "relatedObjects": [{"type": "dataSet", "id": kept}]}
    reply = platform.request("POST", "/data/foundation/catalog/batches", json=batch)
    assert reply.status_code < 300, reply.text
    result = examples.run("destroy", "--auto-approve")
    assert result.code == 0, result.err
    for collection in ("flows", "sourceConnections", "targetConnections", "connections"):
        assert platform.items(collection) == []
    datasets = platform.request("GET", "/data/foundation/catalog/dataSets").json()
    assert list(datasets) == [kept]
    assert "customers.dataset" in result.out
    assert "The dataset is not empty" in result.out
    assert "customer.schema" in result.out
    assert examples.lockfile["entries"] == {}


def test_drift_is_shown_apart_and_mended(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    patched = platform.request(
        "PATCH",
        f"/data/foundation/flowservice/flows/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/interval", "value": 6}],
    )
    assert patched.status_code == 200, patched.text
    plan = examples.plan().json
    assert plan["drift"] == [
        {
            "address": "shop-customers.flow",
            "attributes": [{"path": "scheduleParams.interval", "recorded": 1, "observed": 6}],
        }
    ]
    assert [change["reason"] for change in plan["changes"]] == ["drifted"]
    examples.apply()
    assert platform.one("flows", "Shop customers")["scheduleParams"]["interval"] == 1


def test_an_object_deleted_outside_is_made_again(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.request("DELETE", f"/data/foundation/flowservice/flows/{flow['id']}").raise_for_status()
    plan = examples.plan()
    assert plan.actions() == {"shop-customers.flow": "create"}
    assert plan.json["changes"][0]["reason"] == "missing_remotely"
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0


def test_target_narrows_to_a_pipeline_and_what_it_needs(examples: Workspace) -> None:
    actions = examples.plan("--target", "shop-customers").actions()
    assert set(actions) == {
        "shop-database.connection",
        "customer.schema",
        "customers.dataset",
        *(f"shop-customers.{part}" for part in PARTS),
    }
    unknown = examples.run("plan", "--target", "shop-custmers")
    assert unknown.code == 1
    assert "Did you mean `shop-customers`?" in unknown.err


def test_apply_without_a_terminal_needs_approval(examples: Workspace, platform: Platform) -> None:
    result = examples.run("apply")
    assert result.code == 1
    assert "--auto-approve" in result.err
    assert platform.writes() == []


def test_a_failed_step_skips_only_its_dependents(examples: Workspace, platform: Platform) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=1, effect={"status": 400})
    result = examples.run("apply", "--auto-approve", "--format", "json", "--parallelism", "1")
    assert result.code == 1
    by_status: dict[str, list[str]] = {}
    for step in result.json["steps"]:
        by_status.setdefault(step["status"], []).append(step["address"])
    (failed,) = by_status["failed"]
    assert failed.endswith(".connection")
    assert {address.rpartition(".")[2] for address in by_status["skipped"]} == {"source_connection", "flow"}
    assert len(by_status["skipped"]) == 2
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0
    assert len(platform.items("flows")) == 5


def test_a_variable_of_an_environment_may_hold_a_secret_from_outside(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REST_PASSWORD", raising=False)
    examples.edit("flowctl.yaml", "restPassword: canary-rest", "restPassword: ${env:REST_PASSWORD}")
    refused = examples.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "Set it, for example with `export REST_PASSWORD=...`, and apply again." in refused.err
    assert platform.writes() == []
    monkeypatch.setenv("REST_PASSWORD", "canary-rest-from-outside")
    examples.apply()
    monkeypatch.delenv("REST_PASSWORD")
    plan = examples.run("plan", "--detailed-exitcode")
    assert plan.code == 0
    assert "`REST_PASSWORD` is not set" in plan.err


def test_a_recurring_table_source_without_incremental_is_a_warning(examples: Workspace) -> None:
    examples.edit(
        "pipelines/shop-customers.yaml",
        'incremental: {column: updated_at, dateFormat: "yyyy-MM-dd HH:mm:ss", timezone: UTC}\n',
        "",
    )
    result = examples.run("validate")
    assert result.code == 0
    assert "pipelines/shop-customers.yaml:26:14: warning: " in result.out
    assert "missing-incremental" in result.out


def test_removing_a_field_group_that_a_dataset_uses_is_refused_in_the_plan(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit(
        "schemas/customer.yaml",
        "  - https://ns.adobe.com/xdm/context/profile-personal-details\n",
        "  - https://ns.adobe.com/xdm/context/profile-work-details\n",
    )
    refused = examples.run("plan", "--format", "json")
    assert refused.code == 1
    (problem,) = [each for each in refused.json["diagnostics"] if each["severity"] == "error"]
    assert (problem["file"], problem["line"]) == ("schemas/customer.yaml", 8)
    assert "Rule group-removed" in problem["detail"]
    assert 'the dataset "Customers"' in problem["detail"]


def test_merge_conflict_markers_in_a_manifest_are_named(examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "dataset: customers", "<<<<<<< ours\ndataset: customers\n>>>>>>> x")
    result = examples.run("validate")
    assert result.code == 1
    assert "pipelines/shop-customers.yaml:19:1: error: the file has a merge conflict" in result.out


def test_a_class_that_the_platform_lacks_is_found_before_anything_is_sent(
    examples: Workspace, platform: Platform
) -> None:
    examples.edit("schemas/customer.yaml", "xdm/context/profile\n", "xdm/context/acount\n")
    result = examples.run("apply", "--auto-approve")
    assert result.code == 1
    assert "schemas/customer.yaml:7:8: error: there is no class `https://ns.adobe.com/xdm/context/acount`" in (
        result.err
    )
    assert platform.writes() == []


def test_another_class_needs_another_title(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("flowctl.yaml", "kind: Workspace\n", "kind: Workspace\nrules: {required-unmapped: warning}\n")
    examples.edit("schemas/customer.yaml", "context/profile\n", "context/experienceevent\n")
    refused = examples.run("plan")
    assert refused.code == 1
    assert "schemas/customer.yaml:" in refused.err
    assert "the new XDM schema needs another title" in refused.err
    assert "Changing `class` creates a new XDM schema before" in refused.err
    assert "`moved`" not in refused.err
    examples.edit("schemas/customer.yaml", "title: Customer\n", "title: Customer event\n")
    planned = examples.plan().json["changes"]
    notes = {change["address"]: change["notes"] for change in planned}
    assert notes["customer.schema"] == []
    assert any("starts empty" in note for note in notes["shop-customers.flow"])
    assert not any("already hold" in note for note in notes["shop-customers.flow"])


def test_a_flow_whose_connections_are_there_is_not_said_to_have_run(examples: Workspace, platform: Platform) -> None:
    examples.apply("--target", "shop-customers.source_connection")
    (flow,) = [change for change in examples.plan().json["changes"] if change["address"] == "shop-customers.flow"]
    assert flow["notes"] == []
    platform.reset()
    notes = {change["address"]: change["notes"] for change in examples.plan().json["changes"]}
    assert not any("istory" in note for note in notes["shop-customers.flow"])


def test_a_mapping_of_a_flow_that_runs_once_has_a_note(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit("pipelines/hubspot-contacts.yaml", "person.name.firstName", "person.name.fullName")
    (flow,) = [change for change in examples.plan().json["changes"] if change["address"] == "hubspot-contacts.flow"]
    assert flow["notes"] == [
        "This is a one-time flow. If it has already run, the new mapping is not applied to ingested data."
    ]


def test_a_flow_that_somebody_disabled_is_told_of(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    path = f"/data/foundation/flowservice/flows/{flow['id']}/action"
    platform.request("POST", path, params={"op": "disable"}).raise_for_status()
    plan = examples.run("plan", "--detailed-exitcode")
    assert plan.code == 0
    assert "`shop-customers.flow`: the flow is disabled on Experience Platform and does not run" in plan.err


def test_a_replacement_that_stopped_halfway_says_so_and_warns_again(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.http.post("/_emulator/runs", json={"flowId": flow["id"]}).raise_for_status()
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    platform.fault(
        match={"method": "POST", "path": "/data/foundation/flowservice/flows"}, nth=1, times=1, effect={"status": 400}
    )
    broken = examples.run("apply", "--auto-approve")
    assert broken.code == 1
    assert "The old object is deleted and the new one is not created yet" in broken.out
    (change,) = [change for change in examples.plan().json["changes"] if change["address"] == "shop-customers.flow"]
    assert change["action"] == "create"
    assert any("reads everything in the source again" in note for note in change["notes"])
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0
    assert len(platform.items("flows")) == len(platform.items("sourceConnections")) == 5


def test_validate_warns_of_a_client_secret_in_the_settings(examples: Workspace) -> None:
    auth = "auth: {clientId: a, clientSecret: %s}"
    settings = f"    endpoint: https://platform.adobe.io\n    organization: o\n    sandbox: s\n    {auth}\n"
    examples.edit("flowctl.yaml", "  dev:\n", f"  prod:\n{settings % 'hush'}  dev:\n")
    result = examples.run("validate")
    assert result.code == 0
    assert "flowctl.yaml:10:39: warning: the secret `environments.prod.auth.clientSecret` is written" in result.out
    assert "hush" not in result.out + result.err
    examples.edit("flowctl.yaml", "clientSecret: hush", "clientSecret: '${env:HUSH}'")
    assert "literal-secret" not in examples.run("validate").out


def test_validate_checks_the_settings_of_its_environment(examples: Workspace) -> None:
    examples.edit("flowctl.yaml", "  dev:\n", "  prod:\n    endpoint: http://platform.adobe.io\n  dev:\n")
    result = examples.run("validate", "-e", "prod")
    assert result.code == 1
    assert "flowctl.yaml:7:15: error: " in result.out


def test_examples_that_begin_applied_are_what_an_apply_leaves(examples: Workspace, platform: Platform) -> None:
    """Otherwise no test that begins with them would tell anything."""

    def begun() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        platform.reset()
        for path in examples.root.glob("flowctl.dev.lock*"):
            path.unlink()
        examples.begin_applied()
        assert platform.log() == []
        assert examples.plan("--detailed-exitcode").code == 0
        return examples.lockfile, platform.items("flows")

    left = begun()
    assert begun() == left
    examples.edit("pipelines/shop-customers.yaml", "title: Shop customers", "title: Shop clients")
    lockfile, flows = begun()
    assert lockfile["entries"].keys() == left[0]["entries"].keys()
    assert {flow["name"] for flow in flows} - {flow["name"] for flow in left[1]} == {"Shop clients"}
