"""The cells of the fault matrix: which write is hit, and by what."""

import itertools
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from fault_proxy import NONE, Asked, Effect, FaultProxy, answered, dropped_after, dropped_before, web_page
from fault_workspace import CHOSEN_CLOCKS, CLOCKS, FaultWorkspace, Pipeline, Seen

COLLECTIONS = {
    "connection": "connections",
    "source_connection": "sourceConnections",
    "target_connection": "targetConnections",
    "flow": "flows",
    "schema": "schemas",
    "dataset": "dataSets",
    "mapping_set": "mappingSets",
}
FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
_TIMEOUT = "timeout"

FAULTS: dict[str, Effect] = {
    "429 with Retry-After": answered(429, Retry_After="0"),
    "429 without Retry-After": answered(429),
    "500": answered(500),
    "502": answered(502),
    "503": answered(503),
    _TIMEOUT: Effect(held=True, delay=0.25),
    "reset before": dropped_before(),
    "reply lost": dropped_after(),
    "truncated body": Effect(cut=True),
    "web page with 200": web_page(),
    "401 once": answered(401),
}


def limits(fault: str = "") -> tuple[str, ...]:
    """Options of a run that a fault befalls: retries are short, and a reply has all the time that a busy machine needs.

    Only where the fault is a time-out is it waited for shortly, and as shortly for late work.
    """
    return ("--retry-budget", "1", "--read-timeout", "1" if fault == _TIMEOUT else "60")


@dataclass(frozen=True)
class Action:
    """A kind of write: how the workspace comes to need it, by which methods it is sent, and of which kinds it is."""

    name: str
    methods: tuple[str, ...]
    kinds: tuple[str, ...]
    command: tuple[str, ...]
    prepare: Callable[[FaultWorkspace, Seen], None]


def _nothing(workspace: FaultWorkspace, _seen: Seen) -> None:
    workspace.save()


def _applied(workspace: FaultWorkspace, _seen: Seen) -> None:
    workspace.save()
    first = workspace.run("apply", "--auto-approve")
    assert first.code == 0, first.text


def _edited(workspace: FaultWorkspace, seen: Seen) -> None:
    """Edits what the manifest can change in place; the names of source and target are changed outside."""
    _applied(workspace, seen)
    for collection in ("sourceConnections", "targetConnections"):
        for object_id in seen.objects()[collection[:6] + "_connection"]:
            outside_edit(seen, f"/flowservice/{collection}/{object_id}", "/name", "renamed outside")
    workspace.password = "another-password"
    for pipeline in workspace.pipelines.values():
        pipeline.description = pipeline.schema_description = pipeline.dataset_description = "second"
        pipeline.expression, pipeline.frequency = "upper(email)", "day"
    workspace.save()


def _disabled(workspace: FaultWorkspace, seen: Seen) -> None:
    """A flow is to be disabled, and nothing else."""
    _applied(workspace, seen)
    for pipeline in workspace.pipelines.values():
        pipeline.state = "disabled"
    workspace.save()


def _created_disabled(workspace: FaultWorkspace, seen: Seen) -> None:
    """A flow is to be created and then disabled: what is hit is its creation."""
    for pipeline in workspace.pipelines.values():
        pipeline.state = "disabled"
    _nothing(workspace, seen)


_APPLY, _DESTROY = ("apply", "--auto-approve"), ("destroy", "--auto-approve")
ACTIONS = (
    Action("create", ("POST",), tuple(COLLECTIONS), _APPLY, _nothing),
    Action("update", ("PATCH", "PUT"), tuple(COLLECTIONS), _APPLY, _edited),
    Action("disable", ("POST",), ("flow",), _APPLY, _disabled),
    Action("create disabled", ("POST",), ("flow",), _APPLY, _created_disabled),
    Action("delete", ("DELETE",), tuple(kind for kind in COLLECTIONS if kind != "mapping_set"), _DESTROY, _applied),
)


def outside_edit(seen: Seen, path: str, member: str, value: object) -> None:
    """An edit by somebody else, with the current etag."""
    headers = {"Content-Type": "application/json-patch+json"}
    if "/flowservice/" in path:
        headers["If-Match"] = seen.request("GET", path).raise_for_status().json()["items"][0]["etag"]
        headers["Content-Type"] = "application/json"
    if "/schemaregistry/" in path:
        headers["Content-Type"] = "application/json"
    operation = [{"op": "add", "path": member, "value": value}]
    seen.request("PATCH", path, headers=headers, json=operation).raise_for_status()


