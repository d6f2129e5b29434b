"""The files that a client has uploaded for a batch: what is known of each, and where its bytes are kept.

The path that the client chose is a name only: the bytes are in a file whose name is its digest.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition
from flowctl.emulator.ingestion.batch_files import remove_uploads, uploads_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flowctl.emulator.message import Call

KIND = "upload"
PROMOTION = "promotion"
"""The kind of a promotion: the files of a batch are yet to become records. Its name is the ID of the batch. It has its
own ID, so that a promotion that was given up does not affect another batch with the same ID."""


def find_upload(call: Call) -> dict[str, Any] | None:
    """Return the upload of the path's batch, dataset and file, or None."""
    stored = call.platform.objects.get(call.caller.scope, KIND, _id(call.parameters["id"], call.parameters["path"]))
    return stored.value() if stored else None


def store_upload(call: Call, *, is_complete: bool, ranges: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Note what is known of the path's file. `ranges` are the bytes that have arrived, the last one excluded."""
    batch_id, path = call.parameters["id"], call.parameters["path"]
    id_ = _id(batch_id, path)
    upload = {"batchId": batch_id, "path": path, "ranges": ranges, "isComplete": is_complete}
    objects, scope = call.platform.objects, call.caller.scope
    if not objects.replace(scope, KIND, id_, upload, etag="", name=batch_id):
        objects.insert(scope, KIND, id_, upload, etag="", created=call.now_ms, name=batch_id)
    return upload


def uploads_of(call: Call, batch_id: str) -> list[dict[str, Any]]:
    """Return the uploads of a batch in the order of their paths."""
    found = call.platform.objects.select(call.caller.scope, KIND, Condition("name = ?", (batch_id,)))
    return sorted((stored.value() for stored in found), key=lambda upload: str(upload["path"]))


def forget_uploads(call: Call, batch_id: str) -> None:
    """Remove the files of a batch, and what is known of them."""
    forget_promotion(call, batch_id)
    objects, scope = call.platform.objects, call.caller.scope
    for stored in objects.select(scope, KIND, Condition("name = ?", (batch_id,))):
        objects.delete(scope, KIND, stored.id)
    remove_uploads(call.platform.data_dir, batch_id)


def forget_promotion(call: Call, batch_id: str) -> None:
    """Give up the promotion of a batch."""
    objects, scope = call.platform.objects, call.caller.scope
    for stored in objects.select(scope, PROMOTION, Condition("name = ?", (batch_id,))):
        objects.delete(scope, PROMOTION, stored.id)


def file_of(call: Call, upload: dict[str, Any]) -> Path:
    """Return where the bytes of an upload are."""
    return uploads_folder(call.platform.data_dir, upload["batchId"]) / _digest(upload["path"])


def size_of(upload: dict[str, Any]) -> int:
    """Return how many bytes have arrived."""
    return sum(end - begin for begin, end in upload["ranges"])


def shown(upload: dict[str, Any]) -> dict[str, Any]:
    """Return a file as the description has it."""
    return {"name": upload["path"], "sizeInBytes": size_of(upload)}


def write_whole(path: Path, content: bytes) -> None:
    """Put a file into place; one that is there is replaced at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def write_part(path: Path, begin: int, content: bytes) -> None:
    """Write bytes into a file that is there, at a place."""
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def merged_ranges(ranges: Sequence[Sequence[int]], begin: int, end: int) -> list[list[int]]:
    """Return the ranges with one more, those that touch each other as one."""
    merged: list[list[int]] = []
    for first, last in sorted([*map(tuple, ranges), (begin, end)]):
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return merged


def _id(batch_id: str, path: str) -> str:
    return f"{batch_id}/{_digest(path)}"


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()
