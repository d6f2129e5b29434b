"""A soak: many pipelines are created, changed and destroyed under mixed faults, and counted on the platform.

    python -m tests.faults.soak --pipelines 1000 --rate 0.05

The faults befall that share of all requests, chosen by a seed. Prints one JSON object.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

for _folder in (Path(__file__).parent, Path(__file__).parents[1], Path(__file__).parents[2]):
    sys.path.insert(0, str(_folder))

import httpx  # noqa: E402
from fault_cells import FAULTS  # noqa: E402
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied  # noqa: E402
from fault_workspace import KINDS, SCHEMAS, FaultWorkspace, Pipeline, Seen, counted  # noqa: E402

from flowctl import emulator  # noqa: E402

_MOST_RUNS = 10
_PATIENCE = ("--retry-budget", "10", "--read-timeout", "3")


@dataclass
class Result:
    """What a soak did: `missing` and `twice` count objects on the platform after it, `orphans` those unrecorded."""

    pipelines: int
    rate: float
    seed: int
    clock: int = 0
    requests: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    missing: int = 0
    twice: int = 0
    orphans: int = 0
    left_after_destroy: int = 0
    plan_is_empty: bool = False


class _Weather:
    """Faults at random, of a seed; threads ask it."""

    def __init__(self, rate: float, seed: int) -> None:
        self.hit: Counter[str] = Counter()
        self.asked = 0
        self._rate = rate
        self._random = random.Random(seed)
        self._mutex = threading.Lock()

    def __call__(self, _asked: Asked) -> Effect:
        with self._mutex:
            self.asked += 1
            if self._random.random() >= self._rate:
                return NONE
            name = self._random.choice(sorted(FAULTS))
            self.hit[name] += 1
        return FAULTS[name]


def soak(
    pipelines: int, rate: float, seed: int, *, clock: int = 0, told: Callable[[str], None] = lambda _text: None
) -> Result:
    """Runs a soak on an emulator of its own, whose clock is off by so many seconds.

    Raises RuntimeError where runs do not come to an end.
    """
    result = Result(pipelines, rate, seed, clock)
    weather = _Weather(rate, seed)
    with (
        tempfile.TemporaryDirectory(prefix="flowctl-soak-") as folder,
        emulator.start(specs_dir=SCHEMAS) as running,
        proxied(running.url) as proxy,
        httpx.Client(base_url=running.url, timeout=60) as http,
    ):
        seen = Seen(http, clock)
        seen.fresh()
        names = [f"pipeline-{number:04}" for number in range(pipelines)]
        workspace = FaultWorkspace(Path(folder), proxy.url, {name: Pipeline(name) for name in names})
        started = time.monotonic()
        for phase, change in (("create", _unchanged), ("update", _updated), ("replace", _replaced)):
            change(workspace)
            workspace.save()
            result.runs[phase] = _until_done(workspace, proxy, weather, "apply", told)
        _count(result, workspace, seen)
        result.runs["destroy"] = _until_done(workspace, proxy, weather, "destroy", told)
        left = counted(seen)
        result.left_after_destroy = sum(count for kind, count in left.items() if kind != "mapping_set")
        result.seconds = round(time.monotonic() - started, 1)
    result.requests, result.faults = weather.asked, dict(sorted(weather.hit.items()))
    return result


def _unchanged(_workspace: FaultWorkspace) -> None:
    """The first phase creates what stands there."""


def _updated(workspace: FaultWorkspace) -> None:
    for pipeline in workspace.pipelines.values():
        pipeline.description, pipeline.expression = "second", "upper(email)"


def _replaced(workspace: FaultWorkspace) -> None:
    for pipeline in list(workspace.pipelines.values())[::10]:
        pipeline.table = "public.persons"


def _until_done(
    workspace: FaultWorkspace, proxy: FaultProxy, weather: _Weather, command: str, told: Callable[[str], None]
) -> int:
    """Repeats a command under faults until it succeeds; answers how often it ran."""
    proxy.script = weather
    try:
        for run in range(1, _MOST_RUNS + 1):
            ended = workspace.run(command, "--auto-approve", *_PATIENCE, "-q")
            told(f"{command}: run {run} exits with {ended.code}; {ended.out.splitlines()[-1:]} {ended.err[-300:]}")
            if ended.code == 0:
                return run
        raise RuntimeError(f"{command} does not succeed in {_MOST_RUNS} runs: {ended.text[-2000:]}")
    finally:
        proxy.script = lambda _asked: NONE


def _count(result: Result, workspace: FaultWorkspace, seen: Seen) -> None:
    live = seen.objects()
    recorded = {entry["id"] for entry in workspace.entries.values()}
    for kind in KINDS:
        result.missing += max(0, result.pipelines - len(live[kind]))
        result.twice += max(0, len(live[kind]) - result.pipelines)
        result.orphans += len(live[kind].keys() - recorded)
    result.plan_is_empty = workspace.run("plan", "--detailed-exitcode", "-q").code == 0


def main() -> int:
    """The command; exit code 1 where anything is missing, there twice, or an orphan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clock", type=int, default=0, help="seconds that the platform's clock is off (0)")
    options = parser.parse_args()
    result = soak(
        options.pipelines,
        options.rate,
        options.seed,
        clock=options.clock,
        told=lambda text: sys.stderr.write(text + "\n") and None,
    )
    sys.stdout.write(json.dumps(asdict(result), indent=2) + "\n")
    faulty = result.missing or result.twice or result.orphans or result.left_after_destroy
    return 1 if faulty or not result.plan_is_empty else 0


if __name__ == "__main__":
    sys.exit(main())
