"""The figures of plan and apply: against the floor, requests, processor time, memory and growth."""

from collections.abc import Iterator

from benchmarks.figure import Figure, seconds
from benchmarks.process import PYTHON, run
from benchmarks.runs import Measured, Runs, Setting

_PLAN_LIMIT = 3.0
_APPLY_LIMIT = 1.3
_GROWTH_SLACK = 1.1
_MOST_REQUESTS_PER_PIPELINE = 0.1
_MOST_BYTES = 250 * 1024 * 1024


def run_figures(small: Runs, large: Runs, setting: Setting) -> Iterator[Figure]:
    """Every figure of two sizes of one workspace, the smaller size first."""
    for runs in (small, large):
        yield _against_floor("no-op plan", runs.plan, _PLAN_LIMIT if runs is large else None)
        yield _against_floor("no-op plan, manifests never read before", runs.first_plan, None)
        yield _against_floor("apply", runs.apply, _APPLY_LIMIT)
        yield _against_bare_client("apply", runs.apply)
    yield Figure(
        name=f"requests of a no-op plan, {large.plan.pipelines} pipelines",
        measured=f"{large.plan.requests} requests",
        against=f"{large.plan.pipelines} pipelines",
        ratio=large.plan.requests / large.plan.pipelines,
        limit=_MOST_REQUESTS_PER_PIPELINE,
    )
    yield _processor(large.apply, setting)
    for name, before, after in (("no-op plan", small.plan, large.plan), ("apply", small.apply, large.apply)):
        yield _growth(name, before, after)
    yield from _memory(large)


def _against_floor(name: str, measured: Measured, limit: float | None) -> Figure:
    return Figure(
        name=f"{name}, {measured.pipelines} pipelines",
        measured=seconds(measured.cost.seconds),
        against=f"floor of {measured.requests} requests: {seconds(measured.floor_seconds)}",
        ratio=measured.cost.seconds / measured.floor_seconds,
        limit=limit,
    )


def _against_bare_client(name: str, measured: Measured) -> Figure:
    return Figure(
        name=f"{name}, {measured.pipelines} pipelines, beside a bare client",
        measured=seconds(measured.cost.seconds),
        against=f"as many empty requests: {seconds(measured.bare_seconds)}",
        ratio=measured.cost.seconds / measured.bare_seconds,
    )


def _processor(measured: Measured, setting: Setting) -> Figure:
    """With `parallelism` requests under way one ends every latency / parallelism: that long one may work on each."""
    each = measured.cost.processor_seconds / measured.requests
    slot = setting.latency_ms / 1000 / setting.parallelism
    return Figure(
        name=f"processor time of a request, apply of {measured.pipelines} pipelines",
        measured=f"{each * 1000:.2f} ms",
        against=f"a request ends every {slot * 1000:.2f} ms",
        ratio=each / slot if slot else None,
    )


def _growth(name: str, before: Measured, after: Measured) -> Figure:
    return Figure(
        name=f"growth of {name} from {before.pipelines} to {after.pipelines} pipelines",
        measured=seconds(after.cost.seconds),
        against=f"{before.pipelines} pipelines: {seconds(before.cost.seconds)}",
        ratio=after.cost.seconds / before.cost.seconds,
        limit=after.pipelines / before.pipelines * _GROWTH_SLACK,
    )


def _memory(runs: Runs) -> Iterator[Figure]:
    bare = run(*PYTHON, "-c", "pass").peak_bytes
    for name, measured in (("no-op plan", runs.plan), ("apply", runs.apply)):
        yield Figure(
            name=f"peak memory of {name}, {measured.pipelines} pipelines",
            measured=f"{measured.cost.peak_bytes / 1024 / 1024:.0f} MiB",
            against=f"python -c pass: {bare / 1024 / 1024:.0f} MiB",
            ratio=measured.cost.peak_bytes / bare,
            limit=_MOST_BYTES / bare,
        )
