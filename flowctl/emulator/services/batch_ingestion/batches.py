"""Batches of files: creating one, and the actions that end it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import equals_any
from flowctl.emulator.json_text import dump, parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.batch_ingestion.formats import checked_format
from flowctl.emulator.services.batch_ingestion.promotion import promote, withdraw
from flowctl.emulator.services.batch_ingestion.requests import (
    LOADING,
    action_of,
    check_address,
    check_media_type,
    find_batch,
)
from flowctl.emulator.services.batch_ingestion.store import store_batch
from flowctl.emulator.services.catalog import batch_store
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Collection

    from flowctl.emulator.message import Call

ACTIONS = ("COMPLETE", "ABORT", "FAIL", "REVERT")
_ENDED = frozenset({"success", "active", "failed", "failure"})
_COMPLETED = batch_store.IN_WORK | {"success"}
_TAGS = {
    "acp_enableErrorDiagnostics": "enableErrorDiagnostics",
    "acp_partialIngestionPercent": "partialIngestionPercentage",
}
_MEMBERS = ("externalId", "tags", "enableErrorDiagnostics", "partialIngestionPercentage")


def create(call: Call) -> Reply:
    """Create a batch that waits for files: 201 with the batch.

    Refuses (400) an unknown dataset or predecessor, another format, and members of a wrong type.
    """
    check_address(call)
    check_media_type(call, "application/json", 400)
    body = parse(call.incoming.body)
    if not isinstance(body, dict) or not isinstance(body.get("datasetId"), str) or not body["datasetId"]:
        raise bad_request("The body is an object with a datasetId and an inputFormat.")
    _check_members(body)
    members = {name: body[name] for name in _MEMBERS if name in body}
    if "replay" in body:
        members["replay"] = _replay(call, body["replay"])
    id_ = secrets.token_hex(16)
    members["tags"] = _tags(call, id_, body) | body.get("tags", {})
    members |= {"datasetId": body["datasetId"], "inputFormat": checked_format(_format(call, body))}
    return Reply(201, batch_store.add_batch(call, id_, {"externalId": id_, **members, "status": LOADING}))


def _format(call: Call, body: dict[str, Any]) -> object:
    """Return the format that a batch names, or with the setting `uploads` that of its dataset."""
    if "inputFormat" in body or call.platform.settings.uploads == "description":
        return body.get("inputFormat")
    stored = call.platform.objects.get(call.caller.scope, "dataSet", body["datasetId"])
    described = stored.value().get("fileDescription") or {} if stored else {}
    return {"format": described.get("format", "parquet")}


def act(call: Call) -> Reply:
    """Have records made of a batch's files (`COMPLETE`), give it up (`ABORT`, `FAIL`), or remove it (`REVERT`).

    Answers 200 with the batch. A `COMPLETE` waits for its end as long as `completeWait` says, and once more changes
    nothing. Refuses an action that does not fit its status (400).
    """
    stored = find_batch(call)
    action = action_of(call, ACTIONS)
    batch = stored.value()
    if action == "COMPLETE" and batch["status"] in _COMPLETED and "inputFormat" in batch:
        return _shown(call, batch)
    if batch["status"] not in _statuses(call, action):
        raise bad_request(f"The action {action} cannot be applied to a batch with the status {batch['status']}.")
    if action == "COMPLETE":
        return _shown(call, promote(call, batch))
    if action == "REVERT":
        return Reply(body=withdraw(call, batch))
    return Reply(body=store_batch(call, batch | {"status": "aborted" if action == "ABORT" else "failed"}))


def _tags(call: Call, id_: str, body: dict[str, Any]) -> dict[str, list[str]]:
    """Return what the service itself notes on a batch."""
    client = call.caller.client_id
    tags = {
        "acp_producer": [client],
        "acp_stagePath": [f"{client}/stage/{id_}"],
        "use_plan_b_batch_status": ["false"],
    }
    return tags | {tag: [dump(body[member])] for tag, member in _TAGS.items() if member in body}


def _statuses(call: Call, action: str) -> Collection[str]:
    """Return the statuses of batches that an action can be applied to."""
    if action == "REVERT":
        return _ENDED
    is_late = action == "ABORT" and call.platform.settings.batchAborts == "processing"
    return {LOADING, *batch_store.IN_WORK} if is_late else {LOADING}


def _shown(call: Call, batch: dict[str, Any]) -> Reply:
    """Return the reply to `COMPLETE`: the batch, for a while until it has ended."""
    until = time.monotonic() + call.platform.settings.completeWait / 1000

    def reply(batch: dict[str, Any]) -> Reply:
        return Reply(body=batch, later=later if batch["status"] in batch_store.IN_WORK else None, until=until)

    def later() -> Reply:
        stored = call.platform.objects.get(call.caller.scope, batch_store.KIND, batch["id"])
        return reply(stored.value()) if stored else Reply(body=batch)

    return reply(batch)


def _check_members(body: dict[str, Any]) -> None:
    percent = body.get("partialIngestionPercentage", 0)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise bad_request("The partialIngestionPercentage is a number from 0 to 100.")
    if not isinstance(body.get("enableErrorDiagnostics", False), bool):
        raise bad_request("The enableErrorDiagnostics is a boolean.")
    if not isinstance(body.get("externalId", ""), str):
        raise bad_request("The externalId is a string.")
    tags = body.get("tags", {})
    if not isinstance(tags, dict) or not all(_is_texts(values) for values in tags.values()):
        raise bad_request("The tags are an object of arrays of strings.")


def _replay(call: Call, given: object) -> dict[str, Any]:
    """Return the `replay` with the IDs of batches, without the `$` that a client writes before them."""
    if not isinstance(given, dict) or not isinstance(given.get("reason", ""), str):
        raise bad_request("The replay is an object with predecessors and a reason.")
    found = []
    for name, left in (("predecessors", "id"), ("predecessorsByExternalId", "json_extract(body, '$.externalId')")):
        wanted = given.get(name, [])
        if not _is_texts(wanted):
            raise bad_request(f"The {name} are an array of strings.")
        for text in wanted:
            id_ = text.removeprefix("$")
            where = equals_any(left, [id_])
            batches = call.platform.objects.select(call.caller.scope, batch_store.KIND, where, limit=1)
            if not batches:
                raise bad_request(f"The batch {id_} of the {name} is not found.")
            found.append(batches[0].id)
    return {"predecessors": found, "reason": given.get("reason", "replace")}


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