def _object(asked: Asked) -> str:
    """The path of the object that a write is about."""
    return asked.path.removeprefix("/data/foundation").removesuffix("/action")


def outside_faults(seen: Seen) -> dict[str, Effect]:
    """What somebody else does right before a write to an object."""

    def edit(asked: Asked) -> None:
        if "mappingSets" not in asked.path:
            outside_edit(seen, _object(asked), *_UNMANAGED[asked.collection])

    def edit_the_same(asked: Asked) -> None:
        if "mappingSets" not in asked.path:
            outside_edit(seen, _object(asked), "/description", "outside")

    def remove(asked: Asked) -> None:
        if "mappingSets" not in asked.path:
            seen.request("DELETE", _object(asked))

    return {
        "412 by an outside edit elsewhere": Effect(before=edit),
        "412 by an outside edit of the same": Effect(before=edit_the_same),
        "object gone": Effect(before=remove),
    }


OUTSIDE = ("412 by an outside edit elsewhere", "412 by an outside edit of the same", "object gone")
_STOPS: dict[tuple[str, str], frozenset[str]] = {
    ("update", "412 by an outside edit of the same"): frozenset({"dataset", "flow"}),
    ("update", "object gone"): frozenset({"dataset", "flow"}),
    ("disable", "412 by an outside edit of the same"): frozenset({"flow"}),
    ("disable", "object gone"): frozenset({"flow"}),
}
"""What no run can recover from by itself, by kind of write and fault: the kinds whose step it stops.

Somebody else's edit of another kind touches no managed place, and the platform keeps what is in use.
"""


def first_exit_code(action: Action, fault: str, kinds: Iterable[str]) -> int:
    """The exit code of the run that the fault befalls: 0, since a run recovers by itself, but for `_STOPS`."""
    return 1 if _STOPS.get((action.name, fault), frozenset()) & frozenset(kinds) else 0


_UNMANAGED: dict[str, tuple[str, object]] = {
    "connections": ("/description", "outside"),
    "sourceConnections": ("/description", "outside"),
    "targetConnections": ("/description", "outside"),
    "flows": ("/options", {"errorDiagnosticsEnabled": True}),
    "schemas": ("/meta:note", "outside"),
    "dataSets": ("/tags", {"outside": ["edit"]}),
}


def cells(tried: Iterable[tuple[Action, str]], *, every_clock: bool = True) -> list[Any]:
    """Parameters for each action and fault: the two, the kinds that are hit, and the clock of the platform.

    In the full matrix one kind is hit at a time, with each of the clocks unless `every_clock` is false. Otherwise all
    kinds of an action are hit in the same run, and all clocks take turns.
    """
    turns = itertools.cycle(CHOSEN_CLOCKS if FULL else CLOCKS)
    found = []
    for action, fault in tried:
        for kinds in [(kind,) for kind in action.kinds] if FULL else [action.kinds]:
            for clock in CHOSEN_CLOCKS if FULL and every_clock else [next(turns)]:
                name = f"{action.name}-{kinds[0] if len(kinds) == 1 else 'all'}-{fault}-{CLOCKS[clock]}"
                found.append(pytest.param(action, fault, kinds, clock, id=name))
    return found


def _collection(asked: Asked) -> str | None:
    return asked.collection


def hit_once(
    proxy: FaultProxy,
    effect: Effect,
    methods: Iterable[str],
    names: Iterable[str],
    named: Callable[[Asked], str | None] = _collection,
) -> Callable[[], int]:
    """Lets the effect befall the first write of each name, a collection unless `named` tells another.

    Answers how many it befell.
    """
    waiting = {(method, name) for method in methods for name in names}
    hits = 0
    mutex = threading.Lock()

    def script(asked: Asked) -> Effect:
        nonlocal hits
        key = (asked.method, named(asked))
        with mutex:
            if key not in waiting or not asked.is_write:
                return NONE
            waiting.discard(key)
            hits += 1
        return effect

    proxy.script = script
    return lambda: hits


def one_pipeline() -> dict[str, Pipeline]:
    return {"only": Pipeline("only")}
