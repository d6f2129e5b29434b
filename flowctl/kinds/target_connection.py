"""Target connections: the dataset to write to, in the data lake."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_search, flow_service
from flowctl.kinds.connection_states import state_of, with_drafts
from flowctl.kinds.forms import Forms, media_types, names_of, words
from flowctl.kinds.kind import Search, Use
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.terms import NO_KEY, TITLE, Term, Terms
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject

_DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
_SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
"""The latest minor version of the schema; the tutorials' tables say that this value must be set."""


def _schemas(first: Any, second: Any) -> bool:
    """IDs of schemas: a target connection that names none has that of its dataset."""
    return first is None or second is None or bool(first == second)


_FORMS: Forms = {
    ("name",): names_of("target_connection"),
    ("data", "format"): words,
    ("data", "schema", "id"): _schemas,
    ("data", "schema", "version"): media_types,
}


def _sent(attributes: JSONObject) -> JSONObject:
    data = {"format": "parquet_xdm", **attributes["data"]}
    data["schema"] = {"version": _SCHEMA_VERSION, **data["schema"]}
    return {**attributes, "data": data, "connectionSpec": _DATA_LAKE}


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Tolerates the spellings `schemaId` and `datasetId` that live replies have shown."""
    attributes = {**state_of(body), **flow_service.pick(body, ("name", "description"))}
    data = dict(body.get("data") or {})
    schema = data.get("schema") or {}
    data["schema"] = {**schema, "id": schema.get("id") or schema.get("schemaId")}
    params = body.get("params") or {}
    dataset_id = params.get("dataSetId") or params.get("datasetId")
    return {**attributes, "data": data, "params": {**params, "dataSetId": dataset_id}}


def _fills(attributes: JSONObject) -> tuple[str, str] | None:
    dataset_id = (attributes.get("params") or {}).get("dataSetId")
    return ("dataset", dataset_id) if isinstance(dataset_id, str) else None


def _uses(attributes: JSONObject) -> Iterator[Use]:
    dataset_id, schema_id = attributes["params"].get("dataSetId"), attributes["data"]["schema"].get("id")
    if isinstance(dataset_id, str):
        yield Use(kind="dataset", id=dataset_id)
    if isinstance(schema_id, str):
        yield Use(kind="schema", id=schema_id)


def _obstacle(live: RemoteObject) -> str | None:
    spec_id = (live.body.get("connectionSpec") or {}).get("id")
    if not words(spec_id, _DATA_LAKE["id"]):
        return "it writes to a destination, and not to a dataset"
    dataset_id = live.attributes["params"].get("dataSetId")
    return None if dataset_id and isinstance(dataset_id, str) else "its target connection names no dataset"


_CONNECTION = replace(
    flow_service.kind(
        name="target_connection",
        title="target connection",
        meaning="The dataset that a dataflow writes to, in the data lake.",
        stage=4,
        collection="targetConnections",
        comparable=_comparable,
        sent=_sent,
        forms=lambda _attributes: _FORMS,
        search=Search(
            everything=flow_search.everything("targetConnections"),
            titled=flow_search.titled("targetConnections"),
            by_title=False,
            referring=flow_search.referring("targetConnections"),
            anchors=(("params", "dataSetId"),),
            identity=(("params", "dataSetId"),),
        ),
    ),
    in_pipeline=True,
    terms=Terms(
        root=("target",),
        terms={("name",): TITLE, ("data", "schema", "id"): NO_KEY},
        of_pipeline={("params", "dataSetId"): Term(key=("dataset",), refers="dataset")},
    ),
    used_by=flow_service.USED_BY_FLOWS,
    replacement=ReplacementRule(paths=(("data",), ("params",))),
    fills=_fills,
    uses=_uses,
    obstacle=_obstacle,
    # Other spellings of what is read already.
    unmanaged=lambda _attributes: (("data", "schema", "schemaId"), ("params", "datasetId")),
)

KIND = with_drafts(_CONNECTION, "targetConnections")
