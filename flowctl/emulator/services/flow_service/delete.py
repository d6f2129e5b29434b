"""DELETE: 204, unless flows still use the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.identifiers import new_etag
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service.bodies import find
from flowctl.emulator.services.flow_service.errors import service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, Kind
from flowctl.emulator.services.flow_service.transitions import begin, check_changeable

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call


def deleter(kind: Kind) -> Callable[[Call], Reply]:
    """Return the DELETE of one object of `kind`.

    Refuses: unknown id (FLOW-1439-404), a base connection used by flows (FLOW-1418-400), a source or target
    connection of a flow (FLOW-1447-400). Nothing is deleted along with it. The status is 204, or 202 by choice.
    """

    def delete(call: Call) -> Reply:
        stored = find(call, kind)
        objects, scope = call.platform.objects, call.caller.scope
        document = stored.value()
        check_changeable(document)
        flows = [] if kind is FLOW else objects.referrers(scope, FLOW.name, kind.name, stored.id)
        if flows and kind is CONNECTION:
            raise service_error("1418", f"The connection {stored.id} is being used in one or more flows.")
        if flows:
            raise service_error("1447", f"Found active flows containing id {stored.id}: {', '.join(flows)}.")
        if begin(call, kind, stored.id, "delete-finalizing"):
            document["state"] = "delete-finalizing"
            etag = new_etag(call.now_ms)
            objects.replace(scope, kind.name, stored.id, document, etag=etag, name=stored.name)
        else:
            objects.delete(scope, kind.name, stored.id)
        return Reply(int(call.platform.settings.deletes))

    return delete
