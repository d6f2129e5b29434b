"""Runs and the status of pipelines as text."""

from collections.abc import Iterable, Iterator
from typing import Final

from flowctl.model.durations import rfc3339
from flowctl.model.rejected_rows import RunErrors
from flowctl.model.run_report import (
    NOT_APPLIED,
    PipelinesStatus,
    PipelineStatus,
    Records,
    Run,
    RunError,
    Runs,
    RunStatus,
    ShownRun,
)
from flowctl.views.columns import Column, table_lines
from flowctl.views.lines import Line
from flowctl.views.values import short
from flowctl.views.width import Width

_STYLES: Final = {
    RunStatus.SUCCESS: "green",
    RunStatus.PARTIAL: "yellow",
    RunStatus.FAILED: "red",
    RunStatus.CANCELED: "red",
}
_NUMBERS: Final = (Column("READ", right=True), Column("WRITTEN", right=True), Column("FAILED", right=True))
_RUN_COLUMNS: Final = (
    *(Column("STARTED"), Column("PIPELINE"), Column("STATUS"), *_NUMBERS),
    *(Column("TIME", right=True), Column("RUN"), Column("ERRORS", wraps=True)),
)
_STATUS_COLUMNS: Final = (
    *(Column("PIPELINE"), Column("STATE"), Column("LAST RUN"), Column("STARTED"), *_NUMBERS),
    *(Column("NEXT RUN"), Column("HEALTH")),
)
_HANG: Final = 2
_UNKNOWN: Final = "-"
_MARK: Final = "*"
"""Stands behind numbers of which their run says something, such as that they are made up."""


def run_lines(data: Runs, width: Width) -> Iterator[Line]:
    """One line for each run, the newest first."""
    if data.is_start:
        yield from _started_lines(data)
        return
    if not data.runs:
        which = "failed run" if data.only_failed else "run"
        since = f" since {rfc3339(data.since)}" if data.since is not None else ""
        yield Line(f"No {which} in environment {data.environment}{since}.")
        return
    yield from table_lines(_RUN_COLUMNS, [(_row(run), _STYLES.get(run.status, "")) for run in data.runs], width)
    yield from _notes(data.runs, width)


def _notes(runs: Iterable[Run], width: Width) -> Iterator[Line]:
    """What the numbers with a mark are, each note once."""
    notes = dict.fromkeys(run.note for run in runs if run.note and _is_counted(run))
    if notes:
        yield Line()
    for note in notes:
        yield from (Line(line, "dim") for line in width.sentence(f"{_MARK} numbers: {note}", 0, _HANG))


def _is_counted(run: Run) -> bool:
    return any(number is not None for number in (run.records.read, run.records.written, run.records.failed))


def _started_lines(data: Runs) -> Iterator[Line]:
    for run in data.runs:
        yield Line(f"Started run {run.id} of {run.pipeline or run.flow_id}: {_words(run.status)}.")
    yield from (Line(f"Not started: {each.summary}.", "red") for each in data.diagnostics)
    if not data.runs and not data.diagnostics:
        yield Line("Started no run, because no pipeline failed in its last run.")


def _row(run: Run) -> tuple[str, ...]:
    codes = ", ".join(error.code for error in run.errors)
    pipeline = run.pipeline or _UNKNOWN
    return (_time(run.begun), pipeline, _words(run.status), *_marked(run), _duration(run), run.id, codes)


def shown_run_lines(data: ShownRun) -> Iterator[Line]:
    """One run: times, numbers, batches, and each error with its cause and what to do."""
    run = data.run
    yield Line(f"{run.id}  {_words(run.status)}", _STYLES.get(run.status, "bold"))
    facts = {
        "pipeline": run.pipeline or f"none in the lockfile of environment {data.environment}",
        "dataflow": run.flow_id,
        "started": _time(run.started_at),
        "completed": _time(run.completed_at),
        "time": _duration(run),
        "records": _records(run),
        "numbers": run.note,
        "batch": ", ".join(run.batches),
    }
    yield from (Line(f"  {name}: {value}") for name, value in facts.items() if value and value != _UNKNOWN)
    for error in run.errors:
        yield from error_lines(error)


