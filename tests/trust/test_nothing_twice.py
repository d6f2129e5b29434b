"""Nothing is made twice without a word, and what is recorded is not forgotten with the last manifest."""

import json
import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from surroundings import EXAMPLES, Platform, Result, Workspace, is_read

FLOW_SERVICE = "/data/foundation/flowservice"
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [manifests]
defaultEnvironment: dev
environments:
  dev: {{endpoint: {url}, variables: {{password: canary-password}}}}
"""
CONNECTION = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: shop}
title: Shop database
connector: postgresql
auth:
  specName: Connection String Based Authentication
  params: {connectionString: "Server=shop;Password=${var:password}"}
"""
PIPELINE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {{name: {name}, title: {title}}}
source:
  connection: shop
  params: {{tableName: public.{name}, columns: [{{name: id, type: string}}, {{name: changed, type: string}}]}}
dataset: {{title: {name} dataset, schema: {{title: Acme person}}}}
mappings: [{{source: id, destination: _id}}]
incremental: {{column: changed, dateFormat: "yyyy-MM-dd HH:mm:ss", timezone: UTC}}
schedule: {{startTime: 2030-01-01T00:00:00Z, frequency: day, interval: 1}}
"""
ALL_OF_PEOPLE = {"connection", "dataset", "source_connection", "target_connection", "mapping_set", "flow"}


@pytest.fixture
def checkout(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Workspace]:
    """Makes a workspace with one pipeline whose schema is referred to by title; each has a lockfile of its own."""
    platform.request(
        "POST",
        "/data/foundation/schemaregistry/tenant/schemas",
        json={
            "type": "object",
            "title": "Acme person",
            "description": "",
            "allOf": [
                {"$ref": "https://ns.adobe.com/xdm/context/profile"},
                {"$ref": "https://ns.adobe.com/xdm/context/profile-person-details"},
            ],
        },
    ).raise_for_status()

    def make(name: str) -> Workspace:
        workspace = Workspace(root=tmp_path / name, capsys=capsys)
        workspace.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
        workspace.write("manifests/shop.yaml", CONNECTION)
        workspace.write("manifests/people.yaml", PIPELINE.format(name="people", title="People"))
        return workspace

    return make


@pytest.fixture
def first(checkout: Callable[[str], Workspace]) -> Workspace:
    """The checkout that was applied."""
    workspace = checkout("first")
    workspace.apply()
    return workspace


@pytest.fixture
def second(first: Workspace, checkout: Callable[[str], Workspace], platform: Platform) -> Workspace:
    """Another checkout of the same, without a lockfile."""
    workspace = checkout("second")
    platform.clear_log()
    return workspace


OLD = "11111111-1111-4111-8111-111111111111"


def planned(workspace: Workspace, *arguments: str) -> tuple[Result, dict[str, dict[str, Any]]]:
    """A plan and its duplicates by address."""
    result = workspace.run("plan", "--format", "json", *arguments)
    codes = ("duplicate-object", "similar-object")
    return result, {found["address"]: found for found in result.json["diagnostics"] if found["code"] in codes}


def counts(platform: Platform) -> dict[str, int]:
    collections = ("connections", "sourceConnections", "targetConnections", "flows")
    return {collection: len(platform.items(collection)) for collection in collections}


def ids(workspace: Workspace) -> dict[str, str]:
    return {address: entry["id"] for address, entry in workspace.lockfile["entries"].items()}


def drop(workspace: Workspace, *addresses: str) -> None:
    lockfile = workspace.lockfile
    for address in addresses:
        del lockfile["entries"][address]
    workspace.write("flowctl.dev.lock", json.dumps(lockfile))


def make(platform: Platform, collection: str, body: dict[str, Any]) -> str:
    reply = platform.request("POST", f"{FLOW_SERVICE}/{collection}", json=body).raise_for_status()
    return str(reply.json()["id"])


def copy_of(live: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What somebody else would send to create its like."""
    members = (
        "name",
        "baseConnectionId",
        "auth",
        "data",
        "params",
        "connectionSpec",
        "flowSpec",
        "sourceConnectionIds",
        "targetConnectionIds",
        "transformations",
        "scheduleParams",
    )
    return {**{name: live[name] for name in members if live.get(name) is not None}, **changed}


# Fresh checkouts and other machines


