"""Uploading the files of a batch: small ones at once, large ones in parts."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from flowctl.emulator.errors import problem
from flowctl.emulator.message import Reply
from flowctl.emulator.services.batch_ingestion.requests import (
    action_of,
    batch_of_dataset,
    check_loading,
    check_media_type,
)
from flowctl.emulator.services.refusals import bad_request, not_found
from flowctl.emulator.services.uploads import (
    file_of,
    find_upload,
    merged_ranges,
    shown,
    store_upload,
    uploads_of,
    write_part,
    write_whole,
)

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

OCTETS = "application/octet-stream"
LARGEST_FILE = 256 * 1024 * 1024
LARGEST_PART = 512_000_000
LARGEST_BATCH = 1_000_000_000_000
MOST_FILES = 1500
_RANGE = re.compile(r"(?:bytes[ =])?\s*(\d{1,15})-(\d{1,15})(?:/(?:\*|(\d{1,15})))?\Z", re.ASCII)


def upload(call: Call) -> Reply:
    """Store a whole file: 201, or 200 if it replaces one; with the setting `uploads` 200 in both cases."""
    check_loading(batch_of_dataset(call))
    check_media_type(call, OCTETS)
    content = call.incoming.body
    if len(content) > LARGEST_FILE:
        raise problem(413, "PayloadTooLarge", f"A file above {LARGEST_FILE} bytes is uploaded in parts.")
    before = find_upload(call)
    _check_number(call, before)
    stored = store_upload(call, is_complete=True, ranges=[[0, len(content)]])
    write_whole(file_of(call, stored), content)
    return Reply(201 if before is None and call.platform.settings.uploads == "description" else 200)


def act(call: Call) -> Reply:
    """Begin a large file (`INITIALIZE`) or end it (`COMPLETE`): 200, or 201 with the setting `uploads`.

    Refuses the end of a file that has not begun (404), is complete, or has holes (400).
    """
    check_loading(batch_of_dataset(call))
    before = find_upload(call)
    if action_of(call, ("INITIALIZE", "COMPLETE")) == "INITIALIZE":
        _check_number(call, before)
        stored = store_upload(call, is_complete=False, ranges=[])
        write_whole(file_of(call, stored), b"")
    else:
        stored = _begun(call, before)
        if len(stored["ranges"]) > 1 or (stored["ranges"] and stored["ranges"][0][0]):
            raise bad_request(f"Parts of the file {stored['path']} are missing.")
        stored = store_upload(call, is_complete=True, ranges=stored["ranges"])
    status = 200 if call.platform.settings.uploads == "description" else 201
    return Reply(status, shown(stored))


def upload_part(call: Call) -> Reply:
    """Store a part of a large file at the place that `Content-Range` names: 200 with the file so far.

    Refuses a file that has not begun (404) or is complete, a range that is not that of the body (400), and one that
    ends beyond 1 TB (413, Adobe docs: guardrails of ingestion).
    """
    check_loading(batch_of_dataset(call))
    check_media_type(call, OCTETS)
    before = _begun(call, find_upload(call))
    begin, end = _range(call)
    if end - begin != len(call.incoming.body):
        raise bad_request("The Content-Range has another length than the body.")
    write_part(file_of(call, before), begin, call.incoming.body)
    stored = store_upload(call, is_complete=False, ranges=merged_ranges(before["ranges"], begin, end))
    return Reply(200, shown(stored), headers=_arrived(stored))


def read_range(call: Call) -> Reply:
    """Return in `Range` which bytes of a file have arrived without a gap. Refuses an unknown file (404)."""
    batch_of_dataset(call)
    stored = find_upload(call)
    if stored is None:
        raise not_found(f"The file {call.parameters['path']} is not found.")
    return Reply(headers=_arrived(stored))


def _begun(call: Call, before: dict[str, Any] | None) -> dict[str, Any]:
    if before is None:
        raise not_found(f"The file {call.parameters['path']} is not found. Its upload begins with INITIALIZE.")
    if before["isComplete"]:
        raise bad_request(f"The file {before['path']} is complete.")
    return before


def _check_number(call: Call, before: dict[str, Any] | None) -> None:
    """Refuse one file too many (Adobe docs: at most 1,500 files in a batch)."""
    if before is None and len(uploads_of(call, call.parameters["id"])) >= MOST_FILES:
        raise bad_request(f"A batch has at most {MOST_FILES} files.")


def _range(call: Call) -> tuple[int, int]:
    match = _RANGE.match(call.incoming.headers.get("content-range", "").strip())
    if match is None or not int(match[1]) <= int(match[2]) < int(match[3] or sys.maxsize):
        raise bad_request("The header Content-Range is `bytes FIRST-LAST/TOTAL`.")
    if int(match[2]) >= LARGEST_BATCH:
        raise problem(413, "PayloadTooLarge", "A batch has at most 1 TB.")
    return int(match[1]), int(match[2]) + 1


def _arrived(stored: dict[str, Any]) -> dict[str, str]:
    ranges = stored["ranges"]
    return {"Range": f"bytes=0-{ranges[0][1] - 1}"} if ranges and not ranges[0][0] and ranges[0][1] else {}
