"""Reading live objects of one kind: batches of ids, pages, and what is missing."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from flowctl.kinds.identifier import Unclear, only
from flowctl.kinds.kind import Kind
from flowctl.model.errors import Refused, UnclearReply
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

T = TypeVar("T")
Send = Callable[[Request], Reply]


def understood(request: Request, reply: Reply, read: Callable[[Reply], T]) -> T:
    """What `read` makes of a reply; raises UnclearReply if the reply does not have the shape of the API."""
    try:
        return read(reply)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        why = str(error) if isinstance(error, Unclear) else type(error).__name__
        raise unclear(request, reply, why) from error


def unclear(request: Request, reply: Reply, why: str) -> UnclearReply:
    """The error for a reply of success that cannot be used."""
    return UnclearReply.because(
        "unexpected-reply",
        f"the reply to {request.method} {request.path} has the wrong shape",
        detail=f"It begins with {request.without_secrets(str(reply.body))[:200]!r} ({why}).",
        hint="Check that the endpoint is the platform's own and that no proxy answers in its place.",
    )


def read_objects(kind: Kind, ids: Sequence[str], send: Send) -> dict[str, RemoteObject]:
    """The live objects of these ids (at most one batch); an id that is not in the answer is missing.

    What is not an ID of the kind is missing too, and is not sent. Raises UnclearReply for objects that were not asked
    for: an answer to another question does not say that anything is missing.
    """
    ids = [one for one in ids if kind.id_form.holds(one)]
    if not ids:
        return {}
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
    if not kind.id_form.holds(object_id):
        return None
    request = kind.read_many([f"{object_id}@{version}"])
    try:
        reply = send(request)
    except Refused as error:
        if error.status == 404:
            return None
        raise
    live: RemoteObject = understood(request, reply, lambda one: only(kind.objects(one)))
    if live.id != object_id or (version and live.outputs.get("version") != version):
        raise unclear(request, reply, "it is not the object that was asked for")
    return live


def find_objects(kind: Kind, title: str, send: Send) -> list[RemoteObject]:
    """The live objects of exactly this title: the platform's filters know wildcards, so its answer is filtered."""
    found = _pages(kind, kind.find(title), send, wanted=frozenset())
    return [live for live in found if live.attributes.get(kind.label) == title]


def listed(kind: Kind, request: Request, send: Send) -> Iterator[RemoteObject]:
    """Every live object that a list request and its further pages show; a page is read when its objects are needed."""
    return _pages(kind, request, send, wanted=frozenset())


def _pages(kind: Kind, request: Request, send: Send, *, wanted: frozenset[str]) -> Iterator[RemoteObject]:
    missing = set(wanted)
    following: Request | None = request
    while following is not None:
        reply = send(following)
        for live in understood(following, reply, kind.objects):
            if not wanted or live.id in wanted:
                missing.discard(live.id)
                yield live
            elif len(wanted) == 1 or not kind.reads_whole_list:
                raise unclear(following, reply, "it holds objects that were not asked for")
        if wanted and not missing:
            return
        following = understood(following, reply, partial(kind.next_page, following))
