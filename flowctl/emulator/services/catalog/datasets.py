"""Datasets: reads are maps by id, writes answer `["@/dataSets/ID"]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_dataset_id
from flowctl.emulator.ingestion.batch_files import remove_dataset
from flowctl.emulator.message import Reply
from flowctl.emulator.services.catalog import objects
from flowctl.emulator.services.catalog.checks import check_dataset
from flowctl.emulator.services.catalog.listing import select
from flowctl.emulator.services.catalog.shapes import check_dataset_members, check_merged_members
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

KIND = "dataSet"
COLLECTION = "dataSets"
SIMPLE_FILTERS = (
    "name",
    "description",
    "version",
    "created",
    "updated",
    "createdClient",
    "createdUser",
    "updatedUser",
    "enableErrorDiagnostics",
)
SERVER_OWNED = frozenset(
    [
        "imsOrg",
        "sandboxId",
        "version",
        "created",
        "updated",
        "createdClient",
        "createdUser",
        "updatedUser",
        "viewId",
        "files",
        "state",
        "statsCache",
        "dule",
        "basePath",
        "lastBatchId",
        "lastBatchStatus",
        "lastSuccessfulBatch",
        "lastFailedBatch",
    ]
)
MOST_IDS = 500


def create(call: Call) -> Reply:
    """Create a dataset: 201 with its link. Refuses an unknown schema and what `check_dataset` refuses."""
    given = objects.read_object(call)
    check_dataset_members(given)
    body = {key: value for key, value in given.items() if key not in SERVER_OWNED}
    schema = check_dataset(call, body)
    id_, now, caller = new_dataset_id(call.now_ms), call.now_ms, call.caller
    view_id = new_dataset_id(now)
    tags = {"adobe/pqs/table": [_table_name(str(body.get("name", id_)))]}
    document = {
        "fileDescription": {"persisted": True, "containerFormat": "parquet", "format": "parquet"},
        "classification": {"dataBehavior": _behavior(schema), "managedBy": "CUSTOMER"},
        **body,
        "tags": tags | body.get("tags", {}),
        "imsOrg": caller.org,
        "sandboxId": caller.sandbox_id,
        "version": objects.FIRST_VERSION,
        "created": now,
        "updated": now,
        "createdClient": caller.client_id,
        "createdUser": caller.user,
        "updatedUser": caller.user,
        "state": "DRAFT",
        "statsCache": {},
        "dule": {"identity": [], "contract": [], "sensitivity": [], "other": []},
        "viewId": view_id,
        "files": f"@/dataSets/{id_}/views/{view_id}/files",
    }
    call.platform.objects.insert(
        caller.scope, KIND, id_, document, etag=objects.FIRST_VERSION, created=now, name=document.get("name")
    )
    _refer(call, id_, document)
    return objects.link(COLLECTION, id_, 201)


def list_datasets(call: Call) -> Reply:
    """List datasets as a map by id; a page shorter than the limit is the last one."""
    return Reply(body=objects.as_map(call, select(call, KIND, SIMPLE_FILTERS)))


def read(call: Call) -> Reply:
    """Return a map with the dataset, or with those that exist of several IDs with commas between."""
    ids = [id_ for id_ in call.parameters["id"].split(",") if id_]
    if len(ids) > MOST_IDS:
        raise bad_request(f"A read takes at most {MOST_IDS} ids.")
    if len(ids) == 1:
        stored = objects.find(call, KIND)
        return Reply(body=objects.as_map(call, [stored]), headers={"ETag": stored.etag, "E-Tag": stored.etag})
    found = (call.platform.objects.get(call.caller.scope, KIND, id_) for id_ in ids)
    return Reply(body=objects.as_map(call, [stored for stored in found if stored]))


def replace(call: Call) -> Reply:
    """Replace what users may set of a dataset."""
    stored = objects.find(call, KIND)
    before = stored.value()
    body = objects.read_object(call)
    check_dataset_members(body)
    kept = {key: value for key, value in before.items() if key in SERVER_OWNED}
    given = {key: value for key, value in body.items() if key not in SERVER_OWNED}
    kept |= {key: before[key] for key in ("classification", "schemaRef") if key in before and key not in given}
    return _store(call, stored, given | kept)


def patch(call: Call) -> Reply:
    """Change a dataset by JSON Patch or by a merge of its top-level members, as the content type says."""
    stored = objects.find(call, KIND)
    return _store(call, stored, objects.patched(call, stored.value()))


def merge(call: Call) -> Reply:
    """Change a dataset by a deep merge (`/v2/dataSets`)."""
    stored = objects.find(call, KIND)
    body = objects.read_object(call)
    check_merged_members(body)
    return _store(call, stored, objects.merged(stored.value(), body))


def delete(call: Call) -> Reply:
    """Delete a dataset: 200 with its link, or with an empty list if there is none."""
    id_ = call.parameters["id"]
    if call.platform.settings.datasetDeletes == "unused":
        _check_unused(call, id_)
    if not call.platform.objects.delete(call.caller.scope, KIND, id_):
        return Reply(200, [])
    remove_dataset(call.platform.data_dir, id_)
    return objects.link(COLLECTION, id_)


def _check_unused(call: Call, id_: str) -> None:
    """Refuse to delete a dataset that an enabled flow writes to (400; no document says it)."""
    objects, scope = call.platform.objects, call.caller.scope
    for target in objects.referrers(scope, "targetConnection", KIND, id_):
        for flow in objects.referrers(scope, "flow", "targetConnection", target):
            stored = objects.get(scope, "flow", flow)
            if stored is not None and stored.value()["state"] == "enabled":
                raise bad_request(f"The dataset {id_} is that of the enabled flow {flow}.")


def _store(call: Call, stored: Stored, document: dict[str, Any]) -> Reply:
    before = stored.value()
    objects.check_if_match(call, before)
    for name in SERVER_OWNED & (before.keys() | document.keys()):
        if document.get(name) != before.get(name):
            raise bad_request(f"The property {name} cannot be changed.")
    if (document.get("schemaRef") or {}) != before.get("schemaRef", {}):
        _check_same_schema(before, document)
    check_dataset(call, document)
    version = objects.next_version(before["version"])
    document |= {"version": version, "updated": call.now_ms, "updatedUser": call.caller.user}
    call.platform.objects.replace(call.caller.scope, KIND, stored.id, document, etag=version, name=document.get("name"))
    _refer(call, stored.id, document)
    return objects.link(COLLECTION, stored.id)


def _check_same_schema(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = before.get("schemaRef"), after.get("schemaRef")
    if old and not (isinstance(new, dict) and new.get("id") == old.get("id")):
        raise bad_request("The schema of a dataset cannot be changed.")


def _refer(call: Call, id_: str, document: dict[str, Any]) -> None:
    schema_id = (document.get("schemaRef") or {}).get("id")
    call.platform.objects.refer_anew(call.caller.scope, KIND, id_, [("schemas", schema_id)] if schema_id else [])


def _table_name(name: str) -> str:
    """Return the SQL table name that the service derives from a dataset's name."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "dataset"


def _behavior(schema: dict[str, Any] | None) -> str:
    """Return `record`, `time-series` or `adhoc`, as the schema's class extends that behavior."""
    prefix = "https://ns.adobe.com/xdm/data/"
    extended = (schema or {}).get("meta:extends", [])
    return next((str(id_).removeprefix(prefix) for id_ in extended if str(id_).startswith(prefix)), "adhoc")