def test_a_fresh_checkout_stops_before_anything_is_created(
    second: Workspace, first: Workspace, platform: Platform
) -> None:
    before = counts(platform)
    result, found = planned(second)
    assert result.code == 1
    assert set(found) == {"shop.connection", "people.dataset", "people.flow"}
    flow = found["people.flow"]
    assert flow["severity"] == "error"
    assert (flow["file"], flow["line"], flow["column"]) == ("manifests/people.yaml", 1, 1)
    assert flow["summary"] == 'a flow with the title "People" already exists and is not in the lockfile'
    live = platform.one("flows", "People")
    assert f'{live["id"]} ("People") was created at 20' in flow["detail"]
    assert f"by {live['createdBy']}. It matches the manifest." in flow["detail"]
    assert (
        "To manage the existing object, run `flowctl -e dev state repair`. "
        "To create another one, plan with `--allow-duplicates`." in flow["detail"]
    )
    assert ids(first)["people.dataset"] in found["people.dataset"]["detail"]
    assert "by local-client" in found["people.dataset"]["detail"]
    applied = second.run("apply", "--auto-approve")
    assert applied.code == 1
    assert "manifests/people.yaml:1:1: error: a flow with the title" in applied.err
    assert "canary" not in applied.out + applied.err
    assert platform.writes() == []
    assert counts(platform) == before
    assert not (second.root / "flowctl.dev.lock").exists()


def test_apply_tells_of_duplicates_as_json(second: Workspace, platform: Platform) -> None:
    result = second.run("apply", "--auto-approve", "--format", "json")
    assert result.code == 1
    assert {found["code"] for found in result.json["diagnostics"]} == {"duplicate-object"}
    assert result.json["steps"] == []
    assert platform.writes() == []


def test_what_repair_records_leaves_nothing_to_create(second: Workspace, first: Workspace) -> None:
    assert second.run("state", "repair", "--auto-approve").code == 0
    assert ids(second) == ids(first)
    result, found = planned(second)
    assert (result.code, found) == (0, {})
    # Credentials cannot be compared, and count as sent.
    assert result.actions() == {}
    second.apply()
    assert second.plan("--detailed-exitcode").code == 0


