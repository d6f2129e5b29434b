"""No thread and no socket outlives a command, however it ends and however slow the platform is."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hostile_server import Answer, Asked, Hostile, Talk, hostile, reply, token
from surroundings import DEV, Platform, Result, Workspace

FAST = 3.0
"""Seconds in which a command that fails has to be gone, whatever it was still reading."""
FORBIDDEN = reply(b'{"message": "no"}', status=b"403 Forbidden")


@pytest.fixture
def server(platform: Platform) -> Iterator[Hostile]:
    with hostile(platform.url) as server:
        server.answer = lambda _: None
        yield server


@pytest.fixture
def applied(examples: Workspace, server: Hostile) -> Workspace:
    examples.write("flowctl.yaml", DEV.format(url=server.url))
    examples.apply()
    return examples


def _ends(run: Callable[[], Result]) -> Result:
    """Runs a command; it has to be gone soon, with all its threads and sockets."""
    before = set(threading.enumerate())
    started = time.monotonic()
    result = run()
    assert time.monotonic() - started < FAST
    gc.collect()
    after = [thread.name for thread in set(threading.enumerate()) - before if thread.name != "hostile"]
    assert after == []
    assert "Traceback" not in result.err
    return result


def _stalling(*refused: str) -> Callable[[Asked], Answer]:
    """Gives tokens, refuses what is named, and leaves everything else without an answer."""

    def answer(asked: Asked) -> Answer:
        if asked.is_for_a_token:
            return token("local-token")
        if any(name in asked.target for name in refused):
            # Others shall be under way by then.
            return lambda talk: (talk.ending.wait(0.2), talk.send(FORBIDDEN), None)[-1]
        return Talk.stall

    return answer


@pytest.mark.parametrize("refused", ["/flowSpecs", "/flows?", "/connections?", "/dataSets/", "/schemas"])
@pytest.mark.parametrize(
    "command", [("plan",), ("apply", "--auto-approve"), ("plan", "--format", "json")], ids=" ".join
)
def test_a_plan_that_fails_waits_for_nothing_else(
    applied: Workspace, server: Hostile, command: tuple[str, ...], refused: str
) -> None:
    server.answer = _stalling(refused)
    result = _ends(lambda: applied.run(*command))
    told = result.err + result.out
    # The cause is told, and not that others were left because of it.
    assert (result.code, "http-403" in told, "unreachable" in told) == (1, True, False), told


@pytest.mark.parametrize("command", [("plan", "--destroy"), ("destroy", "--auto-approve")], ids=" ".join)
def test_a_destroy_that_fails_waits_for_nothing_else(
    applied: Workspace, server: Hostile, command: tuple[str, ...]
) -> None:
    server.answer = _stalling("/flows?")
    assert _ends(lambda: applied.run(*command)).code == 1


def test_a_slow_reply_a_byte_at_a_time_is_left(applied: Workspace, server: Hostile) -> None:
    def answer(asked: Asked) -> Answer:
        if "/flowSpecs" in asked.target or asked.is_for_a_token:
            return _stalling("/flowSpecs")(asked)
        return lambda talk: talk.drip(reply(b" " * 10_000), 0.05)

    server.answer = answer
    assert _ends(lambda: applied.run("plan")).code == 1


def test_a_wait_for_a_retry_is_left(applied: Workspace, server: Hostile) -> None:
    later = reply(status=b"503 Later")

    def answer(asked: Asked) -> Answer:
        known = "/flowSpecs" in asked.target or asked.is_for_a_token
        return _stalling("/flowSpecs")(asked) if known else later

    server.answer = answer
    assert _ends(lambda: applied.run("plan")).code == 1


def test_classes_that_are_refused_wait_for_no_others(applied: Workspace, server: Hostile) -> None:
    for number in range(8):
        applied.write(
            f"schemas/new{number}.yaml",
            f"apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: new{number}}}\n"
            f"class: https://ns.adobe.com/xdm/context/{number}\n",
        )

    def answer(asked: Asked) -> Answer:
        return _stalling("context%2F0", "context%252F0")(asked) if "/classes/" in asked.target else None

    server.answer = answer
    assert _ends(lambda: applied.run("plan", "--parallelism", "4")).code == 1


def test_a_wrong_manifest_waits_for_nothing(applied: Workspace, server: Hostile) -> None:
    """The wrong reference is found by looking it up, while recorded objects are read."""
    applied.edit("pipelines/hubspot-contacts.yaml", "schema: crm-contact", "schema: {title: Nowhere}")

    def answer(asked: Asked) -> Answer:
        looked_up = any(part in asked.target for part in ("title%3D%3D", "title==", "orderby=title"))
        if asked.is_for_a_token or looked_up or "Specs" in asked.target:
            return None
        return Talk.stall

    server.answer = answer
    assert "lookup-not-found" in _ends(lambda: applied.run("plan")).err


def test_a_command_can_be_run_again_in_the_same_process(applied: Workspace, server: Hostile) -> None:
    for _ in range(3):
        server.answer = _stalling("/flowSpecs")
        assert _ends(lambda: applied.run("plan")).code == 1
        server.answer = lambda _: None
        assert _ends(lambda: applied.run("plan")).code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_plan_leaves_nothing(applied: Workspace, server: Hostile, number: signal.Signals) -> None:
    server.answer = _stalling()

    def interrupted() -> Result:
        timer = threading.Timer(0.5, os.kill, (os.getpid(), number))
        timer.start()
        try:
            return applied.run("plan")
        finally:
            timer.join()

    assert _ends(interrupted).code == 130


@pytest.mark.parametrize(
    "command",
    [
        ("plan",),
        ("apply", "--auto-approve"),
        ("show", "hubspot-contacts.flow"),
        ("state", "orphans"),
        ("plan", "-e", "local"),
        ("plan", "--target", "nothing.flow"),
    ],
    ids=" ".join,
)
def test_a_command_that_ends_well_or_early_leaves_nothing(applied: Workspace, command: tuple[str, ...]) -> None:
    _ends(lambda: applied.run(*command))


_STOPPED_WHILE_IMPORTING = """
import signal, sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Stop())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["flowctl", "state", "list"]
from flowctl.cli.main import run
run()
"""


@pytest.mark.parametrize(
    "module", ["flowctl.cli.dispatch", "flowctl.cli.options", "flowctl.cli.commands.state", "click"]
)
def test_a_signal_while_the_program_still_starts_ends_it_without_a_trace(module: str) -> None:
    program = _STOPPED_WHILE_IMPORTING.replace("sys.argv[1]", repr(module))
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (130, False), ended.stderr
