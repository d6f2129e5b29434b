"""The run lock: exactly one at a time, the refused ones name the holder, and a dead process keeps nothing."""

import json
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from multiprocessing.pool import AsyncResult
from pathlib import Path

import pytest
from fault_proxy import NONE, Effect, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Pipeline, Seen, what_is_wrong
from surroundings import Platform

from flowctl.model.errors import StateError
from flowctl.state.local.run_lock import break_lock, lock_owner, run_lock
from flowctl.state.store import RunLocked

ATTEMPTS = 200
_PROCESSES = 8


def _attempt(folder: str, timeout: float) -> str:
    """Takes the lock and writes into a file that must not exist, as an apply would write the lockfile."""
    inside = Path(folder) / "inside"
    try:
        with run_lock(Path(folder), "dev", "flowctl apply", timeout):
            descriptor = os.open(inside, os.O_CREAT | os.O_EXCL)
            time.sleep(0.002)
            os.close(descriptor)
            inside.unlink()
            return "ran"
    except FileExistsError:
        return "two at once"
    except RunLocked as error:
        return error.diagnostics[0].summary


@pytest.mark.parametrize("timeout", [0.0, 60.0])
def test_of_many_attempts_one_at_a_time_runs(tmp_path: Path, timeout: float) -> None:
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        attempts: list[AsyncResult[str]] = [
            pool.apply_async(_attempt, (str(tmp_path), timeout)) for _ in range(ATTEMPTS)
        ]
        ends = [attempt.get(timeout=120) for attempt in attempts]
    assert "two at once" not in ends
    refused = [end for end in ends if end != "ran"]
    assert len(ends) == ATTEMPTS
    assert ends.count("ran") >= 1
    if timeout:
        assert refused == []
    for end in refused:
        assert "environment dev is locked by another run: " in end
        assert ", process " in end, "the holder is named"
        assert ": flowctl apply, since " in end


@pytest.fixture
def slow(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        proxy.script = lambda asked: Effect(delay=0.4) if asked.is_write else NONE
        yield proxy


@pytest.fixture
def gate(slow: FaultProxy) -> Iterator[threading.Event]:
    """No write is done before it is set: whatever takes how long, the run that holds the lock is in the middle."""
    opened = threading.Event()
    waits = Effect(before=lambda _asked: opened.wait() and None)
    slow.script = lambda asked: waits if asked.is_write else NONE
    yield opened
    opened.set()


@pytest.fixture
def workspace(slow: FaultProxy, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(tmp_path, slow.url, {"only": Pipeline("only")})
    workspace.save()
    return workspace


def _held(workspace: FaultWorkspace, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 30
    while not workspace.journal_path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def test_of_several_applies_one_runs_and_the_others_name_it(workspace: FaultWorkspace, platform: Platform) -> None:
    started = [workspace.process("apply", "--auto-approve", "--format", "json") for _ in range(8)]
    ends = []
    for process in started:
        with process:
            out, _ = process.communicate(timeout=120)
            ends.append((process.returncode, json.loads(out)))
    refused = [document["diagnostics"][0] for code, document in ends if code == 1]
    assert sum(code == 0 for code, _ in ends) + len(refused) == len(ends)
    assert len(refused) >= 1
    assert {diagnostic["code"] for diagnostic in refused} == {"run-locked"}
    pids = {str(process.pid) for process in started}
    assert all(diagnostic["summary"].split("process ")[1].split(":")[0] in pids for diagnostic in refused)
    assert what_is_wrong(workspace, Seen(platform.http)) == []


def test_an_apply_waits_for_the_lock_and_then_finds_nothing_to_do(workspace: FaultWorkspace) -> None:
    with workspace.process("apply", "--auto-approve") as first:
        _held(workspace, first)
        second = workspace.ended("apply", "--auto-approve", "--format", "json", "--lock-timeout", "60")
        first.communicate(timeout=60)
    assert (first.returncode, second.code) == (0, 0), second.text
    assert json.loads(second.out)["steps"] == []


def test_a_killed_holder_keeps_no_lock(workspace: FaultWorkspace, gate: threading.Event, platform: Platform) -> None:
    with workspace.process("apply", "--auto-approve") as holder:
        _held(workspace, holder)
        assert lock_owner(workspace.root, "dev") is not None
        holder.send_signal(signal.SIGKILL)
        holder.communicate(timeout=30)
    assert lock_owner(workspace.root, "dev") is None
    gate.set()
    assert workspace.run("apply", "--auto-approve").code == 0
    assert what_is_wrong(workspace, Seen(platform.http)) == []


def test_unlock_says_who_holds_it_and_asks(workspace: FaultWorkspace) -> None:
    with run_lock(workspace.root, "dev", "flowctl apply"):
        asked = workspace.run("unlock")
        assert asked.code == 1
        assert f"process {os.getpid()}: flowctl apply, since " in asked.out
        assert "no terminal to ask" in asked.err
        assert workspace.run("apply", "--auto-approve").code == 1
        assert workspace.run("unlock", "--auto-approve").code == 0
        assert workspace.run("apply", "--auto-approve").code == 0
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_plan_does_not_settle_what_a_living_run_has_under_way(workspace: FaultWorkspace, gate: threading.Event) -> None:
    with workspace.process("apply", "--auto-approve") as holder:
        _held(workspace, holder)
        planned = workspace.run("plan")
        gate.set()
        holder.communicate(timeout=60)
    assert planned.code == 0, planned.text
    assert holder.returncode == 0
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_the_holder_of_a_broken_lock_does_not_remove_the_next_one(tmp_path: Path) -> None:
    with run_lock(tmp_path, "dev", "first"):
        break_lock(tmp_path, "dev")
        with run_lock(tmp_path, "dev", "second"):
            pass
        assert (tmp_path / ".flowctl/dev.runlock").exists()


def test_a_lock_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / ".flowctl").write_text("a file where a folder should be")
    with pytest.raises(StateError, match="cannot be used"), run_lock(tmp_path, "dev", "flowctl apply"):
        pass