def test_a_lost_lockfile_of_all_examples_stops_at_every_document(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    (examples.root / "flowctl.dev.lock").unlink()
    platform.clear_log()
    result = examples.run("plan", "--format", "json")
    told = {(found["code"], found["address"]) for found in result.json["diagnostics"]}
    assert {("title-taken", "customer.schema"), ("duplicate-object", "customers.dataset")} <= told
    assert {address for code, address in told if address.endswith(".flow")} == {
        f"{name}.flow"
        for name in ("hubspot-contacts", "partner-files", "shop-customers", "shopify-orders", "support-tickets")
    }
    assert platform.writes() == []


def test_the_embedded_platform_is_guarded_as_well(examples: Workspace) -> None:
    shutil.copy(EXAMPLES / "flowctl.yaml", examples.root / "flowctl.yaml")
    examples.apply()
    (examples.root / "flowctl.local.lock").unlink()
    told = examples.run("apply", "--auto-approve")
    assert told.code == 1
    assert "flowctl -e local state repair" in told.err


def test_two_checkouts_with_different_edits(second: Workspace, platform: Platform) -> None:
    second.edit("manifests/people.yaml", "frequency: day", "frequency: hour")
    second.edit("manifests/people.yaml", "tableName: public.people", "tableName: public.persons")
    result, found = planned(second)
    assert result.code == 1
    detail = found["people.flow"]["detail"]
    assert "It differs from the manifest in sourceConnectionIds, scheduleParams.frequency." in detail
    assert set(found) == {"shop.connection", "people.dataset", "people.source_connection", "people.flow"}
    assert "It differs from the manifest in params.tableName." in found["people.source_connection"]["detail"]
    assert platform.writes() == []


def test_a_new_title_does_not_hide_the_same_source_and_target(second: Workspace, platform: Platform) -> None:
    second.edit("manifests/people.yaml", "title: People", "title: Persons")
    result, found = planned(second)
    assert result.code == 1
    flow = found["people.flow"]
    assert flow["summary"].startswith("a flow from the same source to the same dataset already exists")
    live = platform.one("flows", "People")
    assert f"flowctl -e dev state repair people.flow={live['id']}" in flow["detail"]
    repaired = second.run("state", "repair", f"people.flow={live['id']}", "--auto-approve")
    assert repaired.code == 0, repaired.err
    assert set(ids(second)) == {"shop.connection", *(f"people.{kind}" for kind in ALL_OF_PEOPLE - {"connection"})}
    assert second.plan().actions() == {"people.flow": "update"}


def test_an_edited_connection_or_dataset_is_still_the_same(second: Workspace) -> None:
    second.edit("manifests/shop.yaml", "title: Shop database", "title: Shop database\ndescription: edited")
    second.edit("manifests/people.yaml", "title: people dataset,", "title: people dataset, description: edited,")
    _, found = planned(second)
    assert "differs from the manifest in description" in found["shop.connection"]["detail"]
    assert "differs from the manifest in description" in found["people.dataset"]["detail"]


# Lockfiles that know less than the platform


def test_an_old_lockfile_stops_and_repair_mends_it(first: Workspace, second: Workspace, platform: Platform) -> None:
    shutil.copy(first.root / "flowctl.dev.lock", second.root / "flowctl.dev.lock")
    first.edit("manifests/people.yaml", "tableName: public.people", "tableName: public.persons")
    first.edit("manifests/people.yaml", "destination: _id}", "destination: person.name.firstName}")
    first.apply()
    shutil.copy(first.root / "manifests/people.yaml", second.root / "manifests/people.yaml")
    platform.clear_log()
    result, found = planned(second)
    assert result.code == 1
    assert set(found) == {"people.flow"}
    assert platform.writes() == []
    assert second.run("state", "repair", "--auto-approve").code == 0
    assert ids(second) == ids(first)
    assert second.lockfile["entries"]["people.mapping_set"]["outputs"] == {"version": "1"}
    assert second.plan("--detailed-exitcode").code == 0


@pytest.mark.parametrize("kind", sorted(ALL_OF_PEOPLE - {"mapping_set"}))
def test_one_missing_entry_of_any_kind_stops_and_repair_brings_it_back(
    first: Workspace, platform: Platform, kind: str
) -> None:
    address = "shop.connection" if kind == "connection" else f"people.{kind}"
    before = ids(first)
    drop(first, address)
    platform.clear_log()
    result, found = planned(first)
    assert result.code == 1
    assert found[address]["severity"] == "error"
    assert before[address] in found[address]["detail"]
    assert first.run("apply", "--auto-approve").code == 1
    assert platform.writes() == []
    assert first.run("state", "repair", "--auto-approve").code == 0
    assert ids(first) == before
    assert set(first.plan().actions().values()) <= {"update"}


def test_a_missing_mapping_set_is_found_by_its_flow(first: Workspace) -> None:
    before = ids(first)
    drop(first, "people.mapping_set")
    assert first.run("state", "repair", "--auto-approve").code == 0
    assert ids(first) == before
    assert first.plan("--detailed-exitcode").code == 0


def test_connections_that_were_made_before_the_flow_failed(second: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "People")
    platform.request("DELETE", f"{FLOW_SERVICE}/flows/{flow['id']}").raise_for_status()
    result, found = planned(second)
    assert result.code == 1
    assert set(found) == {f"people.{kind}" for kind in ("dataset", "source_connection", "target_connection")} | {
        "shop.connection"
    }
    assert 'with the title "people source connection"' in found["people.source_connection"]["summary"]
    assert second.run("state", "repair", "--auto-approve").code == 0
    result, found = planned(second)
    assert (result.code, found) == (0, {})
    assert result.actions()["people.flow"] == "create"


def test_a_deleted_or_hidden_object_is_said_to_be_one_or_the_other(first: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "People")
    platform.request("DELETE", f"{FLOW_SERVICE}/flows/{flow['id']}").raise_for_status()
    plan = first.plan()
    assert plan.actions() == {"people.flow": "create"}
    (change,) = plan.json["changes"]
    assert "access labels hide it" in change["notes"][0]


# Permission


def test_a_person_may_allow_duplicates(second: Workspace, platform: Platform) -> None:
    result, found = planned(second, "--allow-duplicates")
    assert result.code == 0
    assert {each["severity"] for each in found.values()} == {"warning"}
    assert "A second one will be created" in found["people.flow"]["detail"]
    applied = second.run("apply", "--auto-approve", "--allow-duplicates")
    assert applied.code == 0, applied.err
    assert set(counts(platform).values()) == {2}
    assert second.plan("--detailed-exitcode").code == 0


def test_a_saved_plan_holds_the_permission(second: Workspace, platform: Platform) -> None:
    file = str(second.root / "saved")
    assert second.run("plan", "--out", file).code == 1
    assert not Path(file).exists()
    assert second.run("plan", "--out", file, "--allow-duplicates").code == 0
    applied = second.run("apply", file)
    assert applied.code == 0, applied.err
    assert len(platform.items("flows")) == 2


def test_a_saved_plan_allows_only_what_it_showed(second: Workspace, platform: Platform) -> None:
    file = str(second.root / "saved")
    assert second.run("plan", "--out", file, "--allow-duplicates").code == 0
    live = platform.one("flows", "People")
    third = make(platform, "flows", copy_of(live))
    platform.clear_log()
    applied = second.run("apply", file)
    assert applied.code == 1
    assert third in applied.err
    assert platform.writes() == []
    assert second.run("apply", file, "--allow-duplicates").code == 0


def test_what_appears_after_the_plan_was_saved_stops_its_apply(
    checkout: Callable[[str], Workspace], platform: Platform
) -> None:
    here, there = checkout("here"), checkout("there")
    file = str(here.root / "saved")
    assert here.run("plan", "--out", file).code == 0
    there.apply()
    platform.clear_log()
    applied = here.run("apply", file)
    assert applied.code == 1
    assert "duplicate-object" in applied.err
    assert platform.writes() == []


# What is no duplicate


def test_another_connector_of_the_same_title_is_only_a_warning(
    checkout: Callable[[str], Workspace], platform: Platform
) -> None:
    workspace = checkout("here")
    other = make(
        platform,
        "connections",
        {
            "name": "Shop database",
            "connectionSpec": {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"},
            "auth": {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}},
        },
    )
    result, found = planned(workspace)
    assert result.code == 0
    assert (found["shop.connection"]["code"], found["shop.connection"]["severity"]) == ("similar-object", "warning")
    assert other in found["shop.connection"]["detail"]
    assert "connectionSpec.id" in found["shop.connection"]["detail"]
    workspace.apply()
    assert planned(workspace)[1] == {}


def test_another_flow_spec_of_the_same_title_is_only_a_warning(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    files = platform.one("flows", "Partner files")["id"]
    drop(examples, "partner-files.flow", "partner-files.mapping_set", "shop-customers.flow")
    customers = platform.one("flows", "Shop customers")["id"]
    platform.request("DELETE", f"{FLOW_SERVICE}/flows/{customers}").raise_for_status()
    examples.edit("pipelines/shop-customers.yaml", "title: Shop customers", "title: Partner files")
    result, found = planned(examples, "--target", "shop-customers.flow")
    assert result.code == 0
    assert (found["shop-customers.flow"]["code"], found["shop-customers.flow"]["severity"]) == (
        "similar-object",
        "warning",
    )
    assert files in found["shop-customers.flow"]["detail"]


def test_another_account_of_the_same_title_stops_and_is_told_apart(
    checkout: Callable[[str], Workspace], first: Workspace, platform: Platform
) -> None:
    """A generic title with other content: the message says what differs, and that a second one can be allowed."""
    workspace = checkout("other")
    workspace.edit("manifests/shop.yaml", "title: Shop database", "title: Other database")
    workspace.write("manifests/people.yaml", PIPELINE.format(name="orders", title="People"))
    result, found = planned(workspace)
    assert result.code == 1
    assert set(found) == {"orders.flow"}
    assert "sourceConnectionIds, targetConnectionIds" in found["orders.flow"]["detail"]
    assert workspace.run("apply", "--auto-approve", "--allow-duplicates").code == 0
    assert planned(workspace)[1] == {}


def test_the_same_table_may_feed_another_dataset(first: Workspace, platform: Platform) -> None:
    """The source of somebody else's flow is no reason to stop where target and title are others."""
    first.write(
        "manifests/copy.yaml", PIPELINE.format(name="copy", title="Copy").replace("public.copy", "public.people")
    )
    platform.clear_log()
    result, found = planned(first)
    assert (result.code, found) == (0, {})
    # Nobody asks for the flows of sources that are recorded.
    assert not [request for request in platform.log() if "sourceConnectionIds" in request["query"]]
    drop(first, *(f"people.{kind}" for kind in ALL_OF_PEOPLE - {"connection"}))
    (first.root / "manifests/people.yaml").unlink()
    result, found = planned(first)
    assert (result.code, found) == (0, {})


def test_a_source_of_the_same_title_on_another_account_is_another_source(
    checkout: Callable[[str], Workspace], platform: Platform
) -> None:
    workspace = checkout("here")
    for name in ("people", "orders"):
        text = PIPELINE.format(name=name, title=name).replace("source:\n", "source:\n  title: Rows\n")
        workspace.write(f"manifests/{name}.yaml", text)
    workspace.edit("manifests/orders.yaml", "connection: shop", "connection: other")
    other = CONNECTION.replace("name: shop", "name: other").replace("Shop database", "Other database")
    workspace.write("manifests/other.yaml", other)
    workspace.apply("--target", "shop", "--target", "other")
    make(
        platform,
        "sourceConnections",
        {
            "name": "Rows",
            "baseConnectionId": platform.one("connections", "Other database")["id"],
            "data": {"format": "tabular"},
            "params": {"tableName": "public.else", "columns": [{"name": "id", "type": "string"}]},
            "connectionSpec": platform.one("connections", "Other database")["connectionSpec"],
        },
    )
    result, found = planned(workspace)
    assert result.code == 1
    assert set(found) == {"orders.source_connection"}


def test_what_is_recorded_is_not_a_duplicate_of_its_replacement(first: Workspace, platform: Platform) -> None:
    first.edit("manifests/people.yaml", "tableName: public.people", "tableName: public.persons")
    result, found = planned(first)
    assert (result.code, found) == (0, {})
    assert result.actions()["people.flow"] == "replace"
    platform.fault(
        match={"method": "DELETE", "path": f"{FLOW_SERVICE}/sourceConnections/*"}, times=9, effect={"status": 403}
    )
    first.run("apply", "--auto-approve")
    assert first.lockfile["entries"]["people.source_connection"]["deposed"]
    first.edit("manifests/people.yaml", "tableName: public.persons", "tableName: public.people")
    result, found = planned(first)
    assert (result.code, found) == (0, {})


def test_a_replacement_stops_where_its_like_is_there_already(first: Workspace, platform: Platform) -> None:
    first.edit("manifests/people.yaml", "tableName: public.people", "tableName: public.persons")
    live = platform.one("sourceConnections", "people source connection")
    other = make(platform, "sourceConnections", copy_of(live, params={**live["params"], "tableName": "public.persons"}))
    result, found = planned(first)
    assert result.code == 1
    assert set(found) == {"people.source_connection"}
    assert other in found["people.source_connection"]["detail"]


def test_targets_narrow_the_guard(second: Workspace, first: Workspace, platform: Platform) -> None:
    second.write("manifests/orders.yaml", PIPELINE.format(name="orders", title="Orders"))
    assert second.run("state", "repair", "--auto-approve").code == 0
    drop(second, "people.flow")
    result, found = planned(second, "--target", "orders")
    assert (result.code, found) == (0, {})
    result, found = planned(second, "--target", "people")
    assert result.code == 1
    assert set(found) == {"people.flow"}


def test_a_destruction_is_never_guarded(first: Workspace, second: Workspace, platform: Platform) -> None:
    drop(first, "people.flow", "people.mapping_set")
    platform.clear_log()
    assert first.run("plan", "--destroy").code == 0
    assert not [request for request in platform.log() if "name==" in request["query"]]


@pytest.mark.parametrize("title", ['Say \\"hi\\", all', "a,b", "back\\\\slash", "it's", "über (all) #1", "x == y"])
def test_titles_that_the_filters_cannot_hold(
    checkout: Callable[[str], Workspace], platform: Platform, title: str
) -> None:
    def made(name: str) -> Workspace:
        workspace = checkout(name)
        workspace.edit("manifests/people.yaml", "title: People", f'title: "{title}"')
        workspace.edit("manifests/people.yaml", "title: people dataset", f'title: "{title}"')
        return workspace

    made("one").apply()
    result, found = planned(made("two"))
    assert result.code == 1
    assert set(found) == {"shop.connection", "people.dataset", "people.flow"}


# An apply of this folder that goes on


def test_a_plan_beside_an_apply_of_the_same_folder_does_not_take_its_objects_for_duplicates(
    first: Workspace, platform: Platform
) -> None:
    """The lockfile is read again before anything is called a duplicate."""
    complete = (first.root / "flowctl.dev.lock").read_text(encoding="utf-8")
    drop(first, "people.flow")
    platform.clear_log()
    platform.fault(match={"method": "GET", "path": f"{FLOW_SERVICE}/flows"}, effect={"delay_ms": 3000})
    command = [sys.executable, "-m", "flowctl", "-C", str(first.root), "plan"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as plan:
        deadline = time.monotonic() + 60
        while not any(request["path"] == f"{FLOW_SERVICE}/sourceConnections" for request in platform.log()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        first.write("flowctl.dev.lock", complete)
        _, errors = plan.communicate(timeout=60)
    assert (plan.returncode, errors) == (0, "")


def test_a_creation_under_way_in_the_same_folder_is_no_duplicate(
    checkout: Callable[[str], Workspace], platform: Platform
) -> None:
    workspace = checkout("here")
    platform.fault(match={"method": "POST", "path": f"{FLOW_SERVICE}/flows"}, effect={"delay_ms": 6000})
    command = [sys.executable, "-m", "flowctl", "-C", str(workspace.root), "apply", "--auto-approve"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as apply:
        journal = workspace.root / "flowctl.dev.lock.journal"
        deadline = time.monotonic() + 60
        while not (journal.exists() and '"people.flow"' in journal.read_text(encoding="utf-8")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        source, target = (platform.items(collection)[0] for collection in ("sourceConnections", "targetConnections"))
        make(
            platform,
            "flows",
            {
                "name": "People",
                "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"},
                "sourceConnectionIds": [source["id"]],
                "targetConnectionIds": [target["id"]],
                "scheduleParams": {"startTime": "1900000000", "frequency": "once"},
            },
        )
        result, found = planned(workspace)
        assert (result.code, found) == (0, {})
        assert "run-under-way" in result.out
        apply.communicate(timeout=60)


# What it costs


def many(workspace: Workspace, pipelines: int) -> None:
    documents = [PIPELINE.format(name=f"p{number}", title=f"Pipeline {number}") for number in range(pipelines)]
    workspace.write("manifests/people.yaml", "---\n".join(documents))


def reads(platform: Platform) -> int:
    requests = platform.log()
    assert all(is_read(request) for request in requests)
    return len(requests)


def checks(platform: Platform) -> int:
    return sum(request["method"] == "POST" for request in platform.log())


def test_nothing_is_asked_where_nothing_is_created(first: Workspace, platform: Platform) -> None:
    platform.clear_log()
    first.plan()
    before = reads(platform)
    assert not [request for request in platform.log() if "name==" in request["query"] or "dataSets?" in request["path"]]
    first.edit("manifests/people.yaml", "frequency: day", "frequency: hour")
    platform.clear_log()
    first.plan()
    # Who changes a dataflow is told of its runs.
    runs = [request for request in platform.log() if request["path"].endswith("/runs")]
    assert (reads(platform) - len(runs), len(runs)) == (before, 1)


def test_a_first_plan_costs_pages(checkout: Callable[[str], Workspace], platform: Platform) -> None:
    workspace = checkout("many")
    many(workspace, 1)
    platform.clear_log()
    workspace.plan()
    with_one = reads(platform)
    many(workspace, 600)
    platform.clear_log()
    workspace.plan()
    # Small platforms are read whole: one page for each kind that is searched. Each mapping set is checked once.
    assert reads(platform) <= with_one + 2 + 599
    assert checks(platform) == 600


def test_a_first_plan_beside_many_others_asks_by_name(checkout: Callable[[str], Workspace], platform: Platform) -> None:
    workspace = checkout("many")
    for number in [-1, *range(700)]:
        platform.request(
            "POST",
            "/data/foundation/catalog/dataSets",
            json={"name": f"Other {number}" if number >= 0 else "p5 dataset", "schemaRef": schema_ref(platform)},
        ).raise_for_status()
    many(workspace, 1)
    platform.clear_log()
    workspace.plan()
    with_one = reads(platform)
    many(workspace, 600)
    platform.clear_log()
    result, found = planned(workspace)
    # 600 names are six requests; one page was tried before. Each mapping set is checked once.
    assert reads(platform) <= with_one + 8 + 599
    assert checks(platform) == 600
    assert max(len(request["query"]) for request in platform.log()) < 6000
    # The oldest of all is found.
    assert result.code == 1
    assert set(found) == {"p5.dataset"}


def test_titles_that_no_filter_can_hold_cost_one_list(checkout: Callable[[str], Workspace], platform: Platform) -> None:
    workspace = checkout("odd")
    documents = [PIPELINE.format(name=f"p{number}", title=f'"a, b {number}"') for number in range(3)]
    workspace.write("manifests/people.yaml", "---\n".join(documents))
    platform.clear_log()
    workspace.plan()
    assert len([request for request in platform.log() if request["path"].endswith("/flows")]) == 1


def schema_ref(platform: Platform) -> dict[str, str]:
    if not _known:
        reply = platform.request(
            "GET",
            "/data/foundation/schemaregistry/tenant/schemas",
            headers={"Accept": "application/vnd.adobe.xed-id+json"},
        ).raise_for_status()
        _known.update(id=reply.json()["results"][0]["$id"], contentType="application/vnd.adobe.xed+json;version=1")
    return _known


_known: dict[str, str] = {}


# Repair


def test_repair_never_records_one_object_twice(first: Workspace, platform: Platform) -> None:
    first.write("manifests/copy.yaml", PIPELINE.format(name="copy", title="People"))
    shown = first.run("state", "repair", "--auto-approve", "--format", "json")
    by_address = {found["address"]: found for found in shown.json["findings"]}
    assert by_address["copy.flow"]["id"] is None
    assert by_address["copy.flow"]["whyNot"] == 'there is no flow with the title "People"'
    drop(first, "people.flow")
    shown = first.run("state", "repair", "--auto-approve", "--format", "json")
    found = [each for each in shown.json["findings"] if each["address"].endswith(".flow")]
    assert sorted(str(each["id"]) for each in found) == sorted([platform.one("flows", "People")["id"], "None"])


def test_repair_leaves_what_is_recorded_and_there(first: Workspace) -> None:
    """A mapping set of another version than the flow uses is drift, which a plan shows, and no lost record."""
    lockfile = first.lockfile
    lockfile["entries"]["people.mapping_set"]["outputs"] = {"version": "7"}
    first.write("flowctl.dev.lock", json.dumps(lockfile))
    shown = first.run("state", "repair", "--auto-approve")
    assert "Nothing to repair" in shown.out
    assert first.lockfile == lockfile


def test_repair_keeps_what_still_awaits_deletion(first: Workspace, platform: Platform) -> None:
    lockfile = first.lockfile
    before = lockfile["entries"]["people.flow"]["id"]
    lockfile["entries"]["people.flow"] |= {"id": "00000000-0000-4000-8000-000000000000", "deposed": [OLD]}
    first.write("flowctl.dev.lock", json.dumps(lockfile))
    assert first.run("state", "repair", "--auto-approve").code == 0
    entry = first.lockfile["entries"]["people.flow"]
    assert (entry["id"], entry["deposed"]) == (before, [OLD])


def test_repair_lets_a_person_choose_among_equal_names(first: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "People")
    make(platform, "flows", copy_of(live))
    drop(first, "people.flow")
    _, found = planned(first)
    assert "state repair people.flow=" in found["people.flow"]["detail"]
    first.run("state", "repair", "--auto-approve")
    assert "people.flow" not in ids(first)
    assert first.run("state", "repair", f"people.flow={live['id']}", "--auto-approve").code == 0
    assert ids(first)["people.flow"] == live["id"]


@pytest.mark.parametrize(
    ("choice", "code", "words"),
    [
        ("nobody.flow=1", "unknown-target", "no manifest describes `nobody.flow`"),
        ("people.flow=00000000-0000-4000-8000-000000000000", "not-found", "there is no flow with the ID 0000"),
        ("people.flow=00000000-0000-4000-8000-000000000000", "not-found", "Known: "),
        ("peaple.flow=1", "unknown-target", "Did you mean `people.flow`?"),
        ("people.flow", "usage", "expected `ADDRESS=ID`"),
        ("people.flow=", "usage", "expected `ADDRESS=ID`"),
        ("people.dataset=1", "address-taken", "`people.dataset` is already in the lockfile as"),
    ],
)
def test_choices_that_cannot_be_recorded(first: Workspace, choice: str, code: str, words: str) -> None:
    drop(first, "people.flow")
    before = ids(first)
    result = first.run("state", "repair", choice, "--auto-approve")
    assert result.code == 1
    assert words in result.err
    assert code in result.err or code == "usage"
    assert ids(first) == before


def test_a_choice_that_is_recorded_elsewhere_is_refused(first: Workspace, platform: Platform) -> None:
    first.write("manifests/copy.yaml", PIPELINE.format(name="copy", title="Copy"))
    result = first.run("state", "repair", f"copy.flow={platform.one('flows', 'People')['id']}", "--auto-approve")
    assert result.code == 1
    assert "is already in the lockfile as `people.flow`" in result.err
    assert "Run `flowctl -e dev state rm people.flow` to stop managing it there" in result.err


def test_a_choice_stands_before_a_name(first: Workspace, platform: Platform) -> None:
    """By its name the object would go to the other address, which is looked for first."""
    first.write("manifests/zoo.yaml", PIPELINE.format(name="zoo", title="Zoo"))
    drop(first, "people.flow")
    live = platform.one("flows", "People")
    shown = first.run("state", "repair", f"zoo.flow={live['id']}", "--auto-approve", "--format", "json")
    found = {each["address"]: each["id"] for each in shown.json["findings"]}
    assert found["zoo.flow"] == live["id"]
    assert found["people.flow"] is None


def test_choices_that_contradict_each_other(first: Workspace, platform: Platform) -> None:
    first.write("manifests/zoo.yaml", PIPELINE.format(name="zoo", title="Zoo"))
    drop(first, "people.flow")
    live, before = platform.one("flows", "People")["id"], ids(first)
    for choices, words in [
        ([f"people.flow={OLD}", f"people.flow={live}"], "`people.flow` has two IDs"),
        ([f"people.flow={live}", f"zoo.flow={live}"], "`zoo.flow` has the ID of another address"),
    ]:
        result = first.run("state", "repair", *choices, "--auto-approve")
        assert result.code == 1
        assert words in result.err
        assert ids(first) == before
    assert first.run("state", "repair", *[f"people.flow={live}"] * 2, "--auto-approve").code == 0


def test_the_object_that_is_most_like_the_manifest_is_proposed(first: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "People")
    for _ in range(7):
        make(platform, "flows", copy_of(live) | {"scheduleParams": live["scheduleParams"] | {"interval": 2}})
    drop(first, "people.flow")
    _, found = planned(first)
    assert f"state repair people.flow={live['id']}" in found["people.flow"]["detail"]
    assert found["people.flow"]["detail"].startswith(live["id"])


# The last manifest


def test_the_last_manifest_gone_tells_what_is_recorded(first: Workspace) -> None:
    for name in ("people", "shop"):
        (first.root / f"manifests/{name}.yaml").unlink()
    for command in ("plan", "apply", "validate"):
        result = first.run(command)
        assert result.code == 1
        assert "[no-manifests]" in result.out + result.err
        assert (
            "The lockfile of environment dev has 6 entries, among them the pipeline people." in result.out + result.err
        )
        assert "flowctl -e dev destroy" in result.out + result.err
        assert "-C" in result.out + result.err
    found = first.run("plan", "--format", "json").json["diagnostics"]
    assert [each["code"] for each in found] == ["no-manifests"]
    assert first.run("destroy", "--auto-approve").code == 0
    assert "destroy" not in first.run("plan").err


def test_without_a_record_no_manifests_is_as_before(checkout: Callable[[str], Workspace]) -> None:
    workspace = checkout("empty")
    shutil.rmtree(workspace.root / "manifests")
    (workspace.root / "manifests").mkdir()
    for command in ("plan", "validate"):
        result = workspace.run(command)
        assert "[no-manifests]" in result.out + result.err
        assert "Write a manifest" in result.out + result.err
        assert "destroy" not in result.out + result.err


def test_a_lockfile_that_cannot_be_read_does_not_stop_a_validation(first: Workspace) -> None:
    shutil.rmtree(first.root / "manifests")
    (first.root / "manifests").mkdir()
    first.write("flowctl.dev.lock", "{")
    assert "[no-manifests]" in first.run("validate").out


def test_a_renamed_folder_tells_what_is_recorded(first: Workspace, platform: Platform) -> None:
    (first.root / "manifests").rename(first.root / "manifest")
    for command in ("plan", "validate"):
        told = first.run(command)
        assert told.code == 1
        assert "[manifests-folder]" in told.out + told.err
        assert "has 6 entries, among them the pipeline people." in told.out + told.err
        assert "the next plan deletes the objects that its manifests described." in told.out + told.err
    (first.root / "flowctl.dev.lock").unlink()
    told = first.run("validate")
    assert "[manifests-folder]" in told.out
    assert "entries" not in told.out


def test_all_pipelines_removed_at_once_is_a_warning(first: Workspace) -> None:
    first.write("manifests/more/orders.yaml", PIPELINE.format(name="orders", title="Orders"))
    first.apply()
    (first.root / "manifests/more/orders.yaml").rename(first.root / "manifests/more/orders.yaml.bak")
    assert "all-pipelines-removed" not in first.run("plan").err
    (first.root / "manifests/people.yaml").rename(first.root / "manifests/people.yaml.bak")
    result = first.run("plan", "--format", "json")
    assert result.code == 0
    (found,) = result.json["diagnostics"]
    assert (found["code"], found["severity"]) == ("all-pipelines-removed", "warning")
    assert "all 2 pipelines" in found["summary"]
    assert "orders, people" in found["detail"]
    assert "all-pipelines-removed" not in first.run("plan", "--destroy").err
    assert "all-pipelines-removed" not in first.run("plan", "--target", "people", "--target", "orders").err


# A run that waited for its approval


@pytest.fixture
def waiting(checkout: Callable[[str], Workspace]) -> Iterator[tuple[Workspace, Callable[[], str]]]:
    """A checkout whose first apply waits at a terminal; the call approves it and returns what it prints."""
    workspace = checkout("first")
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "flowctl", "-C", str(workspace.root), "apply", "-q", "--no-color"]
    run = subprocess.Popen(command, stdin=its, stdout=subprocess.DEVNULL, stderr=its)
    os.close(its)

    def printed(until: str) -> str:
        text = ""
        while until not in text:
            try:
                text += os.read(ours, 4096).decode()
            except OSError:
                break
        return text

    def approve() -> str:
        os.write(ours, b"yes\n")
        text = printed("never printed")
        return f"{run.wait()}: {text}"

    assert "approve:" in printed("approve:")
    try:
        yield workspace, approve
    finally:
        run.kill()
        run.wait()
        os.close(ours)


def test_a_run_that_lost_its_lock_while_it_waited_writes_nothing_over_the_record_of_the_next_one(
    waiting: tuple[Workspace, Callable[[], str]], platform: Platform
) -> None:
    workspace, approve = waiting
    workspace.run("unlock", "--auto-approve")
    (workspace.root / "manifests/people.yaml").unlink()
    workspace.write("manifests/pets.yaml", PIPELINE.format(name="pets", title="Pets"))
    workspace.apply()
    recorded, made = workspace.lockfile, counts(platform)
    said = approve()
    assert said.startswith("1: ")
    assert "[record-changed]" in said
    assert workspace.lockfile == recorded
    assert counts(platform) == made


def test_a_lockfile_that_came_while_a_run_waited_for_its_approval_is_not_overwritten(
    waiting: tuple[Workspace, Callable[[], str]], checkout: Callable[[str], Workspace], platform: Platform
) -> None:
    workspace, approve = waiting
    other = checkout("second")
    other.apply()
    shutil.copy(other.root / "flowctl.dev.lock", workspace.root)
    made = counts(platform)
    assert "[record-changed]" in approve()
    assert workspace.lockfile == other.lockfile
    assert counts(platform) == made
