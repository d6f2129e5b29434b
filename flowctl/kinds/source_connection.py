"""Source connections: what to read (Flow Service API, 3.2). A flow never sees a later change of one (4.3)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_service
from flowctl.kinds.live_secrets import hidden
from flowctl.model.json_value import JSONObject

_MEMBERS = ("name", "description", "baseConnectionId", "data", "params", "connectionSpec")


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    return hidden("source_connection", flow_service.pick(body, _MEMBERS))


KIND = replace(
    flow_service.kind(
        name="source_connection",
        title="source connection",
        collection="sourceConnections",
        comparable=_comparable,
    ),
    force_new=(("baseConnectionId",), ("data",), ("params",), ("connectionSpec",)),
)
