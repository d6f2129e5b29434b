"""What a reviewer is told of a plan besides its changes, and the digest by which it is approved."""

import json
from pathlib import Path
from typing import Any

import pytest
from surroundings import FLOWS, Platform, Result, Workspace, change_everything

from flowctl.manifest.graph import declarations
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.operations.validate import load_manifests
from flowctl.settings.workspace import find
from flowctl.state.local.run_lock import run_lock

WRONG = "0" * 64


def changes(result: Result) -> dict[str, dict[str, Any]]:
    return {change["address"]: change for change in result.json["changes"]}


def digest(examples: Workspace, *arguments: str) -> str:
    found: str = examples.plan(*arguments).json["digest"]
    assert len(found) == 64
    return found


def line_of(examples: Workspace, file: str, words: str) -> int:
    lines = (examples.root / file).read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if words in text]
    return line


# Where a change comes from.


def test_a_new_resource_has_its_pipeline_its_labels_and_its_place(examples: Workspace) -> None:
    found = changes(examples.plan())
    flow, connection = found["shop-customers.flow"], found["shop-database.connection"]
    assert flow["pipeline"] == "shop-customers"
    assert flow["labels"] == {"team": "shop"}
    assert flow["file"] == "pipelines/shop-customers.yaml"
    assert flow["line"] == line_of(examples, "pipelines/shop-customers.yaml", "apiVersion")
    assert (connection["pipeline"], connection["labels"]) == (None, {})
    assert connection["file"] == "connections/shop-database.yaml"
    assert found["customers.dataset"]["pipeline"] is None
    assert found["shopify-orders.dataset"]["pipeline"] == "shopify-orders"


def test_a_changed_value_has_the_line_on_which_it_is_written(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/partner-files.yaml", "lower(email)", "trim(lower(email))")
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    found = changes(examples.plan())
    assert found["partner-files.mapping_set"]["line"] == line_of(
        examples, "pipelines/partner-files.yaml", "trim(lower(email))"
    )
    replaced = found["shop-customers.source_connection"]
    assert (replaced["action"], replaced["pipeline"]) == ("replace", "shop-customers")
    assert replaced["line"] == line_of(examples, "pipelines/shop-customers.yaml", "public.clients")


def test_what_forces_a_replacement_has_the_line(examples: Workspace) -> None:
    examples.apply()
    connection = "  connection: shop-database\n"
    examples.edit("pipelines/shop-customers.yaml", connection, f"{connection}  description: A new description\n")
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    change = changes(examples.plan())["shop-customers.source_connection"]
    assert [each["path"] for each in change["attributes"]] == ["description", "params.tableName"]
    assert change["line"] == line_of(examples, "pipelines/shop-customers.yaml", "public.clients")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{backfill: false, startTime: now}", "Schedule: every hour, without backfill.\n"),
        (
            "{startTime: '2099-01-01T00:00:00Z'}",
            "Schedule: every hour from 2099-01-01 00:00 UTC, with backfill. Next runs: 2099-01-01 00:00 UTC, ",
        ),
    ],
)
def test_a_replaced_dataflow_has_the_schedule_that_it_will_have(examples: Workspace, rule: str, told: str) -> None:
    examples.apply()
    pipeline = "pipelines/shop-customers.yaml"
    examples.edit(pipeline, "tableName: public.customers", "tableName: public.clients")
    examples.edit(pipeline, "kind: Pipeline", f"kind: Pipeline\nlifecycle: {{onReplace: {rule}}}")
    assert told in examples.run("plan", "--format", "markdown").out


def test_what_no_manifest_describes_has_a_pipeline_and_no_place(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "pipelines/hubspot-contacts.yaml").unlink()
    (examples.root / "connections/hubspot.yaml").unlink()
    found = changes(examples.plan())
    for address in ("hubspot-contacts.flow", "hubspot-contacts.dataset"):
        change = found[address]
        assert (change["pipeline"], change["labels"], change["file"], change["line"]) == (
            "hubspot-contacts",
            {},
            None,
            None,
        )
    assert found["hubspot.connection"]["pipeline"] is None


def test_a_connection_of_a_pipelines_name_is_not_part_of_it(examples: Workspace) -> None:
    examples.edit("connections/shop-database.yaml", "name: shop-database", "name: shop-customers")
    examples.edit("pipelines/shop-customers.yaml", "connection: shop-database", "connection: shop-customers")
    assert changes(examples.plan())["shop-customers.connection"]["pipeline"] is None
    examples.apply()
    (examples.root / "connections/shop-database.yaml").unlink()
    (examples.root / "pipelines/shop-customers.yaml").unlink()
    assert changes(examples.plan())["shop-customers.connection"]["pipeline"] is None


