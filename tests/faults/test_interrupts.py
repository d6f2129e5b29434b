"""Signals during an apply: nothing new starts, what is in flight is recorded, and the report tells the rest."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Pipeline, Seen, after_recovery
from surroundings import Platform


@pytest.fixture
def slow(platform: Platform) -> Iterator[FaultProxy]:
    """A platform that takes a while over every write."""
    with proxied(platform.url) as proxy:
        proxy.script = lambda asked: Effect(delay=0.6) if asked.is_write else NONE
        yield proxy


@pytest.fixture
def workspace(slow: FaultProxy, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(tmp_path, slow.url, {name: Pipeline(name) for name in ("first", "second")})
    workspace.save()
    return workspace


def _in_flight(slow: FaultProxy, process: "subprocess.Popen[str]", count: int) -> list[Asked]:
    """Waits until this many writes were sent; answers those and all later ones."""
    sent: list[Asked] = []
    script = slow.script

    def noting(asked: Asked) -> Effect:
        if asked.is_write:
            sent.append(asked)
        return script(asked)

    slow.script = noting
    deadline = time.monotonic() + 30
    while len(sent) < count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return sent


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_end_what_is_in_flight(
    workspace: FaultWorkspace, slow: FaultProxy, platform: Platform, number: signal.Signals
) -> None:
    with workspace.process("apply", "--auto-approve", "--format", "json", "--parallelism", "2") as process:
        sent = _in_flight(slow, process, 2)
        process.send_signal(number)
        time.sleep(0.2)
        in_flight = len(sent)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Stopping: " in err
    assert len(sent) == in_flight, "a write was sent after the signal"
    steps = json.loads(out)["steps"]
    by_status = {status: [step for step in steps if step["status"] == status] for status in ("done", "not_started")}
    assert len(by_status["done"]) == in_flight
    assert len(by_status["done"]) + len(by_status["not_started"]) == len(steps) == 14
    assert set(workspace.entries) == {step["address"] for step in by_status["done"]}
    assert not workspace.journal_path.exists()
    slow.script = lambda _asked: NONE
    assert after_recovery(workspace, Seen(platform.http)) == []


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_leaves_at_once_and_the_journal_knows(
    workspace: FaultWorkspace, slow: FaultProxy, platform: Platform, second: signal.Signals
) -> None:
    with workspace.process("apply", "--auto-approve") as process:
        _in_flight(slow, process, 2)
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        started = time.monotonic()
        process.send_signal(second)
        process.communicate(timeout=30)
    assert time.monotonic() - started < 0.5
    assert process.returncode == 130
    assert workspace.journal_path.exists()
    slow.script = lambda _asked: NONE
    time.sleep(0.7)
    assert after_recovery(workspace, Seen(platform.http)) == []


def test_the_report_in_words_says_what_was_not_started(workspace: FaultWorkspace, slow: FaultProxy) -> None:
    with workspace.process("apply", "--auto-approve", "--parallelism", "1") as process:
        _in_flight(slow, process, 1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert "Apply interrupted: 1 created, 13 not started" in out
    assert "first.flow (create): not started" in out


def test_a_signal_while_a_throttled_request_waits_ends_the_wait(workspace: FaultWorkspace, slow: FaultProxy) -> None:
    slow.script = lambda asked: (
        Effect(forwarded=False, answer=(429, {"Retry-After": "60"}, b"{}")) if asked.is_write else NONE
    )
    with workspace.process("apply", "--auto-approve", "--format", "json") as process:
        _in_flight(slow, process, 2)
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert time.monotonic() - started < 5
    assert process.returncode == 130, err
    statuses = {step["status"] for step in json.loads(out)["steps"]}
    assert statuses <= {"failed", "skipped", "not_started"}
    assert workspace.entries == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_plan_waits_for_the_platform_ends_it(
    workspace: FaultWorkspace, slow: FaultProxy, number: signal.Signals
) -> None:
    asked: list[Asked] = []

    def throttle(request: Asked) -> Effect:
        asked.append(request)
        if request.path.startswith("/ims/"):
            return NONE
        return Effect(forwarded=False, answer=(503, {"Retry-After": "60"}, b"{}"))

    slow.script = throttle
    with workspace.process("plan", "--format", "json") as process:
        deadline = time.monotonic() + 20
        while not any(request.path.startswith("/data/") for request in asked) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert time.monotonic() - started < 5
    assert (process.returncode, "Interrupted." in err) == (130, True)
    assert [found["code"] for found in json.loads(out)["diagnostics"]] == ["interrupted"]
