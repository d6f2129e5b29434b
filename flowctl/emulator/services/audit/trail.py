"""The audit trail: one event for each write that changed an object of a type that Experience Platform audits.

Source and target connections, mapping sets and runs are not among the asset types of the Audit Query API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.services.schema_registry.identity import full_id
from flowctl.emulator.services.schema_registry.resources import TYPES

if TYPE_CHECKING:
    from flowctl.emulator.message import Call, Reply
    from flowctl.emulator.routing import Operation

KIND = "auditEvent"
_FLOW_SERVICE, _CATALOG, _REGISTRY = (
    "/data/foundation/flowservice",
    "/data/foundation/catalog",
    "/data/foundation/schemaregistry",
)
_XDM = {
    "schemas": "Schema",
    "fieldgroups": "Field Group",
    "mixins": "Mixin",
    "classes": "Class",
    "datatypes": "Data Types",
}
# Service and collection -> asset type, kind in the store, and the product that gives the permission.
_ASSETS = {
    (_FLOW_SERVICE, "/connections"): ("Source Account", "connection", "EnterpriseSource"),
    (_FLOW_SERVICE, "/flows"): ("Source Data Flow", "flow", "EnterpriseSource"),
    (_CATALOG, "/dataSets"): ("Dataset", "dataSet", "Dataset"),
    (_CATALOG, "/v2/dataSets"): ("Dataset", "dataSet", "Dataset"),
    **{(_REGISTRY, f"/tenant/{path}"): (_XDM[path], type_, "Schema") for path, type_ in TYPES.items()},
}
_BY_METHOD = {"POST": "Create", "PUT": "Update", "PATCH": "Update", "DELETE": "Delete"}
_BY_ACTION = {"enable": "Enable", "disable": "Disable"}


def audited(operation: Operation, prefix: str, call: Call) -> Reply:
    """Answer a call that writes, and record an event if it changed an audited object."""
    collection, _, rest = operation.path.partition("/{id}")
    asset = _ASSETS.get((prefix, collection))
    if asset is None:
        return operation.answer(call)
    asset_type, kind, product = asset
    id_ = full_id(call.parameters["id"]) if prefix == _REGISTRY and rest == "" and "id" in call.parameters else ""
    id_ = id_ or call.parameters.get("id", "")
    objects, scope = call.platform.objects, call.caller.scope
    name_before = objects.name_of(scope, kind, id_) if id_ else None
    reply = operation.answer(call)
    if not id_:
        id_ = _created(reply.body)
    verb = call.incoming.query.get("op", "").lower() if rest == "/action" else ""
    _record(
        call,
        {
            "permissionResource": product,
            "assetType": asset_type,
            "assetId": id_,
            "assetName": objects.name_of(scope, kind, id_) or name_before or "",
            "action": _BY_ACTION.get(verb, "Update") if verb else _BY_METHOD[operation.method],
        },
    )
    return reply


def _created(body: Any) -> str:
    """Return the ID in the reply to a creation: an object of Flow Service or XDM, or `["@/dataSets/ID"]`."""
    if isinstance(body, list):
        return str(body[0]).rpartition("/")[2]
    return str(body.get("$id") or body["id"])


def _record(call: Call, members: dict[str, str]) -> None:
    caller, now = call.caller, call.now_ms
    event_id, request_id = new_uuid(), new_uuid()
    done = {"permissionType": "WRITE", **members, "status": "Success", "failureCode": ""}
    event = {
        "id": event_id,
        "userEmail": caller.user,
        "userIpAddresses": ["127.*.*.*"],
        "enhancedEvents": [{"id": new_uuid(), "requestId": request_id, **done}],
        "version": "1.0",
        "imsOrgId": caller.org,
        "sandboxName": caller.sandbox_name,
        "sandboxId": caller.sandbox_id,
        "region": "VA7",
        "requestId": request_id,
        "authId": caller.client_id,
        **done,
    }
    events, asset_id = call.platform.audit_events, members["assetId"]
    events.insert(caller.scope, KIND, event_id, event, etag="", created=now, name=asset_id)
