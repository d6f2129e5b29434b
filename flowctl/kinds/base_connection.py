"""Base connections ("accounts"): the credentials of a source (Flow Service API, 3.1 and 4)."""

from collections.abc import Mapping
from typing import Any

from flowctl.kinds import flow_service
from flowctl.kinds.kind import Kind
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject

_COLLECTION = "connections"


def _create(attributes: JSONObject) -> Request:
    return flow_service.post(_COLLECTION, attributes)


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Credentials are a partial view: masked, echoed or missing, so secrets are never compared with them.

    A change patches `/auth/params/<key>` one by one: replacing `/auth/params` would drop what the service added.
    """
    return flow_service.pick(body, ("name", "description", "auth", "connectionSpec"))


def _settling(live: RemoteObject) -> bool:
    """Creation is asynchronous in some organizations: the state is `initializing` until it is `enabled` (section 6)."""
    return live.body.get("state") == "initializing"


KIND = Kind(
    name="connection",
    title="base connection",
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
    settling=_settling,
    force_new=(("connectionSpec",), ("auth", "specName")),
)
