"""The process is the command line's only while a command runs: a program that calls it gets everything back."""

import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from surroundings import Workspace

from flowctl.cli import process
from flowctl.cli.exit_codes import ExitCode

COMMANDS = [("validate",), ("plan",), ("apply", "--auto-approve"), ("show",), ("nonsense",), ("plan", "--target", "no")]


def _of_the_process() -> tuple[object, ...]:
    handlers = tuple(signal.getsignal(number) for number in process.stop_signals())
    return gc.isenabled(), handlers, sys.modules.get("httpx._main", "absent")


@pytest.fixture
def kept() -> Iterator[None]:
    before = _of_the_process()
    yield
    assert _of_the_process() == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.usefixtures("kept")
def test_a_command_gives_the_process_back(examples: Workspace, command: tuple[str, ...]) -> None:
    examples.run(*command)
    examples.run(*command)


def test_a_collector_that_was_off_stays_off(examples: Workspace) -> None:
    gc.disable()
    try:
        examples.run("validate")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_command_collects_no_garbage_until_it_writes() -> None:
    with process.without_collection():
        assert not gc.isenabled()
        frozen = gc.get_freeze_count()
        with process.writing(threading.Event()):
            assert gc.isenabled()
            assert gc.get_freeze_count() > frozen
    gc.unfreeze()


def test_what_lasts_until_the_end_is_let_go_when_the_next_command_begins() -> None:
    class Kept:
        pass

    def count() -> int:
        return sum(isinstance(value, Kept) for value in process._kept)

    with process.without_collection():
        process.until_exit(Kept())
        assert count() == 1
    with process.without_collection():
        assert count() == 0


@pytest.mark.parametrize("number", process.stop_signals())
def test_a_signal_ends_a_command_that_reads_and_sets_its_event(number: signal.Signals) -> None:
    stop = threading.Event()
    with pytest.raises(KeyboardInterrupt), process.reading(stop):
        signal.raise_signal(number)
    assert stop.is_set()


@pytest.mark.parametrize("number", process.stop_signals())
def test_the_first_signal_asks_a_command_that_writes_to_stop(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()
    with process.writing(stop):
        signal.raise_signal(number)
        assert stop.is_set()
    assert "Press Ctrl-C again to stop at once" in capfd.readouterr().err
    gc.unfreeze()


def test_a_second_signal_ends_the_process_at_once() -> None:
    program = """
import signal, sys, threading
from flowctl.cli import process
with process.writing(threading.Event()):
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
sys.exit(0)
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert ended.returncode == ExitCode.INTERRUPTED


def test_sigterm_interrupts_a_command_line_that_neither_reads_nor_writes() -> None:
    with pytest.raises(KeyboardInterrupt), process.command_line():
        signal.raise_signal(signal.SIGTERM)


def test_a_host_program_can_import_the_command_line_of_httpx_afterwards() -> None:
    program = """
import sys
from flowctl.cli.main import main
main(["emulator"])
assert "httpx._main" not in sys.modules
import httpx._main
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_host_program_that_uses_the_command_line_of_httpx_keeps_it() -> None:
    program = """
import httpx._main, sys
before = sys.modules["httpx._main"]
from flowctl.cli.main import main
main(["emulator"])
assert sys.modules["httpx._main"] is before
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
