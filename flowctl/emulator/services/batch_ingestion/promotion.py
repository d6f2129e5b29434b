"""What ends a batch of files: its records are written or removed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flowctl.emulator.ingestion.batch_files import remove_batch, uploads_folder
from flowctl.emulator.ingestion.source_error import COPY
from flowctl.emulator.ingestion.source_files import SourceFile
from flowctl.emulator.ingestion.window import Progress, Window
from flowctl.emulator.ingestion.work import Ingestion
from flowctl.emulator.scheduler_call import scheduler_call
from flowctl.emulator.services.batch_ingestion.formats import row_format
from flowctl.emulator.services.batch_ingestion.requests import dataset_of
from flowctl.emulator.services.batch_ingestion.store import store_batch
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.data_prep.destinations import schema_fields
from flowctl.emulator.services.export_inputs import keep_names
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.uploads import PROMOTION, file_of, forget_promotion, forget_uploads, uploads_of

if TYPE_CHECKING:
    from flowctl.emulator.ingestion.work import Ingested
    from flowctl.emulator.message import Call
    from flowctl.emulator.platform import Platform

_NO_DATASET = "The dataset is no longer there."


def promote(call: Call, batch: dict[str, Any]) -> dict[str, Any]:
    """Let the worker make records of the files of a batch, and return it as it is now, in work.

    Refuses a batch with a file whose upload has not ended, or without a format (400).
    """
    if "inputFormat" not in batch:
        raise bad_request(f"The batch {batch['id']} has no inputFormat.")
    waiting = [upload["path"] for upload in uploads_of(call, batch["id"]) if not upload["isComplete"]]
    if waiting:
        raise bad_request(f"The upload of the file {waiting[0]} has not ended.")
    forget_promotion(call, batch["id"])
    keep_names(call, batch["id"], [upload["path"] for upload in uploads_of(call, batch["id"])])
    scope, id_ = call.caller.scope, secrets.token_hex(16)
    call.platform.objects.insert(scope, PROMOTION, id_, {}, etag="", created=call.now_ms, name=batch["id"])
    call.platform.worker.add(scope, id_, is_promotion=True)
    status = "processing" if call.platform.settings.uploads == "description" else "staging"
    return store_batch(call, batch | {"status": status, "started": call.now_ms})


def interrupted(platform: Platform) -> list[tuple[int, str]]:
    """Return the promotions that have not ended, with the scope of their sandbox."""
    rows = platform.database.connection.execute(
        "SELECT scope, id FROM object WHERE kind = ? ORDER BY seq", (PROMOTION,)
    )
    return [(int(scope), str(id_)) for scope, id_ in rows]


def prepared(platform: Platform, scope: int, promotion_id: str) -> Ingestion | None:
    """Return what it takes to make records of a batch.

    Return None if it is gone or has ended, or if its dataset is gone, which then fails it.
    """
    found = _promoted(platform, scope, promotion_id)
    if found is None:
        return None
    call, batch = found
    dataset = platform.objects.get(scope, "dataSet", dataset_of(batch))
    if dataset is None:
        with platform.database.writing():
            _fail(call, batch, _NO_DATASET)
        return None
    return _work(call, promotion_id, batch, dataset.value())


def finish(platform: Platform, scope: int, promotion_id: str, work: Ingestion, ingested: Ingested) -> None:
    """End a batch with what became of its files. Its predecessors are withdrawn if it succeeded.

    Of a batch that is gone or was given up, or whose dataset is gone, nothing is placed.
    """
    found = _promoted(platform, scope, promotion_id)
    if found is None:
        return
    call, batch = found
    if dataset_of(batch) != work.dataset_id or platform.objects.get(scope, "dataSet", work.dataset_id) is None:
        _fail(call, batch, _NO_DATASET)
        return
    ingested.place(work)
    batch = store_batch(call, batch | _outcome(ingested, batch["started"], call.now_ms))
    forget_promotion(call, batch["id"])
    if batch["status"] == "success":
        for id_ in batch.get("replay", {}).get("predecessors", []):
            stored = platform.objects.get(scope, batch_store.KIND, id_)
            if stored is not None:
                withdraw(call, stored.value())
        forget_uploads(call, batch["id"])


def fail(platform: Platform, scope: int, promotion_id: str, why: str) -> None:
    """Fail a batch whose files are yet to become records, because the emulator failed."""
    found = _promoted(platform, scope, promotion_id)
    if found is not None:
        _fail(*found, why)


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


def _promoted(platform: Platform, scope: int, promotion_id: str) -> tuple[Call, dict[str, Any]] | None:
    """Return a call for a promotion that has not ended, and its batch; None if the batch was deleted or given up."""
    sandbox = platform.directory.sandbox_of(scope)
    promotion = platform.objects.get(scope, PROMOTION, promotion_id)
    if sandbox is None or promotion is None:
        return None
    stored = platform.objects.get(scope, batch_store.KIND, str(promotion.name))
    batch = stored.value() if stored else None
    call = scheduler_call(platform, sandbox)
    if batch is None or batch["status"] not in batch_store.IN_WORK:
        with platform.database.writing():
            forget_promotion(call, str(promotion.name))
        return None
    return call, batch


def _fail(call: Call, batch: dict[str, Any], why: str) -> None:
    forget_promotion(call, batch["id"])
    error = {"code": COPY, "description": why}
    store_batch(call, batch | {"status": "failed", "errors": [error], "completed": call.now_ms})


def _work(call: Call, promotion_id: str, batch: dict[str, Any], dataset: dict[str, Any]) -> Ingestion:
    dataset_id, platform = dataset_of(batch), call.platform
    form = row_format(batch["inputFormat"])
    percent = batch.get("partialIngestionPercentage")
    return Ingestion(
        run_id=promotion_id,
        batch_id=batch["id"],
        dataset_id=dataset_id,
        data=platform.data_dir,
        folder=uploads_folder(platform.data_dir, batch["id"]),
        is_files=True,
        params={},
        data_format="",
        properties={},
        mapping_set=None,
        schema=schema_fields(call, str((dataset.get("schemaRef") or {}).get("id"))),
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
    """Return the outcome of a batch that has ended. Adobe's pages have two names for each count; it has both."""
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
