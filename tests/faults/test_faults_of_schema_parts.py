"""Parts of schemas, descriptors and Profile: any fault and any crash is recovered from, nothing is created twice."""

import itertools
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from crash_points import Scenario, crash_at_each
from fault_cells import FAULTS, READ_TIMEOUT
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import CLOCKS, FaultWorkspace, Seen
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

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
_OPTIONS = ("--retry-budget", "1", "--read-timeout", str(READ_TIMEOUT))


@dataclass(frozen=True)
class Action:
    """A kind of write of parts."""

    name: str
    methods: tuple[str, ...]
    kinds: tuple[str, ...]
    command: tuple[str, ...]
    prepare: Callable[[FaultWorkspace], None]


_APPLY, _DESTROY = ("apply", *ALLOWED), ("destroy", "--auto-approve")
_CHANGEABLE = tuple(kind for kind in KINDS if kind != "profile")
ACTIONS = (
    Action("create", ("POST", "PATCH"), KINDS, _APPLY, FaultWorkspace.save),
    Action("update", ("PUT", "PATCH"), _CHANGEABLE, _APPLY, parts_edited),
    Action("delete", ("DELETE",), tuple(kind for kind in _CHANGEABLE if kind not in STAYS), _DESTROY, parts_apart),
)


def _cells() -> Iterator[tuple[Action, str, tuple[str, ...], int]]:
    """One kind at a time in the full matrix; otherwise all kinds are hit in the same run."""
    clocks = itertools.cycle(CLOCKS)
    for action, fault in itertools.product(ACTIONS, FAULTS):
        for kinds in [(kind,) for kind in action.kinds] if FULL else [action.kinds]:
            yield action, fault, kinds, next(clocks)


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


def _hit_once(proxy: FaultProxy, effect: Effect, action: Action, kinds: tuple[str, ...]) -> set[str]:
    """Let the effect befall the first such write of each kind; return the kinds that are still to be hit."""
    waiting = set(kinds)
    mutex = threading.Lock()

    def script(asked: Asked) -> Effect:
        with mutex:
            kind = kind_written(asked)
            if kind not in waiting or asked.method not in action.methods:
                return NONE
            waiting.discard(kind)
        return effect

    proxy.script = script
    return waiting


@pytest.mark.parametrize(
    ("action", "fault", "kinds", "clock"),
    [
        pytest.param(
            *cell, id=f"{cell[0].name}-{cell[2][0] if len(cell[2]) == 1 else 'all'}-{cell[1]}-{CLOCKS[cell[3]]}"
        )
        for cell in _cells()
    ],
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
    action.prepare(workspace)
    missed = _hit_once(proxy, FAULTS[fault], action, kinds)
    faulty = workspace.run(*action.command, *_OPTIONS)
    proxy.script = lambda _asked: NONE
    assert missed == set(), faulty.text
    assert proxy.problems == []
    assert faulty.code == 0, faulty.text
    assert {kind: ids for kind, ids in part_ids(seen).items() if len(ids) > WANTED[kind]} == {}, faulty.text
    wrong = parts_gone(workspace, seen) if action.name == "delete" else wrong_parts(workspace, seen)
    assert wrong == [], faulty.text


def _forgotten(workspace: FaultWorkspace) -> None:
    """Everything is live, and the lockfile is gone."""
    parts_applied(workspace)
    workspace.lockfile_path.unlink()


SCENARIOS = (
    Scenario("create", _APPLY, FaultWorkspace.save, parts_recovered),
    Scenario("update", _APPLY, parts_edited, parts_recovered),
    Scenario("destroy", _DESTROY, parts_apart, parts_gone),
    Scenario("repair", ("state", "repair", "--auto-approve"), _forgotten, parts_recovered),
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
