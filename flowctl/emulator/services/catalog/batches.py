"""Batches: what was ingested into data sets, with its status and metrics."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition, Step, equals_any, on_path
from flowctl.emulator.json_text import dump
from flowctl.emulator.message import Reply
from flowctl.emulator.services.catalog import objects
from flowctl.emulator.services.catalog.listing import select
from flowctl.emulator.services.refusals import bad_request, not_found

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

KIND = "batch"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
COLLECTION = "batches"
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
SIMPLE_FILTERS = ("status", "externalId", "created", "updated", "createdClient", "createdUser", "version")
SERVER_OWNED = frozenset({"id", "imsOrg", "created", "updated", "version", "createdClient", "createdUser"})
SUCCESSFUL = frozenset({"success", "active"})


def create(call: Call) -> Reply:
    """Create a batch: 201 with its link. The data set is named in `relatedObjects` or by `datasetId`."""
    body = objects.read_object(call)
    id_ = call.parameters.get("id") or secrets.token_hex(16)
    add_batch(call, id_, body)
    return objects.link(COLLECTION, id_, 201)


def add_batch(call: Call, id_: str, body: dict[str, Any]) -> dict[str, Any]:
    """Store a new batch and tell its data sets. Refuses an id that exists, a wrong status, an unknown data set."""
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
        **{key: value for key, value in body.items() if key not in SERVER_OWNED | {"datasetId", "dataSetId"}},
        "relatedObjects": related,
        "id": id_,
        "imsOrg": caller.org,
        "created": now,
        "updated": now,
        "createdClient": caller.client_id,
        "createdUser": caller.user,
        "version": objects.FIRST_VERSION,
    }
    _check(call, document)
    call.platform.objects.insert(
        caller.scope, KIND, id_, document, etag=objects.FIRST_VERSION, created=now, name=document["status"]
    )
    call.platform.objects.refer(caller.scope, KIND, id_, [("dataSet", item) for item in _datasets(document)])
    _tell_datasets(call, id_, document)
    return document


def list_batches(call: Call) -> Reply:
    """List batches as a map by id."""
    return Reply(body=objects.as_map(call, select(call, KIND, SIMPLE_FILTERS, *_batch_filters(call))))


def list_uniques(call: Call) -> Reply:
    """Return the values that a member of the batches has, in order. Refuses a name that is none (400)."""
    name = call.parameters["field"]
    if not name.isascii() or not name.isalnum():
        raise bad_request(f"The field {name} is not valid.")
    found = select(call, KIND, SIMPLE_FILTERS, *_batch_filters(call))
    values = {str(stored.value()[name]) for stored in found if name in stored.value()}
    return Reply(body=sorted(values))


def read(call: Call) -> Reply:
    """Return a map with the batches of the ids in the path. Refuses a single unknown id (404)."""
    ids = [id_ for id_ in call.parameters["id"].split(",") if id_]
    found = [call.platform.objects.get(call.caller.scope, KIND, id_) for id_ in ids]
    if len(ids) < 2 and not any(found):
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    return Reply(body=objects.as_map(call, [stored for stored in found if stored]))


def replace(call: Call) -> Reply:
    """Replace what users may set of a batch."""
    stored = objects.find(call, KIND)
    kept = {key: value for key, value in stored.value().items() if key in SERVER_OWNED or key == "relatedObjects"}
    return _store(call, stored, objects.read_object(call) | kept)


def patch(call: Call) -> Reply:
    """Change a batch by JSON Patch or by a merge of its top-level members."""
    stored = objects.find(call, KIND)
    return _store(call, stored, objects.patched(call, stored.value()))


def delete(call: Call) -> Reply:
    """Delete a batch: 200 with its link."""
    stored = objects.find(call, KIND)
    call.platform.objects.delete(call.caller.scope, KIND, stored.id)
    return objects.link(COLLECTION, stored.id)


def list_last(call: Call) -> Reply:
    """Return the last batch of each data set as a map by data set id."""
    wanted = [id_ for id_ in call.incoming.query.get("dataSetId", "").split(",") if id_]
    stores, scope = call.platform.objects, call.caller.scope
    where = equals_any("id", wanted) if wanted else Condition("1")
    result = {}
    for stored in stores.select(scope, "dataSet", where, limit=100):
        dataset = stored.value()
        if "lastBatchId" in dataset:
            result[stored.id] = {
                "lastBatchId": dataset["lastBatchId"],
                "lastBatchStatus": dataset["lastBatchStatus"],
                "lastSuccessfulBatchId": dataset.get("lastSuccessfulBatch"),
                "lastFailedBatchId": dataset.get("lastFailedBatch"),
            }
    return Reply(body=result)


def _batch_filters(call: Call) -> list[Condition]:
    query = call.incoming.query
    conditions = []
    if query.get("batch"):
        conditions.append(equals_any("id", query["batch"].split(",")))
    if query.get("dataSet"):
        ids = query["dataSet"].split(",")
        steps = [Step("relatedObjects", each=True), Step("id")]
        conditions.append(on_path("body", steps, lambda left: equals_any(left, ids)))
    for name, operator in (("createdAfter", ">"), ("createdBefore", "<")):
        if query.get(name):
            if not query[name].isdigit() or len(query[name]) > 15:
                raise bad_request(f"The query parameter {name} is an integer in milliseconds.")
            conditions.append(Condition(f"created {operator} ?", (int(query[name]),)))
    return conditions


def _store(call: Call, stored: Stored, document: dict[str, Any]) -> Reply:
    before = stored.value()
    objects.check_if_match(call, before)
    if any(document.get(name) != before.get(name) for name in SERVER_OWNED):
        raise bad_request("A property that the service owns cannot be changed.")
    version = objects.next_version(before["version"])
    document |= {"version": version, "updated": call.now_ms}
    _check(call, document)
    call.platform.objects.replace(call.caller.scope, KIND, stored.id, document, etag=version, name=document["status"])
    _tell_datasets(call, stored.id, document)
    return objects.link(COLLECTION, stored.id)


def _related(body: dict[str, Any]) -> list[dict[str, Any]]:
    related = body.get("relatedObjects", [])
    if not isinstance(related, list) or not all(isinstance(item, dict) for item in related):
        raise bad_request("The relatedObjects are an array of objects.")
    dataset_id = body.get("datasetId") or body.get("dataSetId")
    return [*related, {"type": "dataSet", "id": dataset_id}] if dataset_id else list(related)


def _datasets(document: dict[str, Any]) -> list[str]:
    return [str(item.get("id")) for item in document["relatedObjects"] if item.get("type") == "dataSet"]


def _check(call: Call, document: dict[str, Any]) -> None:
    if not isinstance(document.get("status"), str) or document["status"] not in STATUSES:
        raise bad_request(f"The status {document.get('status')} is not one of a batch.")
    for id_ in _datasets({"relatedObjects": _related(document)}):
        if call.platform.objects.get(call.caller.scope, "dataSet", id_) is None:
            raise bad_request(f"The data set {id_} is not found.")


def _tell_datasets(call: Call, id_: str, batch: dict[str, Any]) -> None:
    """Note the batch on its data sets, without a new version of them."""
    last = "lastSuccessfulBatch" if batch["status"] in SUCCESSFUL else "lastFailedBatch"
    for dataset_id in _datasets(batch):
        changes = {"lastBatchId": id_, "lastBatchStatus": batch["status"]}
        if batch["status"] in SUCCESSFUL | {"failed", "failure"}:
            changes[last] = id_
        call.platform.database.connection.execute(
            "UPDATE object SET body = json_patch(body, ?) WHERE scope = ? AND kind = 'dataSet' AND id = ?",
            (dump(changes), call.caller.scope, dataset_id),
        )
