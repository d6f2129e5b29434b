"""Parts of schemas, descriptors and Profile: any fault and any crash is recovered from, nothing is created twice."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crash_points import Scenario, crash_at_each
from fault_cells import FAULTS, FULL, READ_TIMEOUT, Action, cells, hit_once
from fault_proxy import NONE, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Seen
from parts_workspace import (
    ALLOWED,
    KINDS,
    STAYS,
    WANTED,
    Parts,
    kind_written,
    part_ids,
    parts_apart,
    parts_applied,
    parts_edited,
    parts_gone,
    parts_recovered,
    wrong_parts,
)
from surroundings import Platform

_OPTIONS = ("--retry-budget", "1", "--read-timeout", str(READ_TIMEOUT))


def _alone(prepare: Callable[[FaultWorkspace], None]) -> Callable[[FaultWorkspace, Seen], None]:
    """A preparation without an edit by somebody else."""
    return lambda workspace, _seen: prepare(workspace)


_APPLY, _DESTROY = ("apply", *ALLOWED), ("destroy", "--auto-approve")
_CHANGEABLE = tuple(kind for kind in KINDS if kind != "profile")
_DELETABLE = tuple(kind for kind in _CHANGEABLE if kind not in STAYS)
ACTIONS = (
    Action("create", ("POST", "PATCH"), KINDS, _APPLY, _alone(FaultWorkspace.save)),
    Action("update", ("PUT", "PATCH"), _CHANGEABLE, _APPLY, _alone(parts_edited)),
    Action("delete", ("DELETE",), _DELETABLE, _DESTROY, _alone(parts_apart)),
)


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.mark.parametrize(
    ("action", "fault", "kinds", "clock"), cells(itertools.product(ACTIONS, FAULTS), every_clock=False)
)
def test_a_fault_leaves_no_part_lost_and_none_twice(
    action: Action,
    fault: str,
    kinds: tuple[str, ...],
    clock: int,
    platform: Platform,
    proxy: FaultProxy,
    tmp_path: Path,
) -> None:
    seen = Seen(platform.http, clock)
    seen.fresh()
    workspace = FaultWorkspace(tmp_path, proxy.url, {"parts": Parts("parts")})
    action.prepare(workspace, seen)
    hits = hit_once(proxy, FAULTS[fault], action.methods, kinds, kind_written)
    faulty = workspace.run(*action.command, *_OPTIONS)
    proxy.script = lambda _asked: NONE
    assert hits() == len(kinds), faulty.text
    assert proxy.problems == []
    assert faulty.code == 0, faulty.text
    assert {kind: ids for kind, ids in part_ids(seen).items() if len(ids) > WANTED[kind]} == {}, faulty.text
    wrong = parts_gone(workspace, seen) if action.name == "delete" else wrong_parts(workspace, seen)
    assert wrong == [], faulty.text


def _forgotten(workspace: FaultWorkspace) -> None:
    """Everything is live, and the lockfile is gone."""
    parts_applied(workspace)
    workspace.lockfile_path.unlink()


def _repaired(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """What is wrong after one more repair, and an apply."""
    again = workspace.run("state", "repair", "--auto-approve")
    return parts_recovered(workspace, seen) if again.code == 0 else [f"the next repair fails: {again.text}"]


SCENARIOS = (
    Scenario("create", _APPLY, FaultWorkspace.save, parts_recovered),
    Scenario("update", _APPLY, parts_edited, parts_recovered),
    Scenario("destroy", _DESTROY, parts_apart, parts_gone),
    Scenario("repair", ("state", "repair", "--auto-approve"), _forgotten, _repaired),
)
_SHARDS, _STRIDE = 8, 1 if FULL else 11
_SAMPLED = {"create": [(10, 0), (1, 3)], "update": [(1, 1)], "destroy": [(1, 5)], "repair": [(1, 2)]}


def _shards() -> Iterator[tuple[Scenario, int, int]]:
    every = [(1, shard) for shard in range(_SHARDS)] + [(10, 0), (10, 4)]
    for scenario in SCENARIOS:
        yield from ((scenario, *shard) for shard in (every if FULL else _SAMPLED[scenario.name]))


@pytest.mark.parametrize(
    ("scenario", "parallelism", "shard"),
    [pytest.param(*each, id=f"{each[0].name}-{each[1]}-{each[2]}") for each in _shards()],
)
def test_the_next_run_recovers_parts_from_a_crash_at_any_boundary(
    scenario: Scenario, parallelism: int, shard: int, platform: Platform, tmp_path: Path
) -> None:
    def make() -> FaultWorkspace:
        root = Path(tempfile.mkdtemp(dir=tmp_path))
        return FaultWorkspace(root, platform.url, {"parts": Parts("parts")})

    options = () if scenario.name == "repair" else ("--parallelism", str(parallelism))
    points = itertools.count(1 + shard, _SHARDS * _STRIDE)
    tally = crash_at_each(scenario, make, Seen(platform.http), points, *options)
    assert tally.wrong == []
    assert sum(tally.tried.values()) > 0
