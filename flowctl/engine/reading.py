"""Reading live objects of one kind: batches of ids, pages, and what is missing."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from flowctl.kinds.kind import Kind
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

T = TypeVar("T")
Send = Callable[[Request], Reply]


def understood(request: Request, reply: Reply, read: Callable[[Reply], T]) -> T:
    """What `read` makes of a reply; raises PlatformError where the reply has not the shape of the API."""
    try:
        return read(reply)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise PlatformError.because(
            "unexpected-reply",
            f"the reply to {request.method} {request.path} has the wrong shape",
            detail=f"It begins with {reply.masked(str(reply.body))[:200]!r} ({type(error).__name__}).",
            hint="Check that the endpoint is the platform's own and that no proxy answers in its place.",
        ) from error


def read_objects(kind: Kind, ids: Sequence[str], send: Send) -> dict[str, RemoteObject]:
    """The live objects of these ids (at most one batch); an id that is not in the answer is missing."""
    try:
        found = {live.id: live for live in _pages(kind, kind.read_many(ids), send, wanted=frozenset(ids))}
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
        return understood(request, send(request), kind.objects)[0]
    except Refused as error:
        if error.status == 404:
            return None
        raise


def find_objects(kind: Kind, title: str, send: Send) -> list[RemoteObject]:
    """The live objects of exactly this title: the platform's filters know wildcards, so its answer is filtered."""
    found = _pages(kind, kind.find(title), send, wanted=frozenset())
    return [live for live in found if live.attributes.get(kind.label) == title]


def _pages(kind: Kind, request: Request, send: Send, *, wanted: frozenset[str]) -> Iterator[RemoteObject]:
    missing = set(wanted)
    following: Request | None = request
    while following is not None:
        reply = send(following)
        for live in understood(following, reply, kind.objects):
            if not wanted or live.id in wanted:
                missing.discard(live.id)
                yield live
        if wanted and not missing:
            return
        following = understood(following, reply, partial(kind.next_page, following))
