"""How a flow run ends: its metrics and activities, the batch it leaves in Catalog, and what the flow shows of it.

Shape: Adobe docs, sources monitoring tutorial. The numbers follow from the setting `runOutcome`.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_etag, new_uuid
from flowctl.emulator.services.catalog.batch_store import add_batch
from flowctl.emulator.services.flow_service.kinds import FLOW, TARGET_CONNECTION

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


def finish_run(call: Call, run: dict[str, Any]) -> None:
    """End a run in place: metrics, activities, the batch, and the flow's `lastRunDetails` with a new etag."""
    status, read, written, refused = OUTCOMES[call.platform.settings.runOutcome]
    now = call.now_ms
    started = run["createdAt"]
    errors = [PROMOTION_ERROR] if refused else []
    files = 1 if read else 0
    references = ["promotionActivity"] if errors else []
    run["metrics"] = {
        "durationSummary": {"startedAtUTC": started, "completedAtUTC": now},
        "sizeSummary": {"inputBytes": read * BYTES_PER_RECORD, "outputBytes": written * BYTES_PER_RECORD},
        "recordSummary": {
            "inputRecordCount": read,
            "outputRecordCount": written,
            "createdRecordCount": written,
            "failedRecordCount": refused,
        },
        "fileSummary": {"inputFileCount": files, "outputFileCount": files, "activityRefs": ["promotionActivity"]},
        "statusSummary": {"status": status, "errors": errors, "activityRefs": references},
    }
    stored = call.platform.objects.get(call.caller.scope, FLOW.name, run["flowId"])
    if stored is None:
        run["activities"] = []
        return
    flow = stored.value()
    batch_id = _leave_batch(call, flow, status, read, written, refused) if read else None
    run["activities"] = _activities(run, flow, batch_id, refused)
    details = {"id": run["id"], "state": status, "startedAtUTC": started, "completedAtUTC": now}
    flow |= {"lastRunDetails": details, "updatedAt": now}
    call.platform.objects.replace(call.caller.scope, FLOW.name, stored.id, flow, etag=new_etag(now), name=stored.name)


def _leave_batch(call: Call, flow: dict[str, Any], status: str, read: int, written: int, refused: int) -> str | None:
    target = call.platform.objects.get(call.caller.scope, TARGET_CONNECTION.name, flow["targetConnectionIds"][0])
    params = target.value().get("params", {}) if target else {}
    dataset_id = params.get("dataSetId") or params.get("datasetId")
    if not dataset_id or call.platform.objects.get(call.caller.scope, "dataSet", dataset_id) is None:
        return None
    errors = [{"code": "MAPPER-3700-400", "description": "Mapper Transform Error"}] if refused else []
    batch_id = secrets.token_hex(16)
    body = {
        "datasetId": dataset_id,
        "status": status,
        "recordCount": written,
        "failedRecordCount": refused,
        "metrics": {"inputRecordCount": read, "outputRecordCount": written, "failedRecordCount": refused},
        "tags": {"flowId": [flow["id"]]},
        "errors": errors,
    }
    add_batch(call, batch_id, body)
    return batch_id


def _activities(run: dict[str, Any], flow: dict[str, Any], batch_id: str | None, refused: int) -> list[dict[str, Any]]:
    metrics = run["metrics"]
    duration = metrics["durationSummary"]
    extensions: dict[str, Any] = {}
    if refused and batch_id:
        path = f"/data/foundation/export/batches/{batch_id}/meta?path=row_errors"
        extensions = {
            "manifest": {"failedRecords": path, "sampleErrors": path.replace("row_errors", "row_error_samples.json")},
            "errors": [{"code": "MAPPER-3700-400", "recordCount": refused, "message": "Mapper Transform Error"}],
        }
    source = {"id": flow["sourceConnectionIds"][0], "type": "SourceConnection"}
    target = {"id": flow["targetConnectionIds"][0], "type": "TargetConnection"}
    batches = {"type": "Batch", "ids": [batch_id] if batch_id else []}
    return [
        {
            "id": "copyActivity",
            "name": "Copy Activity",
            "updatedAtUTC": duration["completedAtUTC"],
            "durationSummary": duration,
            "sizeSummary": metrics["sizeSummary"],
            "recordSummary": {},
            "fileSummary": {"inputFileCount": metrics["fileSummary"]["inputFileCount"]},
            "statusSummary": {"status": "success", "extensions": {}},
            "sourceInfo": [source | {"reference": {"type": "AdfRunId", "ids": [new_uuid()]}}],
        },
        {
            "id": "promotionActivity",
            "name": "Promotion Activity",
            "updatedAtUTC": duration["completedAtUTC"],
            "durationSummary": duration,
            "sizeSummary": metrics["sizeSummary"],
            "recordSummary": metrics["recordSummary"],
            "fileSummary": {"inputFileCount": metrics["fileSummary"]["inputFileCount"]},
            "statusSummary": {"status": metrics["statusSummary"]["status"], "extensions": extensions},
            "targetInfo": [target | {"reference": batches}],
        },
    ]
