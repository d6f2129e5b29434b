"""Orphans: objects made for others that nothing uses and nothing records, as failed runs of other tools leave them."""

from collections.abc import Iterator

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import objects_of, understood
from flowctl.engine.recover.claimed_ids import recorded_ids
from flowctl.kinds.kind import Kind
from flowctl.kinds.live_state import UsedBy
from flowctl.kinds.registry import KINDS
from flowctl.model.record_report import Orphan, Orphans
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject
from flowctl.operations.session import Session

_YEAR_10000 = 253_402_300_800_000


def find_orphans(session: Session) -> Orphans:
    """The orphans of the sandbox, by kind and name.

    Objects of other features use some of them too, so every object is read that may use one.
    """
    rules = {kind.name: kind.used_by for kind in KINDS.values() if kind.used_by is not None}
    recorded = recorded_ids(session.ledger.lockfile)
    needed = {rule: _used(rule, session.send) | recorded for rule in dict.fromkeys(rules.values())}
    found = [
        _orphan(KINDS[name], live)
        for name, rule in rules.items()
        for live in _all(KINDS[name], rule, session.send)
        if live.id not in needed[rule]
    ]
    return Orphans(orphans=tuple(sorted(found, key=lambda orphan: (orphan.kind, str(orphan.name), orphan.id))))


def _used(rule: UsedBy, send: Send) -> frozenset[str]:
    """The IDs that any object of the using kind names."""
    return frozenset(one for live in _all(KINDS[rule.kind], rule, send) for one in rule.ids(live.body))


def _all(kind: Kind, rule: UsedBy, send: Send) -> Iterator[RemoteObject]:
    """Every object of a kind; none may be such that it does not tell what it uses, whatever list it is in."""

    def read(request: Request, reply: Reply) -> list[RemoteObject]:
        found = objects_of(kind, request, reply)
        understood(request, reply, lambda _reply: [rule.ids(live.body) for live in found])
        return found

    read_pages = pages(
        _everything(kind), send, read=read, names=lambda page: (live.id for live in page), next_page=kind.next_page
    )
    return (live for page in read_pages for live in page)


def _everything(kind: Kind) -> Request:
    if kind.search is None:
        raise AssertionError(f"a {kind.title} cannot be listed")
    return kind.search.everything


def _orphan(kind: Kind, live: RemoteObject) -> Orphan:
    return Orphan(
        kind=kind.name,
        id=live.id,
        name=_text(live.body.get(kind.label)),
        created_at=_time(kind.provenance.created_at(live.body)),
        created_client=_text(kind.provenance.created_client(live.body)),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: object) -> int | None:
    """Epoch milliseconds that a calendar has."""
    return value if isinstance(value, int) and 0 <= value < _YEAR_10000 else None
