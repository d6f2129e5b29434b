"""A batch as it is stored: its checks, and what its datasets are told of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import dump
from flowctl.emulator.services.catalog import objects
from flowctl.emulator.services.catalog.shapes import check_batch_members
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

KIND = "batch"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
STATUSES = frozenset(
    [
        "processing",
        "success",
        "failure",
        "queued",
        "retrying",
        "stalled",
        "aborted",
        "abandoned",
        "inactive",
        "failed",
        "loading",
        "loaded",
        "staged",
        "active",
        "staging",
        "deleted",
    ]
)
SERVER_OWNED = frozenset(
    {"id", "imsOrg", "created", "updated", "version", "createdClient", "createdUser", "updatedUser"}
)
SUCCESSFUL = frozenset({"success", "active"})
IN_WORK = frozenset({"processing", "staging"})
"""The statuses in which the uploaded files of a batch are yet to become records."""


def add_batch(call: Call, id_: str, body: dict[str, Any]) -> dict[str, Any]:
    """Store a new batch and tell its datasets. Refuses an id that exists, a wrong status, an unknown dataset."""
    now, caller = call.now_ms, call.caller
    if not _ID.match(id_):
        raise bad_request("The id of a batch is of letters, digits, dashes and underscores.")
    if call.platform.objects.get(caller.scope, KIND, id_) is not None:
        raise bad_request(f"There is a batch {id_} already.")
    related = _related(body)
    document = {
        "status": "loading",
        "tags": {},
        "metrics": {},
        "errors": [],
        "recordCount": 0,
        "failedRecordCount": 0,
        "availableDates": {},
        "replay": {},
        **{key: value for key, value in body.items() if key not in SERVER_OWNED | {"datasetId", "dataSetId"}},
        "relatedObjects": related,
        "id": id_,
        "imsOrg": caller.org,
        "created": now,
        "updated": now,
        "createdClient": caller.client_id,
        "createdUser": caller.user,
        "updatedUser": caller.user,
        "version": objects.FIRST_VERSION,
    }
    check_batch(call, document)
    call.platform.objects.insert(
        caller.scope, KIND, id_, document, etag=objects.FIRST_VERSION, created=now, name=document["status"]
    )
    call.platform.objects.refer(caller.scope, KIND, id_, [("dataSet", item) for item in _datasets(document)])
    tell_datasets(call, id_, document)
    return document


def _related(body: dict[str, Any]) -> list[dict[str, Any]]:
    related = body.get("relatedObjects", [])
    if not isinstance(related, list) or not all(isinstance(item, dict) for item in related):
        raise bad_request("The relatedObjects are an array of objects.")
    dataset_id = body.get("datasetId") or body.get("dataSetId")
    return [*related, {"type": "dataSet", "id": dataset_id}] if dataset_id else list(related)


def _datasets(document: dict[str, Any]) -> list[str]:
    return [str(item.get("id")) for item in document["relatedObjects"] if item.get("type") == "dataSet"]


def check_batch(call: Call, document: dict[str, Any]) -> None:
    """Refuse (400) a status that is none, a member of another type, and an unknown dataset."""
    check_batch_members(document)
    if not isinstance(document.get("status"), str) or document["status"] not in STATUSES:
        raise bad_request(f"The status {document.get('status')} is not one of a batch.")
    for id_ in _datasets({"relatedObjects": _related(document)}):
        if call.platform.objects.get(call.caller.scope, "dataSet", id_) is None:
            raise bad_request(f"The dataset {id_} is not found.")


def tell_datasets(call: Call, id_: str, batch: dict[str, Any]) -> None:
    """Note the batch on its datasets, without a new version of them."""
    last = "lastSuccessfulBatch" if batch["status"] in SUCCESSFUL else "lastFailedBatch"
    for dataset_id in _datasets(batch):
        changes = {"lastBatchId": id_, "lastBatchStatus": batch["status"]}
        if batch["status"] in SUCCESSFUL | {"failed", "failure"}:
            changes[last] = id_
        call.platform.database.connection.execute(
            "UPDATE object SET body = json_patch(body, ?) WHERE scope = ? AND kind = 'dataSet' AND id = ?",
            (dump(changes), call.caller.scope, dataset_id),
        )
