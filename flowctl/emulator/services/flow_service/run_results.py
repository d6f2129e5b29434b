"""How a flow run ends: its metrics and activities, the batch it leaves in Catalog, and what the flow shows of it.

Shape: Adobe docs, sources monitoring tutorial. A run that reads files has true numbers. Those of the others are made
up, follow from the setting `runOutcome`, and the run says so.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_etag, new_uuid
from flowctl.emulator.services.catalog.batch_store import add_batch
from flowctl.emulator.services.export_inputs import keep_names
from flowctl.emulator.services.flow_service.kinds import FLOW, TARGET_CONNECTION
from flowctl.emulator.services.flow_service.schedule import as_integer

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

# outcome -> status, records read, records written, records refused
OUTCOMES = {
    "success": ("success", 100, 100, 0),
    "partial": ("success", 100, 97, 3),
    "empty": ("success", 0, 0, 0),
    "failed": ("failed", 100, 0, 100),
}
BYTES_PER_RECORD = 120
PROMOTION_ERROR = {
    "code": "CONNECTOR-2001-500",
    "message": "Error occurred during promotion operations, check the errors of the promotion activity.",
}


def empty_metrics(status: str) -> dict[str, Any]:
    """Return the metrics of a run that has not begun."""
    return {
        "durationSummary": {"startedAtUTC": 0, "completedAtUTC": 0},
        "sizeSummary": {"inputBytes": 0, "outputBytes": 0},
        "recordSummary": {"inputRecordCount": 0, "outputRecordCount": 0, "failedRecordCount": 0},
        "fileSummary": {"inputFileCount": 0, "outputFileCount": 0, "activityRefs": []},
        "statusSummary": {"status": status, "errors": [], "activityRefs": []},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended. `errors` are those of the run, `row_errors` those of rejected rows: code, rows, message."""

    status: str
    read: int
    written: int
    refused: int
    input_bytes: int
    output_bytes: int
    input_files: int
    output_files: int
    errors: list[dict[str, str]] = field(default_factory=list)
    row_errors: list[dict[str, Any]] = field(default_factory=list)
    is_copied: bool = True
    leaves_batch: bool = True
    input_names: tuple[str, ...] = ()
    keeps_rows: bool = True

    @property
    def record_summary(self) -> dict[str, int]:
        """The numbers of records."""
        return {
            "inputRecordCount": self.read,
            "outputRecordCount": self.written,
            "createdRecordCount": self.written,
            "failedRecordCount": self.refused,
        }


def finish_run(call: Call, run: dict[str, Any]) -> None:
    """End a run in place with made-up numbers."""
    status, read, written, refused = OUTCOMES[call.platform.settings.runOutcome]
    rows = [{"code": "MAPPER-3700-400", "recordCount": refused, "message": "Mapper Transform Error"}] if refused else []
    files = 1 if read else 0
    ended = Ended(
        status=status,
        read=read,
        written=written,
        refused=refused,
        input_bytes=read * BYTES_PER_RECORD,
        output_bytes=written * BYTES_PER_RECORD,
        input_files=files,
        output_files=files,
        errors=[PROMOTION_ERROR] if refused else [],
        row_errors=rows,
        leaves_batch=bool(read),
        input_names=("part-0.csv",) if read else (),
    )
    run["numbers"] = "made up: the emulator has no source folder for the connection"
    end_run(call, run, ended, secrets.token_hex(16))


def end_run(call: Call, run: dict[str, Any], ended: Ended, batch_id: str) -> None:
    """End a run in place: metrics, activities, the batch, and the flow's `lastRunDetails` with a new etag."""
    started = run["createdAt"]
    now = max(call.now_ms, started)
    references = ["promotionActivity"] if ended.errors and ended.is_copied else []
    run["metrics"] = {
        "durationSummary": {"startedAtUTC": started, "completedAtUTC": now},
        "sizeSummary": {"inputBytes": ended.input_bytes, "outputBytes": ended.output_bytes},
        "recordSummary": ended.record_summary,
        "fileSummary": {
            "inputFileCount": ended.input_files,
            "outputFileCount": ended.output_files,
            "activityRefs": ["promotionActivity"],
        },
        "statusSummary": {"status": ended.status, "errors": ended.errors, "activityRefs": references},
    }
    stored = call.platform.objects.get(call.caller.scope, FLOW.name, run["flowId"])
    if stored is None:
        run["activities"] = []
        return
    flow = stored.value()
    left = _leave_batch(call, run, flow, ended, batch_id) if ended.leaves_batch else None
    run["activities"] = _activities(run, flow, left, ended)
    details = {"id": run["id"], "state": ended.status, "startedAtUTC": started, "completedAtUTC": now}
    flow |= {"lastRunDetails": details, "updatedAt": now}
    call.platform.objects.replace(call.caller.scope, FLOW.name, stored.id, flow, etag=new_etag(now), name=stored.name)


