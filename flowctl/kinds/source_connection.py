"""Source connections: what to read (Flow Service API, 3.2). A flow never sees a later change of one (4.3)."""

from collections.abc import Mapping
from typing import Any

from flowctl.kinds import flow_service
from flowctl.kinds.kind import Kind
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request

_COLLECTION = "sourceConnections"
_MEMBERS = ("name", "description", "baseConnectionId", "data", "params", "connectionSpec")


def _create(attributes: JSONObject) -> Request:
    return flow_service.post(_COLLECTION, attributes)


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    return flow_service.pick(body, _MEMBERS)


KIND = Kind(
    name="source_connection",
    title="source connection",
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
    force_new=(("baseConnectionId",), ("data",), ("params",), ("connectionSpec",)),
)
