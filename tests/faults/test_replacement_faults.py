"""Replacement under faults: each write of it in both orders fails in each way; one flow runs afterwards, or it is told.

After the run that the fault befalls, either the next apply ends the replacement, or the manifest put back takes the old
objects back.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_workspace import FaultWorkspace, Pipeline, Seen, what_is_wrong
from surroundings import Platform

FLOWS = "/data/foundation/flowservice/flows"
FAULTS: dict[str, dict[str, Any]] = {
    "refused": {"status": 400},
    "forbidden": {"status": 403},
    "busy": {"status": 503},
    "lost before": {"drop": "before"},
    "lost after": {"drop": "after"},
}
WRITES: dict[str, Callable[[str], tuple[str, str]]] = {
    "disable": lambda old: ("POST", f"{FLOWS}/{old}/action"),
    "create": lambda _old: ("POST", FLOWS),
    "delete": lambda old: ("DELETE", f"{FLOWS}/{old}"),
}
ORDERS = {"create-first": ("disable", "create", "delete"), "delete-first": ("create", "delete")}
CASES = [(order, write, fault) for order, writes in ORDERS.items() for write in writes for fault in FAULTS]


@pytest.fixture
def workspace(platform: Platform, tmp_path: Path) -> FaultWorkspace:
    return FaultWorkspace(tmp_path / "workspace", platform.url, {"first": Pipeline("first")})


def states(seen: Seen) -> list[tuple[str, str]]:
    return [(flow["id"], flow["state"]) for flow in seen.request("GET", "/flowservice/flows").json()["items"]]


@pytest.mark.parametrize(("order", "write", "fault"), CASES, ids=["-".join(case).replace(" ", "-") for case in CASES])
@pytest.mark.parametrize("after", ["apply", "put back"])
def test_one_flow_runs_after_a_fault(
    order: str, write: str, fault: str, after: str, workspace: FaultWorkspace, platform: Platform
) -> None:
    seen = Seen(platform.http)
    pipeline = workspace.pipelines["first"]
    pipeline.rules = f"lifecycle: {{onReplace: {{order: {order}}}}}\n"
    workspace.save()
    assert workspace.run("apply", "--auto-approve").code == 0
    ((old, _),) = states(seen)
    pipeline.table = "public.persons"
    workspace.save()
    method, path = WRITES[write](old)
    platform.fault(match={"method": method, "path": path}, times=1, effect=FAULTS[fault])
    first = workspace.patiently("apply", "--auto-approve")
    there = states(seen)
    assert first.code == 0 or order == "delete-first" or any(state == "enabled" for _, state in there), there
    if after == "put back":
        pipeline.table = "public.people"
        workspace.save()
    again = workspace.patiently("apply", "--auto-approve")
    assert again.code == 0, again.text
    assert what_is_wrong(workspace, seen) == []
    ((now, state),) = states(seen)
    assert state == "enabled"
    if after == "put back" and first.code and old in [one for one, _ in there]:
        assert now == old, "the old flow was there, and another one was made"
