"""Data Access: the files with the records of a batch, those that failed, and their content.

Shape: Data Access description, and Adobe docs, data-access/tutorials/dataset-data.md.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flowctl.emulator.errors import problem
from flowctl.emulator.message import Reply
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.catalog.dataset_files import DatasetFile, files_of_batch, paths_of_dataset
from flowctl.emulator.services.refusals import bad_request, not_found
from flowctl.emulator.services.uploads import file_of, size_of, uploads_of
from flowctl.row_files.row import ParquetMissing
from flowctl.row_files.row_format import RowFormat
from flowctl.row_files.rows import rows as read_rows

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

LARGEST_PAGE = 100
ROWS_OF_PREVIEW = 100
FAILED = frozenset({"failed", "failure"})
_TYPES = {".parquet": "application/parquet", ".ndjson": "application/json"}
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})\Z")


def list_batch_files(call: Call) -> Reply:
    """List the files of a batch. Refuses an unknown batch (404)."""
    stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, call.parameters["id"])
    if stored is None:
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    start, limit = page_of(call)
    page = list(files_of_batch(call, stored.value()))[start : start + limit]
    return Reply(body={"data": [_listed(call, file) for file in page], "_page": {"limit": limit, "count": len(page)}})


def read_file(call: Call) -> Reply:
    """Return what a file ID stands for, or with `path` the bytes of the file or a range of them (206, else 416)."""
    file = _find(call)
    name = call.incoming.query.get("path")
    if name is None:
        start, limit = page_of(call)
        size, href = str(file.path.stat().st_size), f"{_address(call, file)}?path={quote(file.path.name)}"
        data = [{"name": file.path.name, "length": size, "_links": {"self": {"href": href}}}][start : start + limit]
        return Reply(body={"data": data, "_page": {"limit": limit, "count": len(data)}})
    if name != file.path.name:
        raise not_found(f"The path {name} is not found.")
    content = file.path.read_bytes()
    media_type, headers = _TYPES.get(file.path.suffix, "application/octet-stream"), {"Accept-Ranges": "bytes"}
    wanted = _RANGE.match(call.incoming.headers.get("range", ""))
    if wanted is None:
        return Reply(raw=content, headers=headers, media_type=media_type)
    first, last = int(wanted[1]), min(int(wanted[2] or len(content)), len(content) - 1)
    if first > last:
        unsatisfied = {"Content-Range": f"bytes */{len(content)}"}
        raise problem(416, "RangeNotSatisfiableError", "The range is not one of the file.", unsatisfied)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, raw=content[first : last + 1], headers=headers, media_type=media_type)


def read_failed(call: Call) -> Reply:
    """List the uploaded files of a failed batch, or with `path` return the bytes of one.

    Refuses an unknown batch and an unknown file (404).
    """
    stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, call.parameters["id"])
    if stored is None:
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    failed = uploads_of(call, stored.id) if stored.value()["status"] in FAILED else []
    name = call.incoming.query.get("path")
    if name is not None:
        file = next((file_of(call, upload) for upload in failed if upload["path"] == name), None)
        if file is None:
            raise not_found(f"The path {name} is not found.")
        return Reply(raw=file.read_bytes(), media_type="application/octet-stream")
    start, limit = page_of(call)
    base = f"{call.incoming.base_url}/data/foundation/export/batches/{stored.id}/failed?path="
    data = [
        {
            "name": upload["path"],
            "length": str(size_of(upload)),
            "_links": {"self": {"href": base + quote(upload["path"], safe="")}},
        }
        for upload in failed[start : start + limit]
    ]
    return Reply(body={"data": data, "_page": {"limit": limit, "count": len(data)}})


def preview_dataset(call: Call) -> Reply:
    """Return the first 100 records of a dataset. Refuses an unknown dataset (404)."""
    rows: list[object] = []
    for path in paths_of_dataset(call):
        form = RowFormat(form="parquet" if path.suffix == ".parquet" else "ndjson")
        try:
            rows += (row.values for row in islice(read_rows(path, form), ROWS_OF_PREVIEW - len(rows)))
        except ParquetMissing as error:
            raise bad_request("Parquet files need the package duckdb.") from error
    return Reply(body={"data": rows})


def page_of(call: Call) -> tuple[int, int]:
    """Return start and limit of a list, by default 0 and 100. Refuses what is not a number (400)."""
    texts = {name: call.incoming.query.get(name, default) for name, default in (("start", "0"), ("limit", "100"))}
    for name, text in texts.items():
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise bad_request(f"The query parameter {name} is a number.")
    return int(texts["start"]), min(int(texts["limit"]), LARGEST_PAGE)


def _find(call: Call) -> DatasetFile:
    id_ = call.parameters["id"]
    stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, id_.rpartition("-")[0])
    found = (file for file in files_of_batch(call, stored.value()) if file.id == id_) if stored else iter(())
    file = next(found, None)
    if file is None:
        raise not_found(f"The file {id_} is not found.")
    return file


def _address(call: Call, file: DatasetFile) -> str:
    return f"{call.incoming.base_url}/data/foundation/export/files/{file.id}"


def _listed(call: Call, file: DatasetFile) -> dict[str, Any]:
    shown = file.shown()
    return {
        "dataSetFileId": file.id,
        "dataSetViewId": file.view_id,
        "version": shown["version"],
        "created": str(shown["created"]),
        "updated": str(shown["updated"]),
        "size": str(file.path.stat().st_size),
        "isValid": True,
        "_links": {"self": {"href": _address(call, file)}},
    }
