"""Crash matrix: the real process is killed at every boundary; the next apply leaves exactly the wanted objects."""

import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from crash_points import Scenario, crash_at_each
from fault_workspace import (
    CHOSEN_CLOCKS,
    CLOCKS,
    FaultWorkspace,
    Pipeline,
    Seen,
    after_recovery,
    counted,
    what_is_wrong,
)
from surroundings import Platform

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
SHARDS = 8
_STRIDE = 1 if FULL else 11
_SAMPLED = {
    "create": [(10, 0, -900), (1, 4, 86_400), (1, 6, 0)],
    "update": [(1, 1, 900)],
    "replace": [(1, 2, -86_400)],
    "states": [(1, 5, 0)],
    "move": [(1, 0, 0)],
    "destroy": [(1, 3, 0)],
    "accept": [(1, 0, 0), (1, 5, 0)],
    "create first": [(1, 3, 0)],
    "put back": [(1, 6, 0)],
    "import": [(1, 5, 0)],
    "write manifests": [(1, 4, 0)],
}
"""Without FLOWCTL_FAULTS=full only these shards run, with every eleventh of their points."""
_SHARDS = (*((1, shard) for shard in range(SHARDS)), (10, 0), (10, 4))


def _nothing(workspace: FaultWorkspace) -> None:
    workspace.save()


def _applied(workspace: FaultWorkspace) -> None:
    workspace.save()
    first = workspace.run("apply", "--auto-approve")
    assert first.code == 0, first.text


def _edited(workspace: FaultWorkspace) -> None:
    _applied(workspace)
    workspace.password = "another-password"
    for pipeline in workspace.pipelines.values():
        pipeline.description = pipeline.schema_description = pipeline.dataset_description = "second"
        pipeline.expression, pipeline.frequency = "upper(email)", "day"
    workspace.save()


def _replaced(workspace: FaultWorkspace) -> None:
    _applied(workspace)
    for pipeline in workspace.pipelines.values():
        pipeline.table = "public.persons"
    workspace.save()


def _restated(workspace: FaultWorkspace) -> None:
    """One flow is disabled, another enabled; both change otherwise too, and a third one is created disabled."""
    workspace.pipelines["second"].state = "disabled"
    _applied(workspace)
    workspace.pipelines["first"].state, workspace.pipelines["second"].state = "disabled", "enabled"
    workspace.pipelines["third"] = Pipeline("third", state="disabled")
    for pipeline in workspace.pipelines.values():
        pipeline.description = "second"
    workspace.save()


def _moved(workspace: FaultWorkspace) -> None:
    """Every document of a pipeline is renamed, and some of their titles with them."""
    _applied(workspace)
    workspace.moved = {"first": "third"}
    workspace.pipelines["third"] = replace(workspace.pipelines.pop("first"), name="third")
    workspace.save()


def _imported(workspace: FaultWorkspace) -> None:
    """Everything is live and forgotten, an Import document names it, and one half of it differs."""
    _applied(workspace)
    ids = {address: entry["id"] for address, entry in workspace.entries.items()}
    workspace.lockfile_path.unlink()
    workspace.pipelines["first"].expression, workspace.pipelines["first"].frequency = "upper(email)", "day"
    workspace.save()
    head = {"apiVersion": "flowctl/v1", "kind": "Import", "metadata": {"name": "dev"}, "environment": "dev"}
    (workspace.root / "more").mkdir()
    (workspace.root / "more" / "import.yaml").write_text(json.dumps({**head, "objects": ids}))
    settings = (workspace.root / "flowctl.yaml").read_text()
    (workspace.root / "flowctl.yaml").write_text(settings.replace("[manifests]", "[manifests, more]"))


def _forgotten(workspace: FaultWorkspace) -> None:
    """Everything is live, and no manifest and no lockfile is left of it."""
    _applied(workspace)
    workspace.lockfile_path.unlink()
    for path in (workspace.root / "manifests").iterdir():
        path.unlink()


