"""The import of everything that an apply has just made: requests, time and memory."""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.floor import rounds
from benchmarks.process import FLOWCTL, run
from benchmarks.runs import Setting
from benchmarks.served_platform import ServedPlatform

_MOST_REQUESTS_PER_FLOW = 0.06
_LISTED_FOLDERS = re.compile(r"^manifests:.*\n(?:[ -].*\n)*", re.MULTILINE)


def import_figures(folder: Path, pipelines: int, platform: ServedPlatform, setting: Setting) -> Iterator[Figure]:
    """Import the flows that the platform holds into an empty workspace."""
    empty = folder / "imported"
    empty.mkdir()
    settings = (folder / f"pipelines-{pipelines}" / "flowctl.yaml").read_text(encoding="utf-8")
    (empty / "flowctl.yaml").write_text(_LISTED_FOLDERS.sub("", settings), encoding="utf-8")
    platform.clear_log()
    options = ("-C", str(empty), "--parallelism", str(setting.parallelism), "-q")
    cost = run(*FLOWCTL, *options, "import")
    requests = platform.requests()
    floor = rounds(requests, setting.parallelism) * setting.latency_ms / 1000
    yield Figure(
        name=f"requests of an import, {pipelines} flows",
        measured=f"{len(requests)} requests",
        against=f"{pipelines} flows",
        ratio=len(requests) / pipelines,
        limit=_MOST_REQUESTS_PER_FLOW,
    )
    yield Figure(
        name=f"import, {pipelines} flows",
        measured=f"{seconds(cost.seconds)}, {cost.peak_bytes / 1024 / 1024:.0f} MiB",
        against=f"floor of {len(requests)} requests: {seconds(floor)}",
        ratio=cost.seconds / floor if floor else None,
    )
