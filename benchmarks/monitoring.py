"""The status of many pipelines with many runs behind them, and a list of the runs of one hour."""

import json
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.floor import rounds
from benchmarks.process import FLOWCTL, Cost, run, typical
from benchmarks.runs import Setting
from benchmarks.served_platform import Logged, ServedPlatform
from benchmarks.workspace import Generated, generate

_RUNS_OF_EACH = 20
_PAGE = 100
_MOST_REQUESTS = 40
_MOST_SECONDS = 2.0
_SIZE = 1000
"""Pipelines that the promises are about: requests and seconds."""


def monitoring_figures(
    folder: Path, pipelines: int, platform: ServedPlatform, setting: Setting, repeat: int
) -> Iterator[Figure]:
    """Apply a workspace, let every dataflow run once an hour, and read what happened."""
    workspace = generate(folder / f"monitored-{pipelines}", pipelines, platform.url)
    platform.reset()
    _flowctl(workspace, setting, "apply", "--auto-approve", "-q")
    _run_all(workspace, platform)
    sizes = f"{pipelines} pipelines with {pipelines * _RUNS_OF_EACH} runs"
    cost, requests = _measured(workspace, platform, setting, repeat, "status")
    floor = rounds(requests, setting.parallelism) * setting.latency_ms / 1000
    promised = pipelines <= _SIZE
    yield Figure(
        name=f"requests of status, {sizes}",
        measured=f"{len(requests)} requests",
        against=f"{_MOST_REQUESTS} requests",
        ratio=len(requests) / _MOST_REQUESTS,
        limit=1.0 if promised else None,
    )
    yield Figure(
        name=f"status, {sizes}, {setting.latency_ms} ms latency",
        measured=f"{seconds(cost.seconds)}, {seconds(cost.processor_seconds)} of them processor time",
        against=f"{_MOST_SECONDS:g} s (floor of the requests: {seconds(floor)})",
        ratio=cost.seconds / _MOST_SECONDS,
        limit=1.0 if promised else None,
    )
    cost, requests = _measured(workspace, platform, setting, repeat, "runs", "list", "--since", "30m")
    window = -(-pipelines // _PAGE)
    yield Figure(
        name=f"requests of runs list --since 30m, {sizes}",
        measured=f"{len(requests)} requests in {seconds(cost.seconds)}",
        against=f"{window} pages of the window, and the one on which it ends",
        ratio=len(requests) / (window + 1),
        limit=1.0,
    )


def _measured(
    workspace: Generated, platform: ServedPlatform, setting: Setting, repeat: int, *command: str
) -> tuple[Cost, Sequence[Logged]]:
    """The typical cost of a command, and its requests besides that for a token."""
    costs: list[Cost] = []
    for _ in range(repeat):
        platform.clear_log()
        costs.append(_flowctl(workspace, setting, *command))
    return typical(costs), [each for each in platform.requests() if not each.path.startswith("/ims/")]


def _flowctl(workspace: Generated, setting: Setting, *command: str) -> Cost:
    return run(*FLOWCTL, "-C", str(workspace.root), "--parallelism", str(setting.parallelism), *command)


def _run_all(workspace: Generated, platform: ServedPlatform) -> None:
    """Let every dataflow run, hour after hour."""
    entries = json.loads(workspace.lockfile.read_text(encoding="utf-8"))["entries"]
    flows = [entry["id"] for address, entry in entries.items() if address.endswith(".flow")]
    connection = HTTPConnection(platform.url.removeprefix("http://"))
    try:
        for _ in range(_RUNS_OF_EACH):
            _post(connection, "clock", {"advanceSeconds": 3600})
            for flow in flows:
                _post(connection, "runs", {"flowId": flow})
    finally:
        connection.close()


def _post(connection: HTTPConnection, operation: str, body: object) -> None:
    connection.request("POST", f"/_emulator/{operation}", json.dumps(body), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    content = reply.read()
    if reply.status >= 300:
        raise RuntimeError(f"{operation}: {reply.status} {content!r}")
