"""Base connections ("accounts"): the credentials of a source (Flow Service API, 3.1 and 4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_service
from flowctl.kinds.live_secrets import hidden
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Credentials are a partial view: masked, echoed or missing, so secrets are never compared with them.

    A change patches `/auth/params/<key>` one by one: replacing `/auth/params` would drop what the service added.
    """
    return hidden("connection", flow_service.pick(body, ("name", "description", "auth", "connectionSpec")))


def _settling(live: RemoteObject) -> bool:
    """Creation is asynchronous in some organizations: the state is `initializing` until it is `enabled` (section 6)."""
    return live.body.get("state") == "initializing"


KIND = replace(
    flow_service.kind(
        name="connection",
        title="base connection",
        collection="connections",
        comparable=_comparable,
    ),
    settling=_settling,
    force_new=(("connectionSpec",), ("auth", "specName")),
)
