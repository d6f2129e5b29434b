"""Datasets: where customer data is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowctl.kinds import json_patch
from flowctl.kinds.catalog import CATALOG, DATASETS, dataset_page, next_dataset_page
from flowctl.kinds.flow_search import groups_that_fit
from flowctl.kinds.forms import ANY, Forms, sets
from flowctl.kinds.identifier import DATASET_ID, SCHEMA_ID, Unclear, confirmed, etag, only, path_part
from flowctl.kinds.kind import Apart, Created, DeletionGuard, Kind, Search, Update, Use
from flowctl.kinds.live_check import PlannedCheck, Preflight
from flowctl.kinds.live_state import Provenance
from flowctl.kinds.preflight.profile_tags import PROFILE_TAGS, enabled_schema_check
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.terms import TITLE, Term, Terms
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_CONTENT_TYPE = "application/vnd.adobe.xed+json;version=1"
_BATCH = 50
_FORMS: Forms = {("tags", ANY): sets}


def _create(attributes: JSONObject) -> Request:
    schema = {"contentType": _CONTENT_TYPE, **attributes["schemaRef"]}
    return Request(method="POST", path=DATASETS, body={**attributes, "schemaRef": schema}, repeatable=False)


def _written(reply: Reply) -> Created:
    """Read `["@/dataSets/ID"]`."""
    place, _, object_id = str(only(reply.body)).rpartition("/")
    if place.lower() != "@/datasets":
        raise Unclear("it does not name a dataset")
    return Created(id=confirmed(DATASET_ID, DATASET_ID.read(object_id), reply.headers.get("location")))


def _read_many(ids: Sequence[str]) -> Request:
    return Request(method="GET", path=f"{DATASETS}/{','.join(map(path_part, ids))}")


def _objects(reply: Reply) -> list[RemoteObject]:
    return [
        RemoteObject(
            id=DATASET_ID.read(dataset_id),
            etag=etag(body.get("version")),
            attributes=_comparable(body),
            body=body,
            outputs={"schema_id": _schema_id(body)},
        )
        for dataset_id, body in reply.body.items()
    ]


def _apart(reply: Reply) -> Iterator[Apart]:
    for dataset_id, body in reply.body.items():
        yield Apart(id=dataset_id, body=body, reply=replace(reply, body={dataset_id: body}))


def _schema_id(body: Mapping[str, Any]) -> str:
    """The schema's `$id`; datasets of Experience Platform itself may have none."""
    schema_id = (body.get("schemaRef") or {}).get("id")
    return SCHEMA_ID.read(schema_id) if schema_id else ""


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Tags of Experience Platform are read without spaces: samples show `enabled:true` and `enabled: true`."""
    tags = body.get("tags") or {}
    return {
        "name": body.get("name"),
        "description": body.get("description"),
        "schemaRef": {"id": (body.get("schemaRef") or {}).get("id")},
        "tags": {name: _without_blanks(values) if name in PROFILE_TAGS else values for name, values in tags.items()},
    }


def _without_blanks(values: Sequence[Any]) -> list[str]:
    return [str(value).replace(" ", "") for value in values]


def _uses(attributes: JSONObject) -> Iterator[Use]:
    schema_id = attributes["schemaRef"].get("id")
    if isinstance(schema_id, str):
        yield Use(kind="schema", id=schema_id)


def _obstacle(live: RemoteObject) -> str | None:
    return None if live.attributes["schemaRef"].get("id") else "it has no schema"


def _unmanaged(attributes: JSONObject) -> Iterator[Path]:
    """The tags that Experience Platform sets itself."""
    yield from (("tags", name) for name in attributes.get("tags") or {} if name.startswith(("adobe/", "acp_", "aep/")))


def _update(update: Update) -> Request:
    operations = json_patch.operations(
        [change.steps for change in update.changes],
        live=update.live.body,
        desired=update.desired,
        keyed_lists={},
    )
    headers = {"Content-Type": "application/json-patch+json"}
    if update.live.etag:
        headers["If-Match"] = update.live.etag
    return Request(method="PATCH", path=f"{DATASETS}/{path_part(update.live.id)}", headers=headers, body=operations)


def _find(name: str) -> Request:
    """The filter reads `*`, `,` and a leading `!` as its own, so with such a name every dataset is read."""
    return dataset_page() if _is_odd(name) else dataset_page(("name", name))


def _is_odd(name: str) -> bool:
    return "*" in name or "," in name or name.startswith("!")


def _titled(names: Sequence[str]) -> list[Request]:
    """The requests for datasets of any of several names: the filter takes them with commas between."""
    if any(map(_is_odd, names)):
        return [dataset_page()]
    return [dataset_page(("name", ",".join(batch))) for batch in groups_that_fit(names)]


def _holds_batches(_dataset_id: str, reply: Reply, _leaving: frozenset[str]) -> str | None:
    """Whether the reply lists a batch; one that is not an object of batches does not say that there are none."""
    if not isinstance(reply.body, Mapping):
        raise Unclear("it is not a map of batches")
    return "The dataset is not empty (it has at least one batch)" if reply.body else None


KIND = Kind(
    name="dataset",
    title="dataset",
    meaning="Where Experience Platform stores records; every dataset has one XDM schema.",
    stage=5,
    in_pipeline=True,
    terms=Terms(
        root=("dataset",),
        terms={("name",): TITLE, ("schemaRef", "id"): Term(key=("schema",), refers="schema")},
    ),
    id_form=DATASET_ID,
    create=_create,
    written=_written,
    read_many=_read_many,
    batch_size=_BATCH,
    objects=_objects,
    apart=_apart,
    find=_find,
    newest=dataset_page,
    recall=lambda attributes: _find(attributes["name"]),
    provenance=Provenance(
        created_at=lambda body: body.get("created"),
        created_by=lambda body: body.get("createdUser"),
        created_client=lambda body: body.get("createdClient"),
        updated_at=lambda body: body.get("updated"),
        updated_by=lambda body: body.get("updatedUser"),
        updated_client=lambda body: body.get("updatedClient"),
        asset_type="Dataset",
    ),
    status=lambda body: body.get("state"),
    preflight=Preflight(planned=(PlannedCheck(begin=enabled_schema_check),)),
    search=Search(everything=dataset_page(), titled=_titled),
    next_page=next_dataset_page,
    update=_update,
    delete=lambda dataset_id: Request(method="DELETE", path=f"{DATASETS}/{path_part(dataset_id)}"),
    deletion_guard=DeletionGuard(
        request=lambda dataset_id: Request(
            method="GET", path=f"{CATALOG}/batches", query=(("dataSet", dataset_id), ("limit", "1"))
        ),
        blocks=_holds_batches,
        next_page=lambda _request, _reply: None,
    ),
    replacement=ReplacementRule(paths=(("schemaRef",),)),
    forms=lambda _attributes: _FORMS,
    uses=_uses,
    obstacle=_obstacle,
    unmanaged=_unmanaged,
)
