"""Connection specs that the catalogue does not know: whether the platform has them."""

from collections.abc import Sequence

from flowctl.kinds.flow_service import BASE
from flowctl.kinds.live_check import Ask, Desired, DesiredCheck, LiveCheck, Preflight
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Resource
from flowctl.specs.catalogue import connector_by_spec_id


def connection_spec_check(resources: Sequence[Resource], _desired: Desired) -> LiveCheck:
    """One error for each connection spec of these resources that neither the catalogue nor the platform knows."""
    users = {
        spec_id: resource
        for resource in resources
        if connector_by_spec_id(spec_id := resource.attributes["connectionSpec"]["id"]) is None
    }
    if not users:
        return ()
    query = (("property", f"id=={','.join(users)}"),)
    ask = Ask(request=Request(method="GET", path=f"{BASE}/connectionSpecs", query=query), read=_ids)
    answers = yield (ask,)
    known = answers.of(ask)
    return [_unknown(spec_id, resource) for spec_id, resource in users.items() if spec_id not in known]


def _ids(reply: Reply) -> frozenset[str]:
    return frozenset(item["id"] for item in reply.body["items"])


def _unknown(spec_id: str, resource: Resource) -> Diagnostic:
    return Diagnostic(
        code="unknown-connection-spec",
        summary=f"Experience Platform has no connection spec `{spec_id}`",
        hint="Correct `connectionSpec.id`, or set `connector` to a name from the connector reference.",
        address=resource.address,
        span=resource.place("connectionSpec", "id"),
    )


CONNECTION_SPECS = Preflight(desired=(DesiredCheck(begin=connection_spec_check),))
"""Base and source connections share the check, so that one request asks for the connection specs of both."""
