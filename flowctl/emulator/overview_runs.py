"""Runs on the page: their numbers, the first records, and the errors with the first rejected rows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from flowctl.emulator.ingestion.batch_files import batch_folder, errors_folder
from flowctl.emulator.page_parts import escape, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flowctl.emulator.directory import Sandbox
    from flowctl.emulator.platform import Platform

MOST_RUNS = 50
MOST_ROWS = 5
MOST_CHARACTERS = 2000
_COUNTS = ("inputRecordCount", "outputRecordCount", "failedRecordCount")
_TITLES = ("Started", "Flow", "Status", "Read", "Written", "Failed", "Time", "Records and errors")


def runs(platform: Platform, sandbox: Sandbox) -> str:
    """Return the newest runs of a sandbox as a table."""
    stored = platform.objects.select(sandbox.scope, "run", order="seq DESC", limit=MOST_RUNS)
    total = platform.objects.count(sandbox.scope, "run")
    if total == 0:
        return '<p class="muted">This sandbox has no run.</p>'
    note = f'<p class="muted">The newest {MOST_RUNS} of {total}.</p>' if total > MOST_RUNS else ""
    return note + table(_TITLES, [_row(platform, sandbox, item.value()) for item in stored])


def _row(platform: Platform, sandbox: Sandbox, run: dict[str, Any]) -> list[str]:
    flow = platform.objects.get(sandbox.scope, "flow", run["flowId"])
    metrics = run["metrics"]
    status = str(metrics["statusSummary"]["status"])
    records = metrics.get("recordSummary", {})
    duration = metrics.get("durationSummary", {})
    started, completed = duration.get("startedAtUTC") or 0, duration.get("completedAtUTC") or 0
    name = escape(str(flow.name)) if flow else '<span class="error">deleted</span>'
    return [
        f"<time>{datetime.fromtimestamp(run['createdAt'] / 1000, UTC):%Y-%m-%d %H:%M:%S}</time>",
        f'{name}<br><code class="muted">{escape(run["id"])}</code>',
        f'<span class="{escape(status)}">{escape(status)}</span>',
        *(f"{int(records.get(key, 0)):,}" for key in _COUNTS),
        f"{(completed - started) / 1000:.1f} s" if completed else "",
        "".join(_details(platform, sandbox, run)),
    ]


def _details(platform: Platform, sandbox: Sandbox, run: dict[str, Any]) -> Iterator[str]:
    if "numbers" in run:
        yield f'<p class="muted">{escape(run["numbers"])}</p>'
    batch_id = _batch_of(run)
    batch = platform.objects.get(sandbox.scope, "batch", batch_id) if batch_id else None
    if batch is not None:
        related = [item["id"] for item in batch.value()["relatedObjects"] if item.get("type") == "dataSet"]
        for folder in (batch_folder(platform.data_dir, id_, batch.id) for id_ in related):
            for file in sorted(folder.glob("part-*")):
                yield _folded("First records", _first_lines(file), str(file))
    for error in _errors(run):
        rows = f" ({error['recordCount']:,} rows)" if error.get("recordCount") else ""
        text = f"{error.get('code')}{rows}: {error.get('message')}"
        yield f'<p class="error">{escape(text)}</p>'
    if batch is not None:
        file = errors_folder(platform.data_dir, sandbox.scope, batch.id) / "conversion_errors_0.json"
        if file.is_file():
            yield _folded("First rejected rows", _first_lines(file), str(file))


def _batch_of(run: dict[str, Any]) -> str | None:
    for activity in run.get("activities") or []:
        for target in activity.get("targetInfo") or []:
            for id_ in target.get("reference", {}).get("ids") or []:
                return str(id_)
    return None


def _errors(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from run["metrics"]["statusSummary"].get("errors") or []
    for activity in run.get("activities") or []:
        yield from activity.get("statusSummary", {}).get("extensions", {}).get("errors") or []


def _first_lines(file: Path) -> str:
    if file.suffix == ".parquet":
        return "The file is a Parquet file."
    with file.open(encoding="utf-8", errors="replace") as lines:
        return "\n".join(line.rstrip("\n")[:MOST_CHARACTERS] for line in islice(lines, MOST_ROWS))


def _folded(title: str, text: str, file: str) -> str:
    lines = "\n".join(escape(line) for line in text.split("\n"))
    name = f'<code class="muted">{escape(file)}</code>'
    return f"<details><summary>{escape(title)}</summary>{name}<pre>{lines}</pre></details>"
