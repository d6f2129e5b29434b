"""Crash matrix: the real process is killed at every boundary; the next apply leaves exactly the wanted objects."""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crash_points import Scenario, crash_at_each
from fault_workspace import FaultWorkspace, Pipeline, Seen, counted
from surroundings import Platform

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
SHARDS = 8
_STRIDE = 1 if FULL else 11
_SAMPLED = {"create": [(10, 0), (1, 4)], "update": [(1, 1)], "replace": [(1, 2)], "destroy": [(1, 3)]}
"""Without FLOWCTL_FAULTS=full only these shards run, with every eleventh of their points; the report tries all."""


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


def _destroyed(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    again = workspace.run("destroy", "--auto-approve")
    left = {kind: count for kind, count in counted(seen).items() if count and kind != "mapping_set"}
    problems = [f"left on the platform: {left}"] if left else []
    problems += [f"still recorded: {list(workspace.entries)}"] if workspace.entries else []
    return problems + ([f"the next destroy fails: {again.text}"] if again.code else [])


_APPLY = ("apply", "--auto-approve")
SCENARIOS = (
    Scenario("create", _APPLY, _nothing),
    Scenario("update", _APPLY, _edited),
    Scenario("replace", _APPLY, _replaced),
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


@pytest.mark.parametrize(("parallelism", "shard"), [*((1, shard) for shard in range(SHARDS)), (10, 0), (10, 4)])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_next_apply_mends_a_crash_at_any_boundary(
    scenario: Scenario,
    parallelism: int,
    shard: int,
    platform: Platform,
    make: Callable[[], FaultWorkspace],
    record_property: Callable[[str, object], None],
) -> None:
    if not FULL and (parallelism, shard) not in _SAMPLED[scenario.name]:
        pytest.skip("sampled; the report tries all")
    tally = crash_at_each(scenario, make, Seen(platform.http), _points(shard), "--parallelism", str(parallelism))
    record_property("crash points", tally.as_json())
    assert tally.wrong == []
    assert sum(tally.tried.values()) > 0
