"""What ends a batch of files: its records are written or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.ingestion.batch_files import remove_batch, uploads_folder
from flowctl.emulator.ingestion.run_lock import upload_key
from flowctl.emulator.ingestion.source_error import COPY
from flowctl.emulator.ingestion.source_files import SourceFile
from flowctl.emulator.ingestion.window import Progress, Window
from flowctl.emulator.ingestion.work import Ingestion
from flowctl.emulator.scheduler_call import scheduler_call
from flowctl.emulator.services.batch_ingestion.formats import row_format
from flowctl.emulator.services.batch_ingestion.requests import dataset_of
from flowctl.emulator.services.batch_ingestion.store import store_batch
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.catalog.batch_store import PROCESSING
from flowctl.emulator.services.data_prep.destinations import schema_fields
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.uploads import file_of, forget_uploads, uploads_of

if TYPE_CHECKING:
    from flowctl.emulator.ingestion.work import Ingested
    from flowctl.emulator.message import Call
    from flowctl.emulator.platform import Platform


PROMOTION: Final = "promotion"
"""The kind of what only the emulator knows: a batch whose files are yet to become records."""


def promote(call: Call, batch: dict[str, Any]) -> dict[str, Any]:
    """Let the worker make records of the files of a batch, and return it as it is now, `processing`.

    Refuses a batch with a file whose upload has not ended, or without a format (400).
    """
    if "inputFormat" not in batch:
        raise bad_request(f"The batch {batch['id']} has no inputFormat.")
    waiting = [upload["path"] for upload in uploads_of(call, batch["id"]) if not upload["isComplete"]]
    if waiting:
        raise bad_request(f"The upload of the file {waiting[0]} has not ended.")
    call.platform.objects.delete(call.caller.scope, PROMOTION, batch["id"])
    call.platform.objects.insert(call.caller.scope, PROMOTION, batch["id"], {}, etag="", created=call.now_ms)
    call.platform.worker.add(call.caller.scope, batch["id"], is_upload=True)
    return store_batch(call, batch | {"status": PROCESSING, "started": call.now_ms})


def interrupted(platform: Platform) -> list[tuple[int, str]]:
    """Return the batches whose files are yet to become records, with the scope of their sandbox."""
    rows = platform.database.connection.execute(
        "SELECT scope, id FROM object WHERE kind = ? ORDER BY seq", (PROMOTION,)
    )
    return [(int(scope), str(id_)) for scope, id_ in rows]


def prepared(platform: Platform, scope: int, batch_id: str) -> Ingestion | None:
    """Return what it takes to make records of a batch.

    Return None if it is gone or has ended, or if its dataset is gone, which then fails it.
    """
    call, batch = _promoted(platform, scope, batch_id)
    if call is None:
        return None
    dataset = platform.objects.get(scope, "dataSet", dataset_of(batch)) if batch else None
    if batch is None or dataset is None:
        with platform.database.writing():
            _end(call, batch_id, batch)
        return None
    return _work(call, batch, dataset.value())


def finish(platform: Platform, scope: int, batch_id: str, work: Ingestion, ingested: Ingested) -> None:
    """End a batch with what became of its files. Its predecessors are withdrawn if it succeeded.

    The records of a batch that is gone, or whose dataset is, are removed.
    """
    call, batch = _promoted(platform, scope, batch_id)
    if call is None or batch is None or platform.objects.get(scope, "dataSet", work.dataset_id) is None:
        remove_batch(work.data, work.dataset_id, work.batch_id)
        if call is not None:
            _end(call, batch_id, batch)
        return
    batch = store_batch(call, batch | _outcome(ingested) | {"completed": call.now_ms})
    platform.objects.delete(scope, PROMOTION, batch_id)
    if batch["status"] == "success":
        for id_ in batch.get("replay", {}).get("predecessors", []):
            stored = platform.objects.get(scope, batch_store.KIND, id_)
            if stored is not None:
                withdraw(call, stored.value())
        forget_uploads(call, batch_id)


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


def _promoted(platform: Platform, scope: int, batch_id: str) -> tuple[Call | None, dict[str, Any] | None]:
    """Return a call for a promotion that has not ended, and its batch unless that is gone or was changed."""
    sandbox = platform.directory.sandbox_of(scope)
    if sandbox is None or platform.objects.get(scope, PROMOTION, batch_id) is None:
        return None, None
    stored = platform.objects.get(scope, batch_store.KIND, batch_id)
    batch = stored.value() if stored else None
    return scheduler_call(platform, sandbox), batch if batch and batch["status"] == PROCESSING else None


def _end(call: Call, batch_id: str, batch: dict[str, Any] | None) -> None:
    """End a promotion that cannot succeed; a batch that is there has lost its dataset."""
    call.platform.objects.delete(call.caller.scope, PROMOTION, batch_id)
    if batch is not None:
        error = {"code": COPY, "description": "The dataset is no longer there."}
        store_batch(call, batch | {"status": "failed", "errors": [error], "completed": call.now_ms})


def _work(call: Call, batch: dict[str, Any], dataset: dict[str, Any]) -> Ingestion:
    dataset_id, platform = dataset_of(batch), call.platform
    form = row_format(batch["inputFormat"])
    percent = batch.get("partialIngestionPercentage")
    return Ingestion(
        run_id=upload_key(call.caller.scope, batch["id"]),
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


def _outcome(ended: Ingested) -> dict[str, Any]:
    errors = [{"code": code, "description": ended.messages[code]} for code, _ in ended.errors.most_common()]
    if ended.failure is not None:
        errors.append({"code": ended.failure.detail or ended.failure.code, "description": ended.failure.message})
    return {
        "status": "failed" if ended.is_failed else "success",
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
        },
    }
