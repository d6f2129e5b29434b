"""What belongs to the whole process: garbage collection, signals, an import left out.

Only the command line has a process of its own, so nothing below it changes these things.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType
from typing import Final, TypeVar

from flowctl.cli.exit_codes import ExitCode
from flowctl.systems import stop_signals

T = TypeVar("T")
_kept: list[object] = []
"""What lasts as long as the process, or until the next command of the same process begins."""
_HTTPX_COMMAND: Final = "httpx._main"


@contextmanager
def command_line() -> Iterator[None]:
    """The process as a command line needs it: SIGTERM ends it as Ctrl-C does, and httpx comes without its own.

    httpx also imports its own command line, and with it rich and pygments, unless that cannot be imported. A program
    that runs flowctl's command line in its own process gets everything back afterwards.
    """
    kept_out = sys.modules.setdefault(_HTTPX_COMMAND, None) is None  # type: ignore[arg-type]
    others = [number for number in stop_signals() if number is not signal.SIGINT]
    try:
        with _handling(others, signal.default_int_handler):
            yield
    finally:
        if kept_out:
            del sys.modules[_HTTPX_COMMAND]


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection while one command runs.

    What a command makes lasts until it ends, so that looking for garbage would only take a third of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    _kept.clear()
    try:
        yield
    finally:
        if was_enabled:
            # What is kept is not looked through now, at the end.
            gc.freeze()
            gc.enable()


def until_exit(value: T) -> T:
    """Keep a value until the process ends, which takes all at once what would take long object by object."""
    _kept.append(value)
    return value


@contextmanager
def reading(stop: Event) -> Iterator[None]:
    """The process while a command reads from the platform: a signal ends the command.

    It sets the event, too: without it, threads would first wait for retries.
    """

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    with _handling(stop_signals(), leave):
        yield


@contextmanager
def writing(stop: Event) -> Iterator[None]:
    """The process while a command writes to the platform: the first Ctrl-C or SIGTERM sets the event.

    A second signal of either kind ends the process at once. An apply may take long: what it leaves behind is collected
    again, what is there already is not looked at.
    """

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(ExitCode.INTERRUPTED)
        stop.set()
        # Not through sys.stderr: the signal may have come in the middle of a write to it.
        with suppress(OSError):
            os.write(
                2, b"Stopping: finishing and recording the steps in progress. Press Ctrl-C again to stop at once.\n"
            )

    gc.freeze()
    gc.enable()
    with _handling(stop_signals(), ask_to_stop):
        yield


@contextmanager
def _handling(numbers: Iterable[signal.Signals], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hand these signals to a handler, and to whoever had them before afterwards."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, disposition in before.items():
            signal.signal(number, disposition)
