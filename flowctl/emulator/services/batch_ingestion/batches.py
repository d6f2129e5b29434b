"""Batches of files: creating one, and the actions that end it."""

from __future__ import annotations

import secrets
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
    from flowctl.emulator.message import Call

ACTIONS = ("COMPLETE", "ABORT", "FAIL", "REVERT")
_ENDED = frozenset({"success", "active", "failed", "failure"})
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
    members |= {"datasetId": body["datasetId"], "inputFormat": checked_format(body.get("inputFormat"))}
    return Reply(201, batch_store.add_batch(call, id_, {"externalId": id_, **members, "status": LOADING}))


def act(call: Call) -> Reply:
    """Make records of the files of a batch (`COMPLETE`), give it up (`ABORT`, `FAIL`), or remove it (`REVERT`).

    Answers 200 with the batch. Refuses an action that does not fit its status (400).
    """
    stored = find_batch(call)
    action = action_of(call, ACTIONS)
    batch = stored.value()
    if (batch["status"] not in _ENDED) if action == "REVERT" else (batch["status"] != LOADING):
        raise bad_request(f"The action {action} cannot be applied to a batch with the status {batch['status']}.")
    if action == "COMPLETE":
        return Reply(body=promote(call, batch))
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
    if "enableErrorDiagnostics" in body:
        tags["acp_enableErrorDiagnostics"] = [dump(body["enableErrorDiagnostics"])]
    if "partialIngestionPercentage" in body:
        tags["acp_partialIngestionPercent"] = [dump(body["partialIngestionPercentage"])]
    return tags


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
