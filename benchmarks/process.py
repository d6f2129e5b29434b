"""One command, run as a process of its own, and what it cost."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

PYTHON = (sys.executable,)
FLOWCTL = (str(Path(sys.executable).with_name("flowctl")),)
_LAUNCH = "import sys; sys.path.insert(0, sys.argv.pop(1)); from flowctl.cli.main import run; run()"
_MOST_SHOWN = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command took: wall time, processor time of the process, and its peak resident memory."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


def flowctl_of(checkout: Path) -> tuple[str, ...]:
    """The command line of the flowctl in a checkout, run by this interpreter with the packages installed for it."""
    return (*PYTHON, "-c", _LAUNCH, str(checkout.resolve()))


class CommandFailed(Exception):  # noqa: N818 - reads as what happened
    """A measured command failed, so that its cost means nothing."""


def run(*command: str, cache: Path | None = None, variables: Mapping[str, str] | None = None) -> Cost:
    """Run a command, without flowctl's cache of manifests unless its folder is given.

    `variables` are added to the environment.

    Raises CommandFailed where it does not exit with 0.
    """
    environment = {**_environment(cache), **(variables or {})}
    with tempfile.TemporaryFile() as output:
        started = perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise CommandFailed(f"{' '.join(command)} exited with {process.returncode}:\n{text[-_MOST_SHOWN:]}")
    return Cost(
        seconds=elapsed,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    )


def _environment(cache: Path | None) -> dict[str, str]:
    """That of a user: bytecode is kept, as it is where flowctl is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "FLOWCTL_CACHE": "off"} if cache is None else {**kept, "XDG_CACHE_HOME": str(cache)}


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each part."""
    return Cost(
        seconds=median(cost.seconds for cost in costs),
        processor_seconds=median(cost.processor_seconds for cost in costs),
        peak_bytes=int(median(cost.peak_bytes for cost in costs)),
    )


def interleaved(commands: Sequence[Sequence[str]], repeat: int) -> list[Cost]:
    """The typical cost of each command; they take turns, so that a busy moment of the machine hits all of them."""
    rounds = [[run(*command) for command in commands] for _ in range(repeat)]
    return [typical(costs) for costs in zip(*rounds, strict=True)]
