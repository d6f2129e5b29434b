"""Data Access: the rows that were rejected from a batch, as lists of files and as files of JSON lines.

Shape: Adobe docs, error diagnostics of ingestion; names: the official description and the links of runs, which spell
that of the samples differently. The rows of a run that reads files are those that it rejected, the others are made up.
They are kept only if the flow has `errorDiagnosticsEnabled`, and for 30 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flowctl.emulator.ingestion.batch_files import errors_folder
from flowctl.emulator.json_text import dump
from flowctl.emulator.message import Reply
from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.export_files import list_batch_files, page_of, preview_dataset, read_failed, read_file
from flowctl.emulator.services.export_inputs import PATH as INPUT_FILES
from flowctl.emulator.services.export_inputs import listed, metadata, names_of
from flowctl.emulator.services.flow_service.kinds import FLOW
from flowctl.emulator.services.flow_service.real_runs import reads_files
from flowctl.emulator.services.refusals import GENERIC, bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call

KEPT_MS = 30 * 86_400_000
ROWS_OF_A_FILE = 40
LARGEST_PAGE = 100
FOLDER = "row_errors"
SAMPLES = ("row_errors_sample.json", "row_error_samples.json")
ROWS_OF_SAMPLES = 100


def read_meta(call: Call) -> Reply:
    """List the files of rejected rows, or return one. Refuses an unknown or expired batch and an unknown path (404)."""
    stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, call.parameters["id"])
    if stored is None:
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    batch = stored.value()
    if call.now_ms - batch["created"] > KEPT_MS:
        raise not_found(f"The diagnostics of the batch {batch['id']} are no longer kept.")
    files = _files(call, batch)
    if call.incoming.query.get("path") == INPUT_FILES:
        start, limit = page_of(call)
        inputs = [listed(call, batch["id"], name) for name in names_of(call, batch["id"])[start : start + limit]]
        return Reply(body={"data": inputs, "_page": {"limit": limit, "count": len(inputs)}})
    folder, _, name = call.incoming.query.get("path", FOLDER).partition("/")
    if folder == INPUT_FILES and name in names_of(call, batch["id"]):
        return Reply(text=metadata(name))
    if folder in SAMPLES and not name:
        return Reply(text=_samples(files))
    if folder != FOLDER or (name and name not in files):
        raise not_found(f"The path {call.incoming.query.get('path')} is not found.")
    if name:
        return Reply(text=files[name].text())
    start, limit = (_number(call, key, default) for key, default in (("start", 0), ("limit", LARGEST_PAGE)))
    page = list(files)[start : start + min(limit, LARGEST_PAGE)]
    data = [_entry(call, batch["id"], name, files[name].length) for name in page]
    return Reply(body={"data": data, "_page": {"limit": limit, "count": len(data)}})


@dataclass(frozen=True, slots=True)
class _File:
    """A file of rejected rows: its length, and what reads it."""

    length: int
    text: Callable[[], str]


def _files(call: Call, batch: dict[str, Any]) -> dict[str, _File]:
    """Return the files of a batch by their names, in the order of their numbers."""
    folder = errors_folder(call.platform.data_dir, call.caller.scope, batch["id"])
    if folder.is_dir():
        paths = sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name))
        return {path.name: _File(path.stat().st_size, partial(path.read_text, encoding="utf-8")) for path in paths}
    if not _keeps_rows(call, batch) or any(reads_files(call, run_id) for run_id in batch["tags"].get("flowRunId", [])):
        return {}
    refused = range(1, int(batch["failedRecordCount"]) + 1)
    texts = [
        "".join(_row(row) for row in refused[begin : begin + ROWS_OF_A_FILE])
        for begin in range(0, len(refused), ROWS_OF_A_FILE)
    ]
    return {
        f"conversion_errors_{number}.json": _File(len(text), partial(str, text)) for number, text in enumerate(texts)
    }


def _samples(files: dict[str, _File]) -> str:
    """Return the first rejected rows."""
    first = next(iter(files.values()), None)
    return "".join(first.text().splitlines(keepends=True)[:ROWS_OF_SAMPLES]) if first else ""


def _keeps_rows(call: Call, batch: dict[str, Any]) -> bool:
    for flow_id in batch["tags"].get("flowId", []):
        flow = call.platform.objects.get(call.caller.scope, FLOW.name, flow_id)
        options = flow.value().get("options") or {} if flow else {}
        if str(options.get("errorDiagnosticsEnabled", False)).lower() == "true":
            return True
    return False


def _row(number: int) -> str:
    error = {"code": "MAPPER-3700-400", "message": f"Mapper Transform Error: made up for row {number}"}
    return dump({"id": f"made up {number}", "_errors": [error], "_filename": "part-0.csv"}) + "\n"


def _entry(call: Call, batch_id: str, name: str, length: int) -> dict[str, Any]:
    path = quote(f"{FOLDER}/{name}", safe="")
    href = f"{call.incoming.base_url.rstrip('/')}/data/foundation/export/batches/{batch_id}/meta?path={path}"
    return {"name": name, "length": str(length), "_links": {"self": {"href": href}}}


def _number(call: Call, key: str, default: int) -> int:
    text = call.incoming.query.get(key, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(f"The query parameter {key} is a number.")
    return int(text)


EXPORT = Service(
    prefix="/data/foundation/export",
    operations=(
        Operation("GET", "/batches/{id}/meta", read_meta),
        Operation("GET", "/batches/{id}/files", list_batch_files),
        Operation("GET", "/batches/{id}/failed", read_failed),
        Operation("GET", "/datasets/{id}/preview", preview_dataset),
        Operation("GET", "/files/{id}", read_file),
        Operation("HEAD", "/files/{id}", read_file),
    ),
    refusals=GENERIC,
)
