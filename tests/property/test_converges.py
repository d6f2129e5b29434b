"""A state machine over edits, applies, crashes, faults and outside edits: an apply without faults always converges."""

import itertools
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from flowctl import emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

import httpx
from crash_points import DRIVER
from fault_cells import FAULTS
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import PATIENCE, SCHEMAS, FaultWorkspace, Pipeline, Seen, what_is_wrong

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
_NAMES = ("first", "second", "third")
_EDITS = {
    "title": ("Flow A", "Flow B"),
    "description": ("one", "two"),
    "schema_description": ("one", "two"),
    "dataset_description": ("one", "two"),
    "table": ("public.people", "public.persons"),
    "expression": ("lower(email)", "upper(email)", "trim(email)"),
    "frequency": ("hour", "day", "week"),
}
_OUTSIDE = {
    "flow": ("/flowservice/flows/", "/description"),
    "source_connection": ("/flowservice/sourceConnections/", "/name"),
    "target_connection": ("/flowservice/targetConnections/", "/description"),
    "connection": ("/flowservice/connections/", "/name"),
}


class _Platform:
    """A platform behind a proxy, started at first use and shared by all examples."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        running = self._stack.enter_context(emulator.start(specs_dir=SCHEMAS))
        self.proxy: FaultProxy = self._stack.enter_context(proxied(running.url))
        self.seen = Seen(self._stack.enter_context(httpx.Client(base_url=running.url, verify=False)))

    def close(self) -> None:
        self._stack.close()


class Converges(RuleBasedStateMachine):
    """`platform` is set by the test that runs the machine."""

    platform: _Platform

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="flowctl-property-"))
        self.platform.proxy.script = lambda _asked: NONE
        self.platform.seen.fresh()
        self.workspace = FaultWorkspace(self.root, self.platform.proxy.url)

    @initialize()
    def begin(self) -> None:
        self.workspace.pipelines = {"first": Pipeline("first")}
        self.workspace.save()

    @rule(name=st.sampled_from(_NAMES))
    def add_a_pipeline(self, name: str) -> None:
        self.workspace.pipelines.setdefault(name, Pipeline(name))
        self.workspace.save()

    @precondition(lambda self: len(self.workspace.pipelines) > 1)
    @rule(name=st.sampled_from(_NAMES))
    def remove_a_pipeline(self, name: str) -> None:
        self.workspace.pipelines.pop(name, None)
        self.workspace.save()

    @rule(member=st.sampled_from(sorted(_EDITS)), choice=st.integers(0, 2), name=st.sampled_from(_NAMES))
    def edit_a_manifest(self, member: str, choice: int, name: str) -> None:
        if name in self.workspace.pipelines:
            values = _EDITS[member]
            setattr(self.workspace.pipelines[name], member, values[choice % len(values)])
            self.workspace.save()

    @rule(revision=st.integers(1, 3))
    def change_the_password(self, revision: int) -> None:
        self.workspace.password = f"password-{revision}"
        self.workspace.save()

    @rule()
    def plan(self) -> None:
        assert self.workspace.patiently("plan").code == 0

    @rule()
    def apply(self) -> None:
        ended = self.workspace.patiently("apply", "--auto-approve")
        assert ended.code == 0, ended.text

    @rule(point=st.integers(1, 150))
    def apply_and_crash(self, point: int) -> None:
        ended = self.workspace.ended(
            "apply",
            "--auto-approve",
            *PATIENCE,
            program=DRIVER,
            CRASH_AT=str(point),
            CRASH_REPORT=str(self.root / "died-at"),
        )
        assert ended.code in (0, -signal.SIGKILL), ended.text

    @rule(fault=st.sampled_from([name for name in FAULTS if name != "timeout"]), every=st.integers(2, 5))
    def apply_with_faults(self, fault: str, every: int) -> None:
        counter = itertools.count(1)

        def script(asked: Asked) -> Effect:
            return FAULTS[fault] if asked.is_write and next(counter) % every == 0 else NONE

        self.platform.proxy.script = script
        ended = self.workspace.run("apply", "--auto-approve", "--retry-budget", "0.5", "--read-timeout", "60")
        self.platform.proxy.script = lambda _asked: NONE
        assert ended.code in (0, 1), ended.text
        assert "Traceback" not in ended.err

    @rule(kind=st.sampled_from(sorted(_OUTSIDE)), which=st.integers(0, 2), text=st.sampled_from(("mine", "yours")))
    def edit_outside(self, kind: str, which: int, text: str) -> None:
        path, member = _OUTSIDE[kind]
        for object_id in self._recorded(kind)[which:][:1]:
            seen = self.platform.seen
            live = seen.request("GET", path + object_id)
            if live.status_code == 200:
                headers = {"If-Match": live.json()["items"][0]["etag"]}
                operation = [{"op": "add", "path": member, "value": text}]
                seen.request("PATCH", path + object_id, headers=headers, json=operation).raise_for_status()

    @rule(which=st.integers(0, 2))
    def delete_a_flow_outside(self, which: int) -> None:
        for object_id in self._recorded("flow")[which:][:1]:
            self.platform.seen.request("DELETE", f"/flowservice/flows/{object_id}")

    @invariant()
    def nothing_is_there_twice(self) -> None:
        """Even in between: what is not recorded or pending does not pile up."""
        flows = self.platform.seen.objects()["flow"]
        assert len(flows) <= len(_NAMES)

    def teardown(self) -> None:
        try:
            ended = self.workspace.patiently("apply", "--auto-approve")
            assert ended.code == 0, ended.text
            assert what_is_wrong(self.workspace, self.platform.seen, spare_mapping_sets=1000) == []
        finally:
            shutil.rmtree(self.root, ignore_errors=True)

    def _recorded(self, kind: str) -> list[str]:
        entries = self.workspace.entries
        return [entry["id"] for _, entry in sorted(entries.items()) if entry["kind"] == kind]


def test_every_history_converges() -> None:
    Converges.platform = _Platform()
    try:
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            Converges,
            settings=settings(
                max_examples=100 if FULL else 8,
                stateful_step_count=20 if FULL else 10,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        Converges.platform.close()
