"""POST .../action: publish a draft, enable and disable a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import checks_connection, checks_flow, checks_source
from flowctl.emulator.services.flow_service.bodies import find
from flowctl.emulator.services.flow_service.errors import missing_reference, service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, SOURCE_CONNECTION, TARGET_CONNECTION, Kind
from flowctl.emulator.services.flow_service.patch import check_if_match, store_change
from flowctl.emulator.services.flow_service.spec_references import connection_spec, flow_spec
from flowctl.emulator.services.flow_service.transitions import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call

# operation -> (state before, passing state, state after)
CHANGES = {
    "enable": ("disabled", "enabled-finalizing", "enabled"),
    "disable": ("enabled", "disabled-finalizing", "disabled"),
    "publish": ("draft", "enabled-finalizing", "enabled"),
}
FOR_PROVIDERS = frozenset({"finalize", "finalize-update"})


def read_operation(call: Call) -> str:
    """Return `op`, which the tutorials write `re-trigger` and the official description `RE_TRIGGER` (FLOW-1436)."""
    operation = call.incoming.query.get("op", "").lower().replace("_", "-")
    if not operation:
        raise service_error("1436", "The query parameter op is missing.")
    return operation


def action(kind: Kind) -> Callable[[Call], Reply]:
    """Return the action call of a kind: `{"id", "etag"}`.

    Refuses: an operation for providers (FLOW-1402) or unknown to the kind (1435), a state that it does not
    start from (1422), an If-Match that is not the etag (1404-412), publishing before the parts (1456).
    """
    known = CHANGES if kind is FLOW else {"publish": CHANGES["publish"]}

    def act(call: Call) -> Reply:
        operation = read_operation(call)
        if operation in FOR_PROVIDERS:
            raise service_error("1402", f"The action {operation} is only for flow providers.")
        if operation not in known:
            raise service_error("1435", f"The action {operation} is not valid for {kind.collection}.")
        stored = find(call, kind)
        if "if-match" in call.incoming.headers:
            check_if_match(call, stored)
        document = stored.value()
        before, passing, after = known[operation]
        if document["state"] != before:
            message = f"The action {operation} cannot be applied in the state {document['state']}."
            raise service_error("1422", message)
        if operation == "publish":
            _check_publishable(call, kind, document)
        document["state"] = passing if begin(call, kind, stored.id, passing) else after
        return store_change(call, kind, stored, document, operation)

    return act


def _check_publishable(call: Call, kind: Kind, document: dict[str, Any]) -> None:
    """Refuse a draft that is not complete, or whose parts are drafts themselves: publishing goes from the base up."""
    if kind is CONNECTION:
        spec = connection_spec(call, document)
        checks_connection.check_auth(call, spec, document.get("auth"))
    elif kind is SOURCE_CONNECTION and document.get("baseConnectionId"):
        _check_part(call, CONNECTION, document["baseConnectionId"])
    elif kind is FLOW:
        _check_part(call, SOURCE_CONNECTION, document["sourceConnectionIds"][0])
        target = _check_part(call, TARGET_CONNECTION, document["targetConnectionIds"][0])
        spec = flow_spec(call, document)
        checks_flow.check_parts(call, document, spec, target, draft=False)


def _check_part(call: Call, kind: Kind, id_: str) -> dict[str, Any]:
    stored = call.platform.objects.get(call.caller.scope, kind.name, id_)
    if stored is None:
        raise missing_reference(kind.collection, id_)
    document = stored.value()
    checks_source.check_usable(kind.name, document, draft=False)
    return document