def run_error_lines(data: RunErrors) -> Iterator[Line]:
    """The errors of a run by code, then sampled rows, then where all were written."""
    run = data.run
    records = _records(run)
    yield Line(
        f"{run.pipeline or run.flow_id}: run {run.id} ({_words(run.status)}){records and f': {records}'}", "bold"
    )
    if not data.errors:
        yield Line("  The run has no errors.")
    for error in data.errors:
        yield from error_lines(error)
    if data.rows:
        yield Line()
    for row in data.rows:
        yield Line(f"  {row.file}: {', '.join(row.codes)}")
        if row.values is None:
            yield Line(f"    columns: {', '.join(row.columns)}")
        else:
            yield from (Line(f"    {name}: {short(value)}") for name, value in row.values.items())
    if data.folder:
        yield Line()
        yield Line(f"{data.written:,} rejected row{'' if data.written == 1 else 's'} written to {data.folder}.", "bold")


def error_lines(error: RunError) -> Iterator[Line]:
    """An error with how many rows it is about, its cause, what to do, and the page that documents it."""
    rows = f" ({error.records} row{'' if error.records == 1 else 's'})" if error.records is not None else ""
    yield Line()
    yield Line(f"  {error.code}{rows}: {error.message}", "red")
    words = {"cause": error.cause, "what to do": error.cure, "source": error.source}
    yield from (Line(f"    {name}: {text}") for name, text in words.items() if text)


def status_lines(data: PipelinesStatus, width: Width) -> Iterator[Line]:
    """One line for each pipeline, then why some are not healthy."""
    if not data.pipelines:
        yield Line(f"Environment {data.environment} has no pipelines.")
        return
    yield from table_lines(_STATUS_COLUMNS, [(_status_row(each), _style(each)) for each in data.pipelines], width)
    yield from _notes((each.last for each in data.pipelines if each.last is not None), width)
    yield Line()
    for each in data.pipelines:
        for problem in each.problems:
            text = f"{each.name}: {problem.message}."
            yield from (Line(line, "red") for line in width.sentence(text, 0, _HANG))
        if each.problems and each.last is not None and each.last.errors:
            yield Line(f"  Run `flowctl runs errors {each.last.id}` to see why.")
    yield Line(_sum(data), "bold")


def _status_row(each: PipelineStatus) -> tuple[str, ...]:
    state = "not applied" if each.state == NOT_APPLIED else each.state
    last = each.last
    numbers = _marked(last) if last is not None else ("", "", "")
    status = _words(last.status) if last is not None else "" if each.state == NOT_APPLIED else "never"
    started = _time(last.begun) if last is not None else ""
    return (each.name, state, status, started, *numbers, _time(each.next_run, ""), _health(each))


def _health(each: PipelineStatus) -> str:
    if each.healthy is None:
        return _UNKNOWN
    if each.healthy:
        return "healthy"
    return "overdue" if each.overdue else "unhealthy"


def _style(each: PipelineStatus) -> str:
    return {None: "dim", True: "", False: "red"}[each.healthy]


def _sum(data: PipelinesStatus) -> str:
    total = len(data.pipelines)
    healthy = sum(each.healthy is True for each in data.pipelines)
    other = total - healthy - data.unhealthy
    pipelines = f"{total} pipeline{'' if total == 1 else 's'}"
    parts = [f"{healthy} healthy", f"{data.unhealthy} unhealthy", f"{other} not judged" if other else ""]
    return f"{pipelines}: {', '.join(part for part in parts if part)}."


def _words(status: RunStatus) -> str:
    return str(status).replace("_", " ")


def _marked(run: Run) -> tuple[str, str, str]:
    """The numbers for a table, with the mark if there is a note about them."""
    mark = _MARK if run.note else ""
    read, written, failed = (number if number == _UNKNOWN else f"{number}{mark}" for number in _numbers(run))
    return read, written, failed


def _numbers(run: Run) -> tuple[str, str, str]:
    records = run.records
    read, written, failed = (
        _UNKNOWN if number is None else f"{number:,}" for number in (records.read, records.written, records.failed)
    )
    return read, written, failed


def _records(run: Run) -> str:
    """The numbers of rows in words; empty if the run tells none."""
    if run.records == Records():
        return ""
    read, written, failed = _numbers(run)
    return f"{read} read, {written} written, {failed} failed"


def _time(moment: int | None, absent: str = _UNKNOWN) -> str:
    return absent if moment is None else rfc3339(moment)


def _duration(run: Run) -> str:
    if run.started_at is None or run.completed_at is None:
        return _UNKNOWN
    seconds = max(run.completed_at - run.started_at, 0) / 1000
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
