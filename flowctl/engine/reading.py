"""Reading live objects of one kind: batches of ids, pages, and what is missing."""

from collections.abc import Iterator, Sequence, Set
from typing import NoReturn
from urllib.parse import quote

from flowctl.engine.paging import Send, pages
from flowctl.engine.understood import objects_of, understood
from flowctl.kinds.kind import Kind
from flowctl.model.errors import Refused
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

__all__ = ["Send", "find_objects", "object_pages", "read_object", "read_objects", "read_version", "understood"]


def read_objects(kind: Kind, ids: Sequence[str], send: Send) -> dict[str, RemoteObject]:
    """The live objects of these ids (at most one batch); an id that is not in the answer is missing."""
    try:
        found = {live.id: live for live in _wanted(kind, ids, send)}
    except Refused as error:
        if error.status != 404:
            raise
        if len(ids) == 1:
            return {}
        return {key: live for one in ids for key, live in read_objects(kind, [one], send).items()}
    return found


def read_object(kind: Kind, object_id: str, send: Send) -> RemoteObject | None:
    """The live object of this id, or None where it is missing or hidden."""
    return next(iter(read_objects(kind, [object_id], send).values()), None)


def read_version(kind: Kind, object_id: str, version: str, send: Send) -> RemoteObject | None:
    """One version of a versioned object, or None where it is missing or hidden."""
    try:
        request = kind.read_many([f"{object_id}@{version}"])
        reply = send(request)
        (live,) = understood(request, reply, lambda _: _only(objects_of(kind, request, reply), object_id))
    except Refused as error:
        if error.status == 404:
            return None
        raise
    return live


def find_objects(kind: Kind, title: str, send: Send) -> list[RemoteObject]:
    """The live objects of exactly this title: the platform's filters know wildcards, so its answer is filtered."""
    found = (live for page in object_pages(kind, kind.find(title), send) for live in page)
    return [live for live in found if live.attributes.get(kind.label) == title]


def object_pages(
    kind: Kind, request: Request, send: Send, *, expected: Set[str] = frozenset()
) -> Iterator[list[RemoteObject]]:
    """The pages of a list of this kind; where ids are expected, a page of nothing but others cannot be read."""

    def read(request: Request, reply: Reply) -> list[RemoteObject]:
        found = objects_of(kind, request, reply)
        if found and expected and not any(live.id in expected for live in found):
            return understood(request, reply, _stranger)
        return found

    return pages(
        request,
        send,
        read=read,
        names=lambda page: ((live.id, *live.outputs.values()) for live in page),
        next_page=kind.next_page,
    )


def _wanted(kind: Kind, ids: Sequence[str], send: Send) -> Iterator[RemoteObject]:
    """The objects of these ids; where all are found, no further page is read."""
    missing = set(ids)
    request = kind.read_many(ids)
    by_id = any(quote(one, safe="") in request.path or one in str(request.query) for one in ids)
    for page in object_pages(kind, request, send, expected=frozenset(ids if by_id else ())):
        for live in page:
            if live.id in missing:
                missing.discard(live.id)
                yield live
        if not missing:
            return


def _stranger(_reply: Reply) -> NoReturn:
    raise ValueError("it holds none of the objects that were asked for")


def _only(found: list[RemoteObject], object_id: str) -> list[RemoteObject]:
    if [live.id for live in found] != [object_id]:
        raise ValueError("it is not the object that was asked for")
    return found
