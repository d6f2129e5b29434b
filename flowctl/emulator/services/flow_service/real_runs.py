"""Runs that read files: which ones do, what a run needs to know before it starts, and what it leaves at its end."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.identifiers import new_etag
from flowctl.emulator.ingestion.source_error import COPY
from flowctl.emulator.ingestion.window import Progress, Window
from flowctl.emulator.ingestion.work import Ingested, Ingestion
from flowctl.emulator.scheduler_call import scheduler_call
from flowctl.emulator.services.data_prep.destinations import schema_fields
from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, RUN, SOURCE_CONNECTION
from flowctl.emulator.services.flow_service.run_results import PROMOTION_ERROR, Ended, dataset_of, end_run
from flowctl.emulator.services.flow_service.schedule import as_boolean, as_integer

if TYPE_CHECKING:
    from pathlib import Path

    from flowctl.emulator.message import Call
    from flowctl.emulator.platform import Platform

WORK: Final = "runWork"
PROGRESS: Final = "sourceProgress"
"""Kinds of what only the emulator knows: what a run is to do, and what the runs of a flow have read."""


def source_folder(call: Call, flow: dict[str, Any]) -> Path | None:
    """Return the folder that stands for the source of a flow, or None if its numbers are made up."""
    source = _object(call, SOURCE_CONNECTION.name, flow["sourceConnectionIds"][0])
    if source is None:
        return None
    base = _object(call, CONNECTION.name, source.get("baseConnectionId")) or {}
    spec = call.platform.library.connection_spec(source["connectionSpec"]["id"]) or {}
    return folder_of(call, base, spec)


def folder_of(call: Call, base: dict[str, Any], spec: dict[str, Any]) -> Path | None:
    """Return the folder that stands for a base connection, or for the source of a connection spec without one."""
    names = (base.get("id"), base.get("name"), spec.get("name"))
    return call.platform.sources.folder([str(name) for name in names if name])


def begin(call: Call, run: dict[str, Any], predecessor: str | None) -> None:
    """Note what a new run is to do, and let the worker do it."""
    failed = _object(call, WORK, predecessor) if predecessor else None
    work = {"batchId": secrets.token_hex(16), "lookedAt": failed["lookedAt"] if failed else time.time_ns()}
    call.platform.objects.insert(
        call.caller.scope, WORK, run["id"], work | {"isAgain": failed is not None}, etag="", created=call.now_ms
    )
    call.platform.worker.add(call.caller.scope, run["id"])


def reads_files(call: Call, run_id: str) -> bool:
    """Whether a run reads files, and has no made-up numbers."""
    return _object(call, WORK, run_id) is not None


def interrupted(platform: Platform) -> list[tuple[int, str]]:
    """Return the runs that have begun to read files and have not ended, with the scope of their sandbox."""
    rows = platform.database.connection.execute(
        "SELECT run.scope, run.id FROM object AS run JOIN object AS work USING (scope, id) "
        "WHERE run.kind = ? AND work.kind = ? "
        "AND json_extract(run.body, '$.metrics.statusSummary.status') = 'inProgress' ORDER BY run.seq",
        (RUN.name, WORK),
    )
    return [(int(scope), str(id_)) for scope, id_ in rows]


def prepared(platform: Platform, scope: int, run_id: str) -> Ingestion | None:
    """Return what a run needs to know; None if it has ended, or if what it needs is gone, which then fails it."""
    sandbox = platform.directory.sandbox_of(scope)
    call = scheduler_call(platform, sandbox) if sandbox else None
    run, work = (_object(call, kind, run_id) if call else None for kind in (RUN.name, WORK))
    if call is None or run is None or work is None or run["metrics"]["statusSummary"]["status"] != "inProgress":
        return None
    flow = _object(call, FLOW.name, run["flowId"])
    folder = source_folder(call, flow) if flow else None
    source = _object(call, SOURCE_CONNECTION.name, flow["sourceConnectionIds"][0]) if flow else None
    dataset_id = dataset_of(call, flow) if flow else None
    if flow is None or folder is None or source is None or dataset_id is None:
        gone = "The source folder of the connection" if folder is None else "The flow, its source or its dataset"
        with platform.database.writing():
            _end(call, run, _failed(f"{gone} is no longer there."), work["batchId"])
        return None
    data = source.get("data") or {}
    options = flow.get("options") or {}
    entries = {entry["name"]: entry["params"] for entry in flow.get("transformations") or []}
    mapping_set = _mapping_set(call, entries.get("Mapping"))
    dataset = _object(call, "dataSet", dataset_id) or {}
    schema_id = mapping_set["xdmSchema"] if mapping_set else str((dataset.get("schemaRef") or {}).get("id"))
    return Ingestion(
        run_id=run_id,
        batch_id=work["batchId"],
        dataset_id=dataset_id,
        data=platform.data_dir,
        folder=folder,
        is_files=_reads_files(call, source),
        params=source.get("params") or {},
        data_format=str(data.get("format") or ""),
        properties=data.get("properties") or {},
        mapping_set=mapping_set,
        schema=schema_fields(call, schema_id),
        copy=entries.get("Copy"),
        window=_window(run, flow, work),
        progress=_progress(call, flow["id"]),
        threshold=_threshold(options),
        keeps_rows=bool(as_boolean(options.get("errorDiagnosticsEnabled", False))),
        parquet=platform.settings.recordFormat == "parquet",
        now_ms=platform.clock.now_ms,
        platform_ms=platform.clock.at,
    )


def finish(platform: Platform, scope: int, run_id: str, work: Ingestion, ingested: Ingested) -> None:
    """End a run with what it has ingested; without the run or its dataset, its files are discarded."""
    sandbox = platform.directory.sandbox_of(scope)
    call = scheduler_call(platform, sandbox) if sandbox else None
    run = _object(call, RUN.name, run_id) if call else None
    if call is None or run is None:
        return
    if _object(call, "dataSet", work.dataset_id) is None:
        _end(call, run, _failed("The dataset is no longer there."), work.batch_id)
        return
    ingested.place(work)
    _end(call, run, _ended(work, ingested), work.batch_id)
    if not ingested.is_failed:
        scope_, flow_id, body = scope, run["flowId"], ingested.progress.as_dict()
        if not platform.objects.replace(scope_, PROGRESS, flow_id, body, etag=""):
            platform.objects.insert(scope_, PROGRESS, flow_id, body, etag="", created=call.now_ms)


def fail(platform: Platform, scope: int, run_id: str, why: str) -> None:
    """Fail a run that has not ended, because the emulator failed."""
    sandbox = platform.directory.sandbox_of(scope)
    call = scheduler_call(platform, sandbox) if sandbox else None
    run, work = (_object(call, kind, run_id) if call else None for kind in (RUN.name, WORK))
    if call is not None and run and work and run["metrics"]["statusSummary"]["status"] == "inProgress":
        _end(call, run, _failed(why), work["batchId"])


def _end(call: Call, run: dict[str, Any], ended: Ended, batch_id: str) -> None:
    end_run(call, run, ended, batch_id)
    run["updatedAt"] = call.now_ms
    call.platform.objects.replace(call.caller.scope, RUN.name, run["id"], run, etag=new_etag(call.now_ms), name="")


def _ended(work: Ingestion, ingested: Ingested) -> Ended:
    failure = ingested.failure
    rows = [
        {"code": code, "recordCount": count, "message": ingested.messages[code]}
        for code, count in ingested.errors.most_common()
    ]
    errors = [PROMOTION_ERROR] if rows else []
    if failure is not None:
        errors = [{"code": failure.code, "message": failure.message}]
        rows += [{"code": failure.detail, "recordCount": 0, "message": failure.message}] if failure.detail else []
    if ingested.refused and not work.keeps_rows:
        errors.append(
            {"code": "INGEST-1211-400", "message": "The rejected rows are not kept: error diagnostics are off."}
        )
    return Ended(
        status="failed" if ingested.is_failed else "success",
        read=ingested.read,
        written=ingested.written,
        refused=ingested.refused,
        input_bytes=ingested.input_bytes,
        output_bytes=ingested.output_bytes,
        input_files=ingested.input_files,
        output_files=1 if ingested.written else 0,
        errors=errors,
        row_errors=rows,
        is_copied=failure is None or failure.code != COPY,
        input_names=tuple(ingested.names),
        leaves_batch=ingested.read > 0 and (failure is None or failure.code != COPY),
        keeps_rows=work.keeps_rows and ingested.refused > 0 and failure is None,
    )


def _failed(message: str) -> Ended:
    errors = [{"code": COPY, "message": message}]
    return Ended(
        status="failed",
        read=0,
        written=0,
        refused=0,
        input_bytes=0,
        output_bytes=0,
        input_files=0,
        output_files=0,
        errors=errors,
        is_copied=False,
        leaves_batch=False,
    )


def _object(call: Call, kind: str, id_: object) -> dict[str, Any] | None:
    stored = call.platform.objects.get(call.caller.scope, kind, str(id_)) if id_ else None
    return stored.value() if stored else None


def _reads_files(call: Call, source: dict[str, Any]) -> bool:
    spec = call.platform.library.connection_spec(source["connectionSpec"]["id"]) or {}
    return str(spec.get("sourceSpec", {}).get("type", "")).lower() in ("file", "cloudstorage")


def _mapping_set(call: Call, params: dict[str, Any] | None) -> dict[str, Any] | None:
    if params is None:
        return None
    version = as_integer(params.get("mappingVersion", 0))
    return call.platform.mapping_versions.get(call.caller.scope, str(params.get("mappingId")), version)


def _window(run: dict[str, Any], flow: dict[str, Any], work: dict[str, Any]) -> Window:
    params, schedule = run.get("params") or {}, flow.get("scheduleParams") or {}
    starts_late = schedule.get("frequency") != "once" and as_boolean(schedule.get("backfill", True)) is False
    return Window(
        begin=as_integer(params.get("windowStartTime")),
        end=as_integer(params.get("windowEndTime")),
        is_given="windowStartTime" in params,
        from_start=as_integer(schedule.get("startTime")) if starts_late else None,
        until_ns=work["lookedAt"] if work["isAgain"] else None,
    )


def _progress(call: Call, flow_id: str) -> Progress:
    found = _object(call, PROGRESS, flow_id)
    return Progress(files=found["files"], largest=found["largest"]) if found else Progress()


def _threshold(options: dict[str, Any]) -> float | None:
    try:
        return float(options["partialIngestionPercent"])
    except (KeyError, TypeError, ValueError):
        return None
