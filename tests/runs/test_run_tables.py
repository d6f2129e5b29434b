"""Runs of every status and pipelines of every state, whole, as golden files in each format.

After a change of output run `RENEW_GOLDEN=1 python -m pytest -n 0 tests/runs/test_run_tables.py` and read the
difference.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from run_bodies import body

from flowctl.kinds.flow_runs import run_of
from flowctl.model.health import Thresholds, problems_of
from flowctl.model.rejected_rows import RejectedRow, RunErrors
from flowctl.model.result import Data, Result, Status
from flowctl.model.run_report import MISSING, NOT_APPLIED, PipelinesStatus, PipelineStatus, Problem, Run, Runs, ShownRun
from flowctl.views.formats import Format
from flowctl.views.output import RenderOptions
from flowctl.views.render import render

GOLDEN = Path(__file__).parents[1] / "golden"
_COPIED = {"code": "CONNECTOR-1001-500", "message": "Error occurred at copy activity."}
_PROMOTED = {"code": "CONNECTOR-2001-500", "message": "Error occurred at promotion activity."}
_UNTOLD = dict.fromkeys(("inputRecordCount", "outputRecordCount", "failedRecordCount"), -1)


def _run(number: int, pipeline: str | None, status: str, **members: Any) -> Run:
    """A run as it is read of a body that Flow Service returns."""
    run_id = f"22222222-aaaa-4bbb-8ccc-00000000000{number}"
    return replace(run_of({**body(status, **members), "id": run_id}), pipeline=pipeline)


def _counts(read: int, written: int, failed: int) -> dict[str, Any]:
    return {"inputRecordCount": read, "outputRecordCount": written, "failedRecordCount": failed}


def _promotion(batch: str, **status: Any) -> dict[str, Any]:
    target = {"type": "TargetConnection", "reference": {"type": "Batch", "ids": [batch]}}
    return {"id": "promotionActivity", "targetInfo": [target], "statusSummary": status}


PENDING = _run(1, "new-leads", "scheduled", metrics={"durationSummary": {}, "recordSummary": {}})
IN_PROGRESS = _run(
    2,
    "shop-orders",
    "inProgress",
    metrics={"durationSummary": {"startedAtUTC": 1_767_229_200_000}, "recordSummary": {}},
)
SUCCESS = _run(
    3,
    "shop-customers",
    "success",
    metrics={
        "durationSummary": {"startedAtUTC": 1_767_225_600_000, "completedAtUTC": 1_767_233_520_000},
        "recordSummary": _counts(1_250_000, 1_250_000, 0),
    },
    activities=[_promotion("01EF01X41KJD82Y9ZX6ET54PCA")],
)
PARTIAL = _run(
    4,
    "partner-files",
    "success",
    metrics={
        "recordSummary": _counts(100, 99, 1),
        "statusSummary": {"status": "success", "errors": [_PROMOTED]},
    },
    activities=[
        _promotion(
            "01EF01X41KJD82Y9ZX6ET54PCZ",
            status="success",
            extensions={
                "errors": [
                    {"code": "INGEST-1212-400", "message": "Encountered 1 errors in the data."},
                    {"code": "MAPPER-3700-400", "recordCount": 1, "message": "Mapper Transform Error"},
                ]
            },
        )
    ],
)
FAILED = _run(
    5,
    "support-tickets",
    "failed",
    metrics={"recordSummary": _UNTOLD, "statusSummary": {"status": "failed", "errors": [_COPIED]}},
)
CANCELED = _run(6, "old-export", "cancelled", metrics={"recordSummary": _counts(40, 0, 0)})
UNKNOWN = _run(7, None, "exploded", metrics={"recordSummary": _counts(5, 5, 0)})
RUNS = (PENDING, IN_PROGRESS, SUCCESS, PARTIAL, FAILED, CANCELED, UNKNOWN)
_GONE = Problem("missing", "the dataflow is not found on Experience Platform")
_DAY = 1_767_315_600_000


def _status() -> PipelinesStatus:
    """One pipeline for each state and each verdict."""
    limits = Thresholds(min_records=50)

    def judged(run: Run, **members: Any) -> PipelineStatus:
        problems = tuple(problems_of(run, limits, overdue_since=members.pop("since", None)))
        return PipelineStatus(
            name=str(run.pipeline), state="enabled", last=run, healthy=not problems, problems=problems, **members
        )

    return PipelinesStatus(
        pipelines=(
            judged(CANCELED),
            PipelineStatus(name="gone", state=MISSING, healthy=False, problems=(_GONE,)),
            PipelineStatus(name="new-leads", state="enabled", next_run=_DAY, healthy=True),
            PipelineStatus(name="not-yet", state=NOT_APPLIED),
            judged(PARTIAL, next_run=_DAY),
            judged(SUCCESS, next_run=_DAY, overdue=True, since=_DAY - 86_400_000),
            PipelineStatus(name="shop-orders", state="disabled", last=IN_PROGRESS),
            judged(FAILED, next_run=_DAY),
        ),
        environment="dev",
    )


def _errors() -> RunErrors:
    rows = [
        RejectedRow(file="conversion_errors_0.json", codes=("MAPPER-3700-400",), columns=("id", "email"), values=None),
        RejectedRow(
            file="conversion_errors_0.json", codes=("1401", "1555"), columns=("id",), values={"id": "7", "email": None}
        ),
    ]
    return RunErrors(run=PARTIAL, errors=list(PARTIAL.errors), rows=rows, folder="rejected", written=1)


CASES: dict[str, tuple[str, Data, Status]] = {
    "runs-list": ("runs list", Runs(runs=RUNS, environment="dev"), Status.OK),
    "runs-show": ("runs show", ShownRun(run=PARTIAL, environment="dev"), Status.OK),
    "runs-show-failed": ("runs show", ShownRun(run=FAILED, environment="dev"), Status.OK),
    "runs-errors": ("runs errors", _errors(), Status.OK),
    "status": ("status", _status(), Status.OK),
    "runs-check": ("runs check", _status(), Status.UNHEALTHY),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("form", ["text", "json", "markdown", "junit"])
def test_what_is_printed(name: str, form: str) -> None:
    command, data, status = CASES[name]
    chosen = Format(form)
    if not chosen.is_of(command):
        pytest.skip(f"{command} has no format {form}")
    output = render(Result(command=command, data=data, status=status), chosen, RenderOptions())
    text = output.text or "".join(f"{line.text}\n" for line in output.lines)
    path = GOLDEN / f"{name}.{form}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_status_is_among_them() -> None:
    assert {run.status for run in RUNS} == {"pending", "in_progress", "success", "partial", "failed", "canceled"}
