"""Crash matrix: the real process is killed at every boundary; the next apply leaves exactly the wanted objects."""

import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from crash_points import Scenario, crash_at_each
from fault_workspace import CHOSEN_CLOCKS, CLOCKS, FaultWorkspace, Pipeline, Seen, after_recovery, counted
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
    "import": [(1, 5, 0)],
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


_APPLY = ("apply", "--auto-approve")
SCENARIOS = (
    Scenario("create", _APPLY, _nothing),
    Scenario("update", _APPLY, _edited),
    Scenario("replace", _APPLY, _replaced),
    Scenario("states", _APPLY, _restated, _reached_states),
    Scenario("move", _APPLY, _moved),
    Scenario("import", _APPLY, _imported),
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
