"""What ends a batch of files: its records are written or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.ingestion.batch_files import remove_batch, uploads_folder
from flowctl.emulator.ingestion.ingest import ingest
from flowctl.emulator.ingestion.source_files import SourceFile
from flowctl.emulator.ingestion.window import Progress, Window
from flowctl.emulator.ingestion.work import Ingestion
from flowctl.emulator.services.batch_ingestion.formats import row_format
from flowctl.emulator.services.batch_ingestion.requests import dataset_of
from flowctl.emulator.services.batch_ingestion.store import store_batch
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.data_prep.destinations import schema_fields
from flowctl.emulator.services.export_inputs import keep_names
from flowctl.emulator.services.refusals import bad_request, not_found
from flowctl.emulator.services.uploads import file_of, forget_uploads, uploads_of

if TYPE_CHECKING:
    from flowctl.emulator.ingestion.work import Ingested
    from flowctl.emulator.message import Call


def promote(call: Call, batch: dict[str, Any]) -> dict[str, Any]:
    """Make records of the files of a batch, and return it as it ended. Its predecessors are withdrawn.

    Refuses a batch with a file whose upload has not ended, or without a format (400).
    """
    if "inputFormat" not in batch:
        raise bad_request(f"The batch {batch['id']} has no inputFormat.")
    waiting = [upload["path"] for upload in uploads_of(call, batch["id"]) if not upload["isComplete"]]
    if waiting:
        raise bad_request(f"The upload of the file {waiting[0]} has not ended.")
    started = call.now_ms
    keep_names(call, batch["id"], [upload["path"] for upload in uploads_of(call, batch["id"])])
    ended = ingest(_work(call, batch), lambda: False)
    batch = store_batch(call, batch | _outcome(ended, started, call.now_ms))
    if batch["status"] == "success":
        for id_ in batch.get("replay", {}).get("predecessors", []):
            stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, id_)
            if stored is not None:
                withdraw(call, stored.value())
        forget_uploads(call, batch["id"])
    return batch


def withdraw(call: Call, batch: dict[str, Any]) -> dict[str, Any]:
    """Remove the records of a batch, which is inactive from then on. Return it."""
    remove_batch(call.platform.data_dir, dataset_of(batch), batch["id"])
    forget_uploads(call, batch["id"])
    return store_batch(call, batch | {"status": "inactive"})


def given_files(call: Call, batch: dict[str, Any]) -> list[SourceFile]:
    """Return the files of a batch that have arrived whole."""
    found = []
    for upload in uploads_of(call, batch["id"]):
        if upload["isComplete"]:
            path = file_of(call, upload)
            status = path.stat()
            found.append(SourceFile(path, upload["path"], status.st_size, status.st_mtime_ns))
    return found


def _work(call: Call, batch: dict[str, Any]) -> Ingestion:
    dataset_id, platform = dataset_of(batch), call.platform
    dataset = platform.objects.get(call.caller.scope, "dataSet", dataset_id)
    if dataset is None:
        raise not_found(f"The dataset {dataset_id} is not found.")
    form = row_format(batch["inputFormat"])
    percent = batch.get("partialIngestionPercentage")
    return Ingestion(
        run_id=batch["id"],
        batch_id=batch["id"],
        dataset_id=dataset_id,
        data=platform.data_dir,
        folder=uploads_folder(platform.data_dir, batch["id"]),
        is_files=True,
        params={},
        data_format="",
        properties={},
        mapping_set=None,
        schema=schema_fields(call, str((dataset.value().get("schemaRef") or {}).get("id"))),
        copy=None,
        window=Window(),
        progress=Progress(),
        threshold=None if percent is None else float(percent),
        keeps_rows=batch.get("enableErrorDiagnostics", False),
        parquet=platform.settings.recordFormat == "parquet",
        now_ms=platform.clock.now_ms,
        platform_ms=platform.clock.at,
        given=[(file, form) for file in given_files(call, batch)],
    )


def _outcome(ended: Ingested, started: int, completed: int) -> dict[str, Any]:
    """Return what a batch tells of its end. Adobe's pages print the numbers under two names; it has both."""
    errors = [
        {"code": code, "description": ended.messages[code], "recordCount": count}
        for code, count in ended.errors.most_common()
    ]
    if ended.failure is not None:
        errors.append({"code": ended.failure.detail or ended.failure.code, "description": ended.failure.message})
    return {
        "status": "failed" if ended.is_failed else "success",
        "started": started,
        "completed": completed,
        "recordCount": ended.written,
        "failedRecordCount": ended.refused,
        "errors": errors,
        "metrics": {
            "inputFileCount": ended.input_files,
            "inputByteSize": ended.input_bytes,
            "inputRecordCount": ended.read,
            "outputByteSize": ended.output_bytes,
            "outputRecordCount": ended.written,
            "outputFileCount": 1 if ended.written else 0,
            "failedRecordCount": ended.refused,
            "startTime": started,
            "endTime": completed,
            "recordsRead": ended.read,
            "recordsWritten": ended.written,
            **({"failureReason": errors[-1]["description"]} if ended.is_failed and errors else {}),
        },
    }