def dataset_of(call: Call, flow: dict[str, Any]) -> str | None:
    """Return the id of the dataset that a flow writes to, or None if it is gone."""
    target = call.platform.objects.get(call.caller.scope, TARGET_CONNECTION.name, flow["targetConnectionIds"][0])
    params = target.value().get("params", {}) if target else {}
    dataset_id = params.get("dataSetId") or params.get("datasetId")
    if not dataset_id or call.platform.objects.get(call.caller.scope, "dataSet", dataset_id) is None:
        return None
    return str(dataset_id)


def _leave_batch(call: Call, run: dict[str, Any], flow: dict[str, Any], ended: Ended, batch_id: str) -> str | None:
    dataset_id = dataset_of(call, flow)
    if dataset_id is None:
        return None
    numbers = ended.record_summary
    body = {
        "datasetId": dataset_id,
        "externalId": batch_id,
        "inputFormat": {"format": "parquet"},
        "started": run["createdAt"],
        "completed": run["metrics"]["durationSummary"]["completedAtUTC"],
        "status": ended.status,
        "recordCount": ended.written,
        "failedRecordCount": ended.refused,
        "metrics": {key: numbers[key] for key in ("inputRecordCount", "outputRecordCount", "failedRecordCount")},
        "tags": {"flowId": [flow["id"]], "flowRunId": [run["id"]]},
        "errors": [{"code": each["code"], "description": each["message"]} for each in ended.row_errors],
    }
    add_batch(call, batch_id, body)
    keep_names(call, batch_id, ended.input_names)
    return batch_id


def _activities(run: dict[str, Any], flow: dict[str, Any], batch_id: str | None, ended: Ended) -> list[dict[str, Any]]:
    metrics = run["metrics"]
    duration = metrics["durationSummary"]
    extensions: dict[str, Any] = {}
    meta = f"/data/foundation/export/batches/{batch_id}/meta?path="
    is_once = (flow.get("scheduleParams") or {}).get("frequency") == "once"
    if ended.row_errors and batch_id:
        path, samples = f"{meta}row_errors", f"{meta}row_error_samples.json"
        extensions = {"errors": ended.row_errors}
        if ended.keeps_rows:
            extensions["manifest"] = {"failedRecords": path, "sampleErrors": samples}
    source = {"id": flow["sourceConnectionIds"][0], "type": "SourceConnection"}
    target = {"id": flow["targetConnectionIds"][0], "type": "TargetConnection"}
    files = {name: metrics["fileSummary"][name] for name in ("inputFileCount", "outputFileCount")}
    batches = {"type": "Batch", "ids": [batch_id] if batch_id else []}
    return [
        {
            "id": "copyActivity",
            "name": "Copy Activity",
            "updatedAtUTC": duration["completedAtUTC"],
            "durationSummary": {**duration, "extensions": _window(run)},
            "sizeSummary": metrics["sizeSummary"],
            "recordSummary": {},
            "fileSummary": {**files, "extensions": {"manifest": {"fileInfo": f"{meta}input_files"}}}
            if batch_id
            else files,
            "statusSummary": {
                "status": "success" if ended.is_copied else "failed",
                "errors": [] if ended.is_copied else ended.errors,
                "extensions": {"type": "one-time" if is_once else "recurring"},
            },
            "sourceInfo": [source | {"reference": {"type": "AdfRunId", "ids": [new_uuid()]}}],
        },
        {
            "id": "promotionActivity",
            "name": "Promotion Activity",
            "updatedAtUTC": duration["completedAtUTC"],
            "durationSummary": duration,
            "sizeSummary": metrics["sizeSummary"],
            "recordSummary": metrics["recordSummary"],
            "fileSummary": files,
            "statusSummary": {
                "status": metrics["statusSummary"]["status"],
                "errors": ended.errors if ended.is_copied else [],
                "extensions": extensions,
            },
            "targetInfo": [target | {"reference": batches}],
        },
    ]


def _window(run: dict[str, Any]) -> dict[str, int]:
    """Return the window of a run in milliseconds: the one that it was started with, else all time before it."""
    params = run.get("params") or {}
    begin, end = (as_integer(params.get(name)) for name in ("windowStartTime", "windowEndTime"))
    return {"windowStart": (begin or 0) * 1000, "windowEnd": run["createdAt"] if end is None else end * 1000}
