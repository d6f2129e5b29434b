"""The live connection specs."""

from collections.abc import Iterable, Mapping

from flowctl.kinds.depth import require_shallow
from flowctl.kinds.flow_service import BASE
from flowctl.kinds.live_check import Ask
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request


def live_connection_specs(spec_ids: Iterable[str]) -> Ask[Mapping[str, JSONObject]]:
    """A request for the connection specs with these IDs; the reply is read as specs by ID."""
    query = (("property", f"id=={','.join(spec_ids)}"),)
    return Ask(request=Request(method="GET", path=f"{BASE}/connectionSpecs", query=query), read=_by_id)


def _by_id(reply: Reply) -> Mapping[str, JSONObject]:
    items = list(reply.body["items"])
    require_shallow(items)
    return {str(item["id"]): item for item in items}
