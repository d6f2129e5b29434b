"""Fault matrix: every kind of write x every fault ends as without the fault, after at most one more run."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_cells import (
    ACTIONS,
    COLLECTIONS,
    FAULTS,
    OUTSIDE,
    Action,
    cells,
    first_exit_code,
    hit_once,
    limits,
    one_pipeline,
    outside_faults,
)
from fault_proxy import NONE, FaultProxy, proxied
from fault_workspace import CLOCKS, FaultWorkspace, Seen, counted, what_is_wrong
from surroundings import Platform


def _faults() -> Iterator[tuple[Action, str]]:
    for action in ACTIONS:
        for fault in (*FAULTS, *OUTSIDE):
            if fault not in OUTSIDE or not action.name.startswith("create"):
                yield action, fault


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.mark.parametrize(("action", "fault", "kinds", "clock"), cells(_faults()))
def test_a_fault_leaves_nothing_lost_and_nothing_twice(
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
    workspace = FaultWorkspace(Path(tempfile.mkdtemp(dir=tmp_path)), proxy.url, one_pipeline())
    action.prepare(workspace, seen)
    effect = {**FAULTS, **outside_faults(seen)}[fault]
    hits = hit_once(proxy, effect, action.methods, [COLLECTIONS[kind] for kind in kinds])
    faulty = workspace.run(*action.command, *limits(fault))
    assert hits() > 0
    assert proxy.problems == []
    proxy.script = lambda _asked: NONE
    assert "Traceback" not in faulty.text
    assert faulty.code == first_exit_code(action, fault, kinds), faulty.text
    twice = {kind: count for kind, count in counted(seen).items() if count > 1}
    assert twice == {}, faulty.text
    if faulty.code:
        assert "[" in faulty.err or "[" in faulty.out, "a stop names its code"
        again = workspace.run(*action.command, *limits(fault))
        assert again.code == 0, f"{faulty.text}\n{again.text}"
    if action.command[0] == "apply":
        assert what_is_wrong(workspace, seen) == [], faulty.text
    else:
        left = {kind for kind, count in counted(seen).items() if count}
        assert left <= {"mapping_set"}, faulty.text
        assert workspace.entries == {}
    record_property("fault cells", json.dumps({action.name: [hits(), hits()]}))
    record_property("platform clocks", json.dumps({CLOCKS[clock]: [hits(), hits()]}))
