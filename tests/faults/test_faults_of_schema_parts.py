"""Parts of schemas, descriptors and Profile: any fault and any crash is recovered from, nothing is created twice."""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crash_points import Scenario, crash_at_each
from fault_cells import FAULTS, FULL, Action, cells, hit_once, limits
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Seen
from parts_workspace import (
    ALLOWED,
    KINDS,
    OUTSIDE,
    STAYS,
    WANTED,
    Parts,
    at_the_first_write,
    before_the_write,
    kind_written,
    part_ids,
    part_paths,
    parts_apart,
    parts_applied,
    parts_edited,
    parts_gone,
    parts_of,
    parts_recovered,
    wrong_parts,
)
from surroundings import Platform


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
    record_property: Callable[[str, object], None],
) -> None:
    seen = Seen(platform.http, clock)
    seen.fresh()
    workspace = FaultWorkspace(tmp_path, proxy.url, {"parts": Parts("parts")})
    action.prepare(workspace, seen)
    hits = hit_once(proxy, FAULTS[fault], action.methods, kinds, kind_written)
    faulty = workspace.run(*action.command, *limits(fault))
    proxy.script = lambda _asked: NONE
    assert hits() == len(kinds), faulty.text
    assert proxy.problems == []
    assert faulty.code == 0, faulty.text
    assert {kind: ids for kind, ids in part_ids(seen).items() if len(ids) > WANTED[kind]} == {}, faulty.text
    wrong = parts_gone(workspace, seen) if action.name == "delete" else wrong_parts(workspace, seen)
    assert wrong == [], faulty.text
    record_property("fault cells of parts", json.dumps({action.name: [hits(), hits()]}))


@pytest.mark.parametrize(
    ("action", "what", "kinds", "clock"), cells(itertools.product(ACTIONS[1:], OUTSIDE), every_clock=False)
)
def test_somebody_else_who_is_faster_leaves_no_part_lost_and_none_twice(
    action: Action,
    what: str,
    kinds: tuple[str, ...],
    clock: int,
    platform: Platform,
    proxy: FaultProxy,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Schema Registry has no If-Match: an edit right before a write is overwritten.

    What others refer to cannot be deleted, and the descriptors of a schema can.
    """
    seen = Seen(platform.http, clock)
    seen.fresh()
    workspace = FaultWorkspace(tmp_path, proxy.url, {"parts": Parts("parts")})
    action.prepare(workspace, seen)
    hits = hit_once(proxy, before_the_write(seen, what), action.methods, kinds, kind_written)
    met = workspace.run(*action.command, *limits())
    proxy.script = lambda _asked: NONE
    assert hits() == len(kinds), met.text
    assert proxy.problems == []
    has_gone = action.name == "update" and what == "object gone" and "descriptor" in kinds
    assert met.code == (1 if has_gone else 0), met.text
    wrong = parts_gone(workspace, seen) if action.name == "delete" else parts_recovered(workspace, seen)
    assert wrong == [], met.text
    record_property("fault cells of parts", json.dumps({action.name: [hits(), hits()]}))


def _apart_and_edited(workspace: FaultWorkspace) -> None:
    parts_of(workspace).profile = False
    parts_edited(workspace)


_MEANWHILE = {
    ("update", "edit elsewhere"): "",
    ("update", "edit of the same"): "[changed-since-plan]",
    ("update", "object gone"): "[gone-since-plan]",
    ("delete", "edit elsewhere"): "",
    ("delete", "edit of the same"): "",
    ("delete", "object gone"): "",
}
"""The code with which a run stops that finds what somebody else did; empty where it goes on."""


@pytest.mark.parametrize(("name", "what"), _MEANWHILE)
def test_what_somebody_else_does_during_a_run_is_not_overwritten(
    name: str, what: str, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    seen.fresh()
    workspace = FaultWorkspace(tmp_path, proxy.url, {"parts": Parts("parts")})
    command = _APPLY if name == "update" else _DESTROY
    (_apart_and_edited if name == "update" else parts_apart)(workspace)
    effect = at_the_first_write(seen, what, part_paths(seen, _DELETABLE))
    writes: list[str] = []
    proxy.script = _first_write(effect, writes)
    met = workspace.run(*command, *limits(), "--parallelism", "1")
    proxy.script = lambda _asked: NONE
    assert proxy.problems == []
    code = _MEANWHILE[name, what]
    assert met.code == (1 if code else 0), met.text
    assert code in met.text
    assert not code or len(writes) == 1, met.text
    wrong = parts_gone(workspace, seen) if name == "delete" else parts_recovered(workspace, seen)
    assert wrong == [], met.text


def _first_write(effect: Effect, writes: list[str]) -> Callable[[Asked], Effect]:
    """A script in which an effect befalls the first write of a run; `writes` gets the paths of all."""

    def script(asked: Asked) -> Effect:
        if not asked.is_write:
            return NONE
        writes.append(asked.path)
        return effect if len(writes) == 1 else NONE

    return script


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
    scenario: Scenario,
    parallelism: int,
    shard: int,
    platform: Platform,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    def make() -> FaultWorkspace:
        root = Path(tempfile.mkdtemp(dir=tmp_path))
        return FaultWorkspace(root, platform.url, {"parts": Parts("parts")})

    options = () if scenario.name == "repair" else ("--parallelism", str(parallelism))
    points = itertools.count(1 + shard, _SHARDS * _STRIDE)
    tally = crash_at_each(scenario, make, Seen(platform.http), points, *options)
    record_property("crash points of parts", tally.as_json())
    assert tally.wrong == []
    assert sum(tally.tried.values()) > 0
