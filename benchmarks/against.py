"""This checkout beside another one: the same commands over the same files, in turns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.process import Cost, flowctl_of, run, typical
from benchmarks.served_platform import ServedPlatform
from benchmarks.workspace import generate

HERE = Path(__file__).parents[1]
_MIB = 1024 * 1024
_NOT_SLOWER = 1.05
"""How far two medians of the same thing lie apart on a machine that does nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two checkouts, with a cache of manifests of its own."""

    command: tuple[str, ...]
    cache: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What both sides cost at one number of pipelines, this checkout first."""

    pipelines: int
    apply: tuple[Cost, Cost]
    plan: tuple[Cost, Cost]
    first_plan: tuple[Cost, Cost]
    validate: tuple[Cost, Cost]


def against(folder: Path, other: Path, platform: ServedPlatform, sizes: Sequence[int], repeat: int) -> Iterator[Figure]:
    """Every figure of both checkouts; `sizes` are numbers of pipelines, the smaller one first."""
    sides = [
        Side(command=flowctl_of(checkout), cache=folder / f"cache-{number}")
        for number, checkout in enumerate((HERE, other))
    ]
    yield from _start_up(folder, sides, max(repeat, 5) * 3)
    small, large = (_measured(folder, pipelines, platform, sides, repeat) for pipelines in sizes)
    yield _processor("no-op plan", large.plan, large.pipelines, 0.55)
    yield _processor("no-op plan, manifests never read before", large.first_plan, large.pipelines, 0.6)
    yield _processor("validate", large.validate, large.pipelines, 0.5)
    yield _processor("apply", large.apply, large.pipelines, None)
    yield _memory("no-op plan", large.plan, large.pipelines, 250)
    yield _memory("apply", large.apply, large.pipelines, 350)
    yield _growth("no-op plan", small.plan, large.plan, small.pipelines, large.pipelines)
    yield _growth("apply", small.apply, large.apply, small.pipelines, large.pipelines)


def _start_up(folder: Path, sides: Sequence[Side], repeat: int) -> Iterator[Figure]:
    workspace = generate(folder / "start-up", 1)
    validate = ("-C", str(workspace.root), "validate", str(workspace.manifests[-1]))
    for words in (("--version",), ("--help",), validate):
        name = f"start-up: flowctl {words[2] if len(words) > 2 else words[0]}"
        mine, theirs = _in_turns([[*side.command, *words] for side in sides], repeat, [None, None])
        yield _ratio(name, mine.processor_seconds, theirs.processor_seconds, _NOT_SLOWER)


def _measured(folder: Path, pipelines: int, platform: ServedPlatform, sides: Sequence[Side], repeat: int) -> Size:
    workspace = generate(folder / f"against-{pipelines}", pipelines, platform.url)
    where = ("-C", str(workspace.root))
    caches = [side.cache for side in sides]

    def commands(*words: str) -> list[list[str]]:
        return [[*side.command, *where, *words] for side in sides]

    def start_anew() -> None:
        platform.reset()
        workspace.lockfile.unlink(missing_ok=True)

    applied = _in_turns(commands("apply", "--auto-approve", "-q"), 1, caches, before=start_anew)
    plan = commands("plan", "--detailed-exitcode", "-q")
    return Size(
        pipelines=pipelines,
        apply=applied,
        plan=_in_turns(plan, repeat, caches),
        first_plan=_in_turns(plan, repeat, [None, None]),
        validate=_in_turns(commands("validate", "-q"), repeat, [None, None]),
    )


def _in_turns(
    commands: Sequence[Sequence[str]],
    repeat: int,
    caches: Sequence[Path | None],
    before: Callable[[], None] | None = None,
) -> tuple[Cost, Cost]:
    """The typical cost of both commands; they take turns, so that a busy moment of the machine hits both."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(repeat):
        for mine, command, cache in zip(costs, commands, caches, strict=True):
            if before is not None:
                before()
            mine.append(run(*command, cache=cache))
    return typical(costs[0]), typical(costs[1])


def _processor(name: str, costs: tuple[Cost, Cost], pipelines: int, limit: float | None) -> Figure:
    mine, theirs = (cost.processor_seconds for cost in costs)
    return _ratio(f"processor time of {name}, {pipelines} pipelines", mine, theirs, limit)


def _ratio(name: str, mine: float, theirs: float, limit: float | None) -> Figure:
    return Figure(
        name=name, measured=seconds(mine), against=f"the other: {seconds(theirs)}", ratio=mine / theirs, limit=limit
    )


def _memory(name: str, costs: tuple[Cost, Cost], pipelines: int, most: int) -> Figure:
    mine, theirs = (cost.peak_bytes / _MIB for cost in costs)
    return Figure(
        name=f"peak memory of {name}, {pipelines} pipelines, against {most} MiB",
        measured=f"{mine:.0f} MiB",
        against=f"{most} MiB (the other: {theirs:.0f} MiB)",
        ratio=mine / most,
        limit=1.0,
    )


def _growth(name: str, before: tuple[Cost, Cost], after: tuple[Cost, Cost], small: int, large: int) -> Figure:
    mine, theirs = (after[side].seconds / before[side].seconds for side in (0, 1))
    return Figure(
        name=f"growth of {name} from {small} to {large} pipelines",
        measured=f"{mine:.2f} times",
        against=f"{large / small:.0f} times the pipelines (the other: {theirs:.2f} times)",
        ratio=mine,
        limit=5.2 if large == 5 * small else None,
    )
