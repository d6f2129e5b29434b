"""Fault matrix: every kind of write x every fault ends as without the fault, after at most one more run."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_cells import ACTIONS, COLLECTIONS, FAULTS, READ_TIMEOUT, Action, hit_once, one_pipeline, outside_faults
from fault_proxy import NONE, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Seen, counted, what_is_wrong
from surroundings import Platform

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
OUTSIDE = ("412 by an outside edit elsewhere", "412 by an outside edit of the same", "object gone")
_OPTIONS = ("--auto-approve", "--retry-budget", "1", "--read-timeout", str(READ_TIMEOUT))


def _cells() -> Iterator[tuple[Action, str, tuple[str, ...]]]:
    """One kind at a time in the full matrix; otherwise all kinds of an action are hit in the same run."""
    for action in ACTIONS:
        for fault in (*FAULTS, *OUTSIDE):
            if fault in OUTSIDE and action.name == "create":
                continue
            for kind in action.kinds if FULL else ("every kind",):
                yield action, fault, (action.kinds if kind == "every kind" else (kind,))


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.mark.parametrize(
    ("action", "fault", "kinds"),
    [
        pytest.param(action, fault, kinds, id=f"{action.name}-{kinds[0] if len(kinds) == 1 else 'all'}-{fault}")
        for action, fault, kinds in _cells()
    ],
)
def test_a_fault_leaves_nothing_lost_and_nothing_twice(
    action: Action,
    fault: str,
    kinds: tuple[str, ...],
    platform: Platform,
    proxy: FaultProxy,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    seen = Seen(platform.http)
    seen.fresh()
    workspace = FaultWorkspace(Path(tempfile.mkdtemp(dir=tmp_path)), proxy.url, one_pipeline())
    action.prepare(workspace, seen)
    effect = {**FAULTS, **outside_faults(seen)}[fault]
    hits = hit_once(proxy, effect, action.methods, [COLLECTIONS[kind] for kind in kinds])
    faulty = workspace.run(action.command, *_OPTIONS)
    assert hits() > 0
    assert proxy.problems == []
    proxy.script = lambda _asked: NONE
    assert "Traceback" not in faulty.text
    assert faulty.code in (0, 1), faulty.text
    twice = {kind: count for kind, count in counted(seen).items() if count > 1}
    assert twice == {}, faulty.text
    if faulty.code:
        assert "[" in faulty.err or "[" in faulty.out, "a stop names its code"
        again = workspace.run(action.command, *_OPTIONS)
        assert again.code == 0, f"{faulty.text}\n{again.text}"
    if action.command == "apply":
        assert what_is_wrong(workspace, seen) == [], faulty.text
    else:
        left = {kind for kind, count in counted(seen).items() if count}
        assert left <= {"mapping_set"}, faulty.text
        assert workspace.entries == {}
    record_property("fault cells", json.dumps({action.name: [hits(), hits()]}))