def test_a_transformation_for_which_manifests_have_no_key_has_a_place(examples: Workspace) -> None:
    manifests = load_manifests(find(examples.root), environment="dev", overrides={}, environ={}, secrets=SecretValues())
    address = Address("shop-customers.flow")
    place = declarations(manifests.documents, {address})[address].resource.place("transformations", "[Other]", "params")
    assert place is not None
    assert place.file == "pipelines/shop-customers.yaml"


def test_an_apply_tells_the_same(examples: Workspace) -> None:
    planned = changes(examples.plan())
    applied = changes(examples.run("apply", "--auto-approve", "--format", "json"))
    assert planned == applied


def test_a_plan_to_destroy_tells_it_whatever_the_manifests_say(examples: Workspace) -> None:
    examples.apply()
    assert changes(examples.plan("--destroy"))["shop-customers.flow"]["labels"] == {"team": "shop"}
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    change = changes(examples.plan("--destroy"))["shop-customers.flow"]
    assert (change["pipeline"], change["labels"], change["file"]) == ("shop-customers", {}, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Shop customers", "title: Customers of the shop"),
        ("description: Customers of the web shop", "description: Others"),
        ("interval: 1", "interval: 3"),
        ('"yyyy-MM-dd HH:mm:ss", timezone', '"yyyy-MM-dd", timezone'),
    ],
)
def test_a_value_of_a_flow_has_its_line(examples: Workspace, old: str, new: str) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", old, new)
    change = changes(examples.plan("--format", "json"))["shop-customers.flow"]
    assert change["line"] == line_of(examples, "pipelines/shop-customers.yaml", new)


# The digest.


def test_equal_plans_have_equal_digests(examples: Workspace, platform: Platform) -> None:
    first = digest(examples)
    assert digest(examples) == first
    platform.reset()
    assert digest(examples) == first


def test_lines_comments_and_labels_do_not_count(examples: Workspace) -> None:
    first = digest(examples)
    examples.edit("pipelines/shop-customers.yaml", "labels: {team: shop}", "labels: {team: other} # moved\n")
    assert digest(examples) == first


def test_how_much_stays_as_it_is_does_not_count(examples: Workspace) -> None:
    only = ("--target", "shop-customers")
    examples.apply(*only)
    examples.edit("pipelines/shop-customers.yaml", "interval: 1", "interval: 2")
    first = digest(examples, *only)
    examples.apply("--target", "hubspot-contacts")
    assert digest(examples, *only) == first


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pipelines/shop-customers.yaml", "interval: 1", "interval: 2"),
        ("pipelines/shop-customers.yaml", "dataset: customers", "dataset: {id: 5f3c8a7b2e9d4c1f6a0b3d2e}"),
        ("pipelines/partner-files.yaml", "connection: landing-bucket", "connection: landing-bucket\n  title: Other"),
    ],
)
def test_another_value_has_another_digest(examples: Workspace, file: str, old: str, new: str) -> None:
    first = digest(examples)
    examples.edit(file, old, new)
    plan = examples.run("plan", "--format", "json")
    assert plan.json.get("digest") != first


def test_another_new_object_to_refer_to_has_another_digest(examples: Workspace) -> None:
    """Both plans show `(known after apply)`."""
    examples.write(
        "datasets/archive.yaml",
        "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: archive}\ntitle: Archive\nschema: customer\n",
    )
    first = digest(examples)
    examples.edit("pipelines/shop-customers.yaml", "dataset: customers", "dataset: archive")
    assert digest(examples) != first


