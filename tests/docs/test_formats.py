"""The published schemas of lockfile and JSON results hold for real ones, and describe every key."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from surroundings import SCHEMAS, Platform, Workspace, change_everything

from flowctl.model.change import Action, Reason
from flowctl.model.diagnostic import Severity
from flowctl.model.report import StepStatus
from flowctl.specs.files import schemas_dir

NAMES = ("lockfile", "plan", "planfile")


def schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return document


def check(name: str, document: Any) -> None:
    problems = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(name)).iter_errors(document)
    ]
    assert problems == []


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one_and_ships(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert (schemas_dir() / f"{name}.schema.json").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described(name: str) -> None:
    assert [path for path, member in _members(schema(name)) if "description" not in member] == []


def _members(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for key, value in (node.get("properties") or {}).items():
            yield f"{path}.{key}", value
        for key, value in node.items():
            yield from _members(value, f"{path}.{key}")
    elif isinstance(node, list):
        for item in node:
            yield from _members(item, path)


def test_the_words_are_those_of_the_program() -> None:
    plan = schema("plan")["properties"]
    change, step = plan["changes"]["items"]["properties"], plan["steps"]["items"]["properties"]
    assert set(change["action"]["enum"]) == set(Action) - {Action.NO_OP}
    assert set(change["reason"]["enum"]) == set(Reason) - {Reason.UP_TO_DATE}
    assert set(step["status"]["enum"]) == set(StepStatus)
    assert set(schema("plan")["$defs"]["diagnostic"]["properties"]["severity"]["enum"]) == set(Severity)


def test_lockfile_and_results_of_a_whole_life(examples: Workspace, platform: Platform) -> None:
    check("plan", examples.run("validate", "--format", "json").json)
    check("plan", examples.plan().json)
    check("plan", examples.run("apply", "--auto-approve", "--format", "json").json)
    check("lockfile", examples.lockfile)
    change_everything(examples, platform)
    changed = examples.plan().json
    assert {change["action"] for change in changed["changes"]} >= {"create", "update", "replace", "delete", "forget"}
    assert len(changed["drift"]) == 2
    check("plan", changed)
    check("plan", examples.run("apply", "--auto-approve", "--format", "json").json)
    check("lockfile", examples.lockfile)
    check("plan", examples.run("destroy", "--auto-approve", "--format", "json").json)
    check("lockfile", examples.lockfile)


def test_errors_are_results_too(examples: Workspace) -> None:
    check("plan", examples.run("plan", "--format", "json", "--target", "nothing").json)
    check("plan", examples.run("plan", "--format", "json", "--nonsense").json)
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequenzy: hour")
    result = examples.run("validate", "--format", "json")
    assert result.json["diagnostics"]
    check("plan", result.json)


def test_failed_and_unknown_steps_and_a_lockfile_with_pending_writes(examples: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "POST", "path": "/data/foundation/flowservice/connections"}, effect={"status": 400})
    platform.fault(
        match={"method": "POST", "path": "/data/foundation/catalog/dataSets"}, times=1000, effect={"status": 500}
    )
    # The plan reads them once, to see whether what it creates is there already.
    platform.fault(
        match={"method": "GET", "path": "/data/foundation/catalog/dataSets"}, nth=2, times=1000, effect={"status": 400}
    )
    result = examples.run("apply", "--auto-approve", "--format", "json")
    assert result.code == 1
    assert {step["status"] for step in result.json["steps"]} >= {"done", "failed", "unknown", "skipped"}
    check("plan", result.json)
    assert examples.lockfile["pending"]
    check("lockfile", examples.lockfile)


def test_a_lockfile_with_a_predecessor_that_is_not_deleted_yet(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    old = examples.lockfile["entries"]["shop-customers.source_connection"]["id"]
    path = f"/data/foundation/flowservice/sourceConnections/{old}"
    platform.fault(match={"method": "DELETE", "path": path}, times=1000, effect={"status": 400})
    assert examples.run("apply", "--auto-approve").code == 1
    assert examples.lockfile["entries"]["shop-customers.source_connection"]["deposed"] == [old]
    check("lockfile", examples.lockfile)
