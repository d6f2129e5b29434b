"""Orphans: source and target connections that no flow uses and nothing records, as failed runs of other tools leave."""

from typing import Any

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import objects_of, unclear
from flowctl.engine.recover.claimed_ids import recorded_ids
from flowctl.kinds.flow_service import BASE, PAGE, next_page
from flowctl.kinds.registry import KINDS
from flowctl.model.record_report import Orphan, Orphans
from flowctl.model.request import Reply, Request
from flowctl.operations.session import Session

_YEAR_10000 = 253_402_300_800_000
_USED = ("sourceConnectionIds", "targetConnectionIds")


def find_orphans(session: Session) -> Orphans:
    """The orphans of the sandbox, by kind and name.

    Flows of destinations use connections of these collections too, so every flow of the sandbox is read.
    """
    used: set[str] = set()
    for flow in _all("flows", session.send):
        used.update(*(flow.get(name) or () for name in _USED))
    recorded = recorded_ids(session.ledger.lockfile)
    found = [
        Orphan(
            kind=kind,
            id=item["id"],
            name=_text(item.get("name")),
            created_at=_time(item.get("createdAt")),
            created_client=_text(item.get("createdClient")),
        )
        for kind, collection in (
            ("source_connection", "sourceConnections"),
            ("target_connection", "targetConnections"),
        )
        for item in _all(collection, session.send)
        if item["id"] not in used | recorded
    ]
    return Orphans(orphans=tuple(sorted(found, key=lambda orphan: (orphan.kind, str(orphan.name), orphan.id))))


def _all(collection: str, send: Send) -> list[dict[str, Any]]:
    request = Request(method="GET", path=f"{BASE}/{collection}", query=(("limit", str(PAGE)),))
    read = pages(request, send, read=_items, names=lambda page: (item["id"] for item in page), next_page=next_page)
    return [item for page in read for item in page]


def _items(request: Request, reply: Reply) -> list[dict[str, Any]]:
    """The objects of a page; raises UnclearReply if a flow does not list its connections."""
    items = [{**live.body, "id": live.id} for live in objects_of(KINDS["flow"], request, reply)]
    lists = [item.get(name) or [] for item in items for name in _USED]
    if not all(isinstance(ids, list) and all(isinstance(one, str) for one in ids) for ids in lists):
        raise unclear(request, reply, "a flow does not list its connections")
    return items


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: object) -> int | None:
    """Epoch milliseconds that a calendar has."""
    return value if isinstance(value, int) and 0 <= value < _YEAR_10000 else None
