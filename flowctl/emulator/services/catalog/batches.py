"""Batches: what was ingested into datasets, with its status and metrics."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition, Step, equals_any, on_path
from flowctl.emulator.ingestion.batch_files import remove_batch
from flowctl.emulator.message import Reply
from flowctl.emulator.services.catalog import objects
from flowctl.emulator.services.catalog.batch_store import (
    KIND,
    SERVER_OWNED,
    add_batch,
    check_batch,
    tell_datasets,
)
from flowctl.emulator.services.catalog.listing import select
from flowctl.emulator.services.catalog.shapes import check_batch_members
from flowctl.emulator.services.refusals import bad_request, not_found
from flowctl.emulator.services.uploads import forget_uploads

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

COLLECTION = "batches"
SIMPLE_FILTERS = ("status", "externalId", "created", "updated", "createdClient", "createdUser", "version")


def create(call: Call) -> Reply:
    """Create a batch: 201 with its link. The dataset is named in `relatedObjects` or by `datasetId`."""
    body = _with_status(call)
    id_ = call.parameters.get("id") or secrets.token_hex(16)
    add_batch(call, id_, body)
    return objects.link(COLLECTION, id_, 201)


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
    """Return a map with the batches of the IDs in the path. Refuses a single unknown id (404)."""
    ids = [id_ for id_ in call.parameters["id"].split(",") if id_]
    found = [call.platform.objects.get(call.caller.scope, KIND, id_) for id_ in ids]
    if len(ids) < 2 and not any(found):
        raise not_found(f"The batch {call.parameters['id']} is not found.")
    return Reply(body=objects.as_map(call, [stored for stored in found if stored]))


def replace(call: Call) -> Reply:
    """Replace what users may set of a batch."""
    stored = objects.find(call, KIND)
    kept = {key: value for key, value in stored.value().items() if key in SERVER_OWNED or key == "relatedObjects"}
    return _store(call, stored, _with_status(call) | kept)


def patch(call: Call) -> Reply:
    """Change a batch by JSON Patch or by a merge of its top-level members."""
    stored = objects.find(call, KIND)
    return _store(call, stored, objects.patched(call, stored.value()))


def delete(call: Call) -> Reply:
    """Delete a batch: 200 with its link."""
    stored = objects.find(call, KIND)
    call.platform.objects.delete(call.caller.scope, KIND, stored.id)
    for item in stored.value()["relatedObjects"]:
        if item.get("type") == "dataSet":
            remove_batch(call.platform.data_dir, call.caller.scope, str(item.get("id")), stored.id)
    forget_uploads(call, stored.id)
    return objects.link(COLLECTION, stored.id)


def list_last(call: Call) -> Reply:
    """Return the last batch of each dataset as a map by dataset id."""
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
                **{name: dataset[name] for name in ("imsOrg", "sandboxId", "created", "updated")},
            }
    return Reply(body=result)


def _with_status(call: Call) -> dict[str, Any]:
    """Return the body. Refuses one without a status (400), the one member that the description requires."""
    body = objects.read_object(call)
    if "status" not in body:
        raise bad_request("A batch has a status.")
    check_batch_members(body)
    return body


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
    document |= {"version": version, "updated": call.now_ms, "updatedUser": call.caller.user}
    check_batch(call, document)
    call.platform.objects.replace(call.caller.scope, KIND, stored.id, document, etag=version, name=document["status"])
    tell_datasets(call, stored.id, document)
    return objects.link(COLLECTION, stored.id)