def _written_again(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """One more import writes the rest, and an apply records what is live and creates nothing."""
    before = seen.objects()
    again = workspace.run("import")
    if again.code != 0:
        return [f"the next import fails: {again.text}"]
    problems = after_recovery(workspace, seen)
    problems += [f"{path} is left" for path in workspace.root.rglob(".*.new")]
    return problems + (["other objects are there"] if seen.objects() != before else [])


def _created_first(workspace: FaultWorkspace) -> None:
    for pipeline in workspace.pipelines.values():
        pipeline.rules = "lifecycle: {onReplace: {order: create-first, backfill: false, startTime: now}}\n"
    _replaced(workspace)


def _all_run(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """After one more apply every flow is there once, and enabled."""
    problems = after_recovery(workspace, seen)
    states = {flow["name"]: flow["state"] for flow in seen.request("GET", "/flowservice/flows").json()["items"]}
    return problems + [f"{name} is {state}" for name, state in states.items() if state != "enabled"]


def _put_back(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """The manifests are as they were before the replacement."""
    for pipeline in workspace.pipelines.values():
        pipeline.table = "public.people"
    workspace.save()
    return _all_run(workspace, seen)


def _destroyed(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    again = workspace.run("destroy", "--auto-approve")
    left = {kind: count for kind, count in counted(seen).items() if count and kind != "mapping_set"}
    problems = [f"left on the platform: {left}"] if left else []
    problems += [f"still recorded: {list(workspace.entries)}"] if workspace.entries else []
    return problems + ([f"the next destroy fails: {again.text}"] if again.code else [])


def _reached_states(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    problems = after_recovery(workspace, seen)
    live = seen.request("GET", "/flowservice/flows", params={"limit": 100}).raise_for_status().json()["items"]
    states = {item["name"]: item["state"] for item in live}
    wanted = {f"{name} flow": each.state for name, each in workspace.pipelines.items()}
    return problems + ([f"states: {states}"] if states != wanted else [])


def _drifted(workspace: FaultWorkspace) -> None:
    """Applied, and then edited by someone: a schedule and the mapping of one pipeline, the description of the other."""
    _applied(workspace)
    with httpx.Client(base_url=workspace.url) as http:
        seen = Seen(http)
        flows = seen.request("GET", "/flowservice/flows").json()["items"]
        for flow in sorted(flows, key=lambda each: str(each["name"])):
            changes = {"/scheduleParams/frequency": "week", "/description": "edited"}
            if flow["name"].startswith("first"):
                (place,) = [n for n, each in enumerate(flow["transformations"]) if each["name"] == "Mapping"]
                changes[f"/transformations/{place}"] = _other_mappings(seen, flow["transformations"][place])
            operations = [{"op": "replace", "path": path, "value": value} for path, value in changes.items()]
            headers = {"If-Match": flow["etag"]}
            seen.request(
                "PATCH", f"/flowservice/flows/{flow['id']}", headers=headers, json=operations
            ).raise_for_status()


def _other_mappings(seen: Seen, mapping: dict[str, Any]) -> dict[str, Any]:
    path = f"/conversion/mappingSets/{mapping['params']['mappingId']}"
    old = seen.request("GET", path).json()
    rows = [{"sourceType": "EXPRESSION", "source": "upper(email)", "destination": "personalEmail.address"}]
    body = {"outputSchema": {"schemaRef": old["schemaRef"]}, "mappings": rows}
    made = seen.request("PUT", path, json=body).raise_for_status().json()
    return {"name": "Mapping", "params": {"mappingId": made["id"], "mappingVersion": made["version"]}}


def _accepted(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """Every manifest is as it was or as it shall be, and one more run ends what the crashed one began."""
    problems = []
    for name, pipeline in workspace.pipelines.items():
        path = workspace.root / "manifests" / f"{name}.yaml"
        if path.read_text() not in (pipeline.manifest(), _edited_manifest(pipeline)):
            problems.append(f"{path.name} is neither old nor new: {path.read_text()}")
    again = workspace.run(*_ACCEPT)
    if again.code != 0:
        problems.append(f"the next run fails: {again.text}")
    for name, pipeline in workspace.pipelines.items():
        if (workspace.root / "manifests" / f"{name}.yaml").read_text() != _edited_manifest(pipeline):
            problems.append(f"{name}.yaml is not edited")
    problems += [f"{path} is left" for path in workspace.root.rglob(".*.new")]
    return problems + what_is_wrong(workspace, seen)


def _edited_manifest(pipeline: Pipeline) -> str:
    text = pipeline.manifest().replace("description: first}\nsource", "description: edited}\nsource")
    text = text.replace("frequency: hour", "frequency: week")
    if pipeline.name == "first":
        text = text.replace("  - {source: id, destination: _id}\n", "").replace("lower(email)", "upper(email)")
    return text


_APPLY = ("apply", "--auto-approve")
_ACCEPT = ("drift", "--accept")
SCENARIOS = (
    Scenario("create", _APPLY, _nothing),
    Scenario("update", _APPLY, _edited),
    Scenario("replace", _APPLY, _replaced),
    Scenario("states", _APPLY, _restated, _reached_states),
    Scenario("move", _APPLY, _moved),
    Scenario("create first", _APPLY, _created_first, _all_run),
    Scenario("put back", _APPLY, _created_first, _put_back),
    Scenario("accept", _ACCEPT, _drifted, _accepted),
    Scenario("import", _APPLY, _imported),
    Scenario("write manifests", ("import",), _forgotten, _written_again),
    Scenario("destroy", ("destroy", "--auto-approve"), _applied, _destroyed),
)


@pytest.fixture
def make(platform: Platform, tmp_path: Path) -> Callable[[], FaultWorkspace]:
    def new() -> FaultWorkspace:
        root = Path(tempfile.mkdtemp(dir=tmp_path))
        return FaultWorkspace(root, platform.url, {name: Pipeline(name) for name in ("first", "second")})

    return new


def _points(shard: int) -> Iterator[int]:
    return itertools.count(1 + shard, SHARDS * _STRIDE)


def _shards() -> Iterator[tuple[Scenario, int, int, int]]:
    for scenario in SCENARIOS:
        chosen = [(*shard, clock) for place, clock in enumerate(CHOSEN_CLOCKS) for shard in _shards_at(clock, place)]
        yield from ((scenario, *shard) for shard in (chosen if FULL else _SAMPLED[scenario.name]))


def _shards_at(clock: int, place: int) -> tuple[tuple[int, int], ...]:
    """Every boundary where the platform's clock is right, and at each wrong clock another eighth of them."""
    return _SHARDS if clock == 0 else ((1, place % SHARDS),)


@pytest.mark.parametrize(
    ("scenario", "parallelism", "shard", "clock"),
    [pytest.param(*shard, id=f"{shard[0].name}-{shard[1]}-{shard[2]}-{CLOCKS[shard[3]]}") for shard in _shards()],
)
def test_the_next_apply_mends_a_crash_at_any_boundary(
    scenario: Scenario,
    parallelism: int,
    shard: int,
    clock: int,
    platform: Platform,
    make: Callable[[], FaultWorkspace],
    record_property: Callable[[str, object], None],
) -> None:
    seen = Seen(platform.http, clock)
    tally = crash_at_each(scenario, make, seen, _points(shard), "--parallelism", str(parallelism))
    record_property("crash points", tally.as_json())
    record_property(
        "platform clocks", json.dumps({CLOCKS[clock]: [sum(tally.tried.values()), sum(tally.passed.values())]})
    )
    assert tally.wrong == []
    assert sum(tally.tried.values()) > 0
