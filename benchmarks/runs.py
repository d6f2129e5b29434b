"""Plan and apply of N and of more pipelines against a served platform with latency."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.floor import rounds
from benchmarks.process import FLOWCTL, PYTHON, Cost, run, typical
from benchmarks.served_platform import Logged, ServedPlatform
from benchmarks.workspace import Generated, generate


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the platform and the client are set."""

    latency_ms: int
    parallelism: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A command over a workspace: its typical cost, its requests, and the least time that these can take.

    `bare_seconds` is what as many requests took a client that does nothing else, in turns with the command.
    """

    pipelines: int
    cost: Cost
    bare_seconds: float
    requests: int
    floor_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The full apply of a new workspace and the plan after it, which finds nothing to do.

    `first_plan` is that plan where the manifests were never read before, as in a job on a fresh machine.
    """

    apply: Measured
    plan: Measured
    first_plan: Measured


def measure(folder: Path, pipelines: int, platform: ServedPlatform, setting: Setting, repeat: int) -> Runs:
    """Apply a workspace `repeat` times, each time to an empty platform, and plan it as often."""
    workspace = generate(folder / f"pipelines-{pipelines}", pipelines, platform.url)

    def start_anew() -> None:
        platform.reset()
        workspace.lockfile.unlink(missing_ok=True)

    cache = folder / "cache"
    applied = _measured(workspace, platform, setting, ("apply", "--auto-approve"), repeat, start_anew, cache)
    plan = ("plan", "--detailed-exitcode")
    planned = _measured(workspace, platform, setting, plan, repeat, platform.clear_log, cache)
    first = _measured(workspace, platform, setting, plan, repeat, platform.clear_log, None)
    return Runs(apply=applied, plan=planned, first_plan=first)


def _measured(
    workspace: Generated,
    platform: ServedPlatform,
    setting: Setting,
    command: Sequence[str],
    repeat: int,
    before: Callable[[], None],
    cache: Path | None,
) -> Measured:
    costs: list[Cost] = []
    bare: list[Cost] = []
    requests: Sequence[Logged] = ()
    for _ in range(repeat):
        before()
        options = ("-C", str(workspace.root), "--parallelism", str(setting.parallelism))
        costs.append(run(*FLOWCTL, *options, *command, cache=cache))
        requests = platform.requests()
        shape = (platform.url.removeprefix("http://"), str(len(requests)), str(setting.parallelism))
        bare.append(run(*PYTHON, "-m", "benchmarks.bare_client", *shape))
    return Measured(
        pipelines=workspace.pipelines,
        cost=typical(costs),
        bare_seconds=typical(bare).seconds,
        requests=len(requests),
        floor_seconds=rounds(requests, setting.parallelism) * setting.latency_ms / 1000,
    )
