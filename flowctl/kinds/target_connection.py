"""Target connections: the dataset to write to, in the data lake (Flow Service API, 3.3 and 10)."""

from collections.abc import Mapping
from typing import Any

from flowctl.kinds import flow_service
from flowctl.kinds.kind import Kind
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request

_COLLECTION = "targetConnections"
_DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
_SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
"""The latest minor version of the schema; the tutorials' tables say that this value must be set."""


def _create(attributes: JSONObject) -> Request:
    data = {"format": "parquet_xdm", **attributes["data"]}
    data["schema"] = {"version": _SCHEMA_VERSION, **data["schema"]}
    return flow_service.post(_COLLECTION, {**attributes, "data": data, "connectionSpec": _DATA_LAKE})


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Tolerates the spellings `schemaId` and `datasetId` that live replies have shown (section 3.3)."""
    attributes = flow_service.pick(body, ("name", "description"))
    data = dict(body.get("data") or {})
    schema = data.get("schema") or {}
    data["schema"] = {**schema, "id": schema.get("id") or schema.get("schemaId")}
    params = body.get("params") or {}
    dataset_id = params.get("dataSetId") or params.get("datasetId")
    return {**attributes, "data": data, "params": {**params, "dataSetId": dataset_id}}


KIND = Kind(
    name="target_connection",
    title="target connection",
    create=_create,
    written=flow_service.written,
    read_many=flow_service.read_many(_COLLECTION),
    batch_size=flow_service.PAGE,
    next_page=flow_service.next_page,
    objects=flow_service.objects(_comparable),
    find=flow_service.find(_COLLECTION),
    recall=flow_service.recall(_COLLECTION),
    created_at=flow_service.created_at,
    update=flow_service.update(_COLLECTION),
    delete=flow_service.delete(_COLLECTION),
    force_new=(("data",), ("params",)),
)
