"""Orphans: source and target connections that no flow uses and nothing records, as failed runs of other tools leave."""

from functools import partial
from typing import Any

from flowctl.engine.reading import Send, understood
from flowctl.kinds.flow_service import BASE, PAGE, next_page
from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply, Request
from flowctl.operations.session import Session


def find_orphans(session: Session) -> list[dict[str, Any]]:
    """`{kind, id, name, createdAt, createdClient}` of each orphan, by kind and name.

    Flows of destinations use connections of these collections too, so every flow of the sandbox is read.
    """
    used: set[str] = set()
    for flow in _all("flows", session.send):
        for member in ("sourceConnectionIds", "targetConnectionIds"):
            used.update(map(str, flow.get(member) or ()))
    recorded = {entry.id for entry in session.ledger.lockfile.entries.values()}
    recorded |= {old for entry in session.ledger.lockfile.entries.values() for old in entry.deposed}
    found = [
        {
            "kind": kind,
            "id": item["id"],
            "name": item.get("name"),
            "createdAt": item.get("createdAt"),
            "createdClient": item.get("createdClient"),
        }
        for kind, collection in (
            ("source_connection", "sourceConnections"),
            ("target_connection", "targetConnections"),
        )
        for item in _all(collection, session.send)
        if item["id"] not in used | recorded
    ]
    return sorted(found, key=lambda orphan: (orphan["kind"], str(orphan["name"]), orphan["id"]))


def _all(collection: str, send: Send) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    request: Request | None = Request(method="GET", path=f"{BASE}/{collection}", query=(("limit", str(PAGE)),))
    while request is not None:
        reply = send(request)
        items += understood(request, reply, _items)
        request = understood(request, reply, partial(next_page, request))
    return items


def _items(reply: Reply) -> list[dict[str, Any]]:
    """The objects of a page; raises TypeError if a flow does not list its connections."""
    items = [{**live.body, "id": live.id} for live in KINDS["flow"].objects(reply)]
    for item in items:
        for member in ("sourceConnectionIds", "targetConnectionIds"):
            if not isinstance(item.get(member) or [], list):
                raise TypeError(member)
    return items
