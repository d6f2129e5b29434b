"""Runs and the status of pipelines as documents."""

from collections.abc import Iterable
from typing import Any

from flowctl.model.diagnostic import Diagnostic
from flowctl.model.durations import rfc3339
from flowctl.model.rejected_rows import RunErrors
from flowctl.model.run_report import PipelinesStatus, PipelineStatus, Run, RunError
from flowctl.views.envelope import envelope


def runs_document(runs: Iterable[Run], diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The document of runs."""
    return envelope(runs=[run_members(run) for run in runs], diagnostics=[each.to_json() for each in diagnostics])


def errors_document(data: RunErrors) -> dict[str, Any]:
    """The document of the errors of a run; values of rows are null unless they are to be shown."""
    rows = [
        {"file": row.file, "codes": list(row.codes), "columns": list(row.columns), "values": row.values}
        for row in data.rows
    ]
    return envelope(
        runs=[run_members(data.run)],
        errors=[_error(error) for error in data.errors],
        rows=rows,
        out=data.folder or None,
        written=data.written,
        diagnostics=[],
    )


def status_document(data: PipelinesStatus) -> dict[str, Any]:
    """The document of the status of pipelines."""
    return envelope(
        environment=data.environment,
        pipelines=[_pipeline(each) for each in data.pipelines],
        diagnostics=[each.to_json() for each in data.diagnostics],
    )


def run_members(run: Run) -> dict[str, Any]:
    """The members of one run."""
    return {
        "id": run.id,
        "pipeline": run.pipeline,
        "flowId": run.flow_id,
        "status": str(run.status),
        "startedAt": _time(run.started_at),
        "completedAt": _time(run.completed_at),
        "records": {"read": run.records.read, "written": run.records.written, "failed": run.records.failed},
        "batch": run.batches[0] if run.batches else None,
        "errors": [_error(error) for error in run.errors],
    }


def _error(error: RunError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": error.message,
        "records": error.records,
        "cause": error.cause or None,
        "cure": error.cure or None,
        "source": error.source or None,
    }


def _pipeline(each: PipelineStatus) -> dict[str, Any]:
    return {
        "name": each.name,
        "state": each.state,
        "lastRun": run_members(each.last) if each.last is not None else None,
        "overdue": each.overdue,
        "nextRun": _time(each.next_run),
        "healthy": each.healthy,
        "problems": [{"code": problem.code, "message": problem.message} for problem in each.problems],
    }


def _time(moment: int | None) -> str | None:
    return rfc3339(moment) if moment is not None else None