def test_drift_and_targets_count(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", "interval: 1", "interval: 2")
    first = digest(examples)
    assert digest(examples, "--target", "shop-customers") == first
    assert digest(examples, "--target", "partner-files") != first
    flow = platform.one("flows", "Partner files")
    platform.request(
        "PATCH",
        f"{FLOWS}/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}],
    ).raise_for_status()
    assert digest(examples) != first


def test_a_plan_to_destroy_is_another_plan(examples: Workspace) -> None:
    empty = digest(examples, "--destroy")
    examples.apply()
    assert digest(examples) != empty


def test_the_digest_of_a_saved_plan_is_that_of_the_plan(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    change_everything(examples, platform)
    file = examples.root / "plan.json"
    planned = examples.plan("--out", str(file))
    shown = examples.run("show", str(file), "--format", "json")
    assert shown.json == planned.json
    assert shown.json["digest"] == digest(examples)


def test_a_file_that_shows_something_else_has_another_digest(examples: Workspace) -> None:
    file = examples.root / "plan.json"
    planned = examples.plan("--out", str(file)).json["digest"]
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("public.customers", "public.clients"),
        ('"reason": "not_recorded"', '"reason": "drifted"'),
        ('"environment": "dev"', '"environment": "prod"'),
    ):
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert examples.run("show", str(file), "--format", "json").json["digest"] != planned


def test_a_file_of_an_earlier_release_has_no_digest(examples: Workspace) -> None:
    file = examples.root / "plan.json"
    examples.plan("--out", str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    del document["sends"], document["madeAt"]
    for change in document["plan"]["changes"]:
        for name in ("pipeline", "labels", "span"):
            change.pop(name, None)
    file.write_text(json.dumps(document), encoding="utf-8")
    shown = examples.run("show", str(file), "--format", "json")
    assert shown.code == 0
    assert "digest" not in shown.json
    assert shown.json["changes"][0]["file"] is None


def test_no_secret_counts(examples: Workspace) -> None:
    """Whoever reads the digest in a comment could find a short secret by trying."""
    examples.edit("pipelines/shop-customers.yaml", "description: Customers", "description: canary-rest Customers")
    first = digest(examples)
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write("flowctl.yaml", text.replace("canary-rest", "kanary-test"))
    examples.edit("pipelines/shop-customers.yaml", "canary-rest", "kanary-test")
    assert digest(examples) == first


def test_a_run_beside_a_plan_does_not_count(examples: Workspace) -> None:
    first = digest(examples)
    with run_lock(examples.root, "dev", "flowctl apply"):
        planned = examples.plan("--out", str(examples.root / "plan.json")).json
        assert [problem["code"] for problem in planned["diagnostics"]] == ["run-under-way"]
    shown = examples.run("show", str(examples.root / "plan.json"), "--format", "json").json
    assert planned["digest"] == shown["digest"] == first


def test_a_job_without_secrets_approves_for_one_with_them(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    examples.edit("flowctl.yaml", "canary-rest", "${env:REST_PASSWORD_OF_THIS_TEST}")
    monkeypatch.setenv("REST_PASSWORD_OF_THIS_TEST", "canary-rest")
    examples.apply()
    examples.edit("connections/support-desk.yaml", "title: Support desk", "title: Service desk")
    with_secrets = digest(examples)
    monkeypatch.delenv("REST_PASSWORD_OF_THIS_TEST")
    without = examples.plan("--out", str(examples.root / "plan.json")).json
    assert without["changes"][0]["notes"] != []
    assert without["digest"] == with_secrets
    assert examples.run("show", str(examples.root / "plan.json"), "--format", "json").json == without
    monkeypatch.setenv("REST_PASSWORD_OF_THIS_TEST", "canary-rest-2")
    assert digest(examples) != with_secrets


# The approval.


def test_the_approved_plan_is_applied(examples: Workspace) -> None:
    approved = digest(examples)
    applied = examples.run("apply", "--auto-approve", "--expect-digest", approved.upper(), "--format", "json")
    assert applied.code == 0
    assert examples.plan().json["changes"] == []


def test_another_plan_is_refused_before_anything_is_sent(examples: Workspace, platform: Platform) -> None:
    approved = digest(examples)
    examples.edit("pipelines/shop-customers.yaml", "interval: 1", "interval: 2")
    platform.clear_log()
    refused = examples.run("apply", "--auto-approve", "--expect-digest", approved, "--format", "json")
    assert refused.code == 1
    (problem,) = refused.json["diagnostics"]
    assert problem["code"] == "plan-not-expected"
    assert digest(examples) in problem["detail"]
    assert platform.writes() == []
    assert not (examples.root / "flowctl.dev.lock").exists()


def test_a_saved_plan_is_held_against_the_digest_too(examples: Workspace) -> None:
    file = str(examples.root / "plan.json")
    approved = examples.plan("--out", file).json["digest"]
    refused = examples.run("apply", file, "--expect-digest", WRONG)
    assert (refused.code, "[plan-not-expected]" in refused.err) == (1, True)
    assert examples.run("apply", file, "--expect-digest", approved).code == 0


def test_a_digest_is_no_approval(examples: Workspace) -> None:
    refused = examples.run("apply", "--expect-digest", digest(examples))
    assert (refused.code, "[not-approved]" in refused.err) == (1, True)


def test_a_plan_with_errors_is_refused_for_these(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    refused = examples.run("apply", "--auto-approve", "--max-delete", "0", "--expect-digest", WRONG)
    assert refused.code == 1
    assert "[plan-not-expected]" not in refused.err


@pytest.mark.parametrize("word", ["abc", "z" * 64, "0" * 63, "0" * 65, ""])
def test_what_is_not_a_digest_is_wrong_usage(examples: Workspace, word: str) -> None:
    refused = examples.run("apply", "--auto-approve", "--expect-digest", word)
    assert refused.code == 1
    assert "64 hexadecimal digits" in refused.err
    assert not Path(examples.root / "flowctl.dev.lock").exists()
