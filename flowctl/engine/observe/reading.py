"""Reading live objects of one kind: batches of IDs, lists, and what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import objects_of, unclear, understood
from flowctl.engine.observe.unreadable import Unread, Unreadable
from flowctl.kinds.identifier import only
from flowctl.kinds.kind import Kind
from flowctl.model.errors import Refused
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject


def read_objects(kind: Kind, ids: Sequence[str], send: Send, unread: Unread | None = None) -> dict[str, RemoteObject]:
    """The live objects of these IDs (at most one batch); an ID that is not in the reply is missing.

    What is not an ID of the kind is missing too, and is not sent. Raises UnclearReply for other objects
    than these: a reply to another request does not say that anything is missing. One that cannot be read is told to
    `unread`, and is missing; without `unread`, raises UnclearReply.
    """
    if not kind.id_form.all_hold(ids):
        ids = [one for one in ids if kind.id_form.holds(one)]
    if not ids:
        return {}
    told: list[Unreadable] = []
    try:
        found = {live.id: live for live in _wanted(kind, ids, send, told if unread is not None else None)}
    except (Refused, _Nameless) as error:
        if isinstance(error, Refused) and error.status != 404:
            raise
        if len(ids) == 1:
            return {}
        return {key: live for one in ids for key, live in read_objects(kind, [one], send, unread).items()}
    if unread is not None:
        for one in told:
            unread(one)
    return found


class _Nameless(Exception):  # noqa: N818 - reads as what happened
    """One of several objects in a reply has no ID: each has to be read alone."""


def read_object(kind: Kind, object_id: str, send: Send) -> RemoteObject | None:
    """The live object of this id, or None where it is missing or hidden."""
    return next(iter(read_objects(kind, [object_id], send).values()), None)


def read_version(
    kind: Kind, object_id: str, version: str, send: Send, unread: Unread | None = None
) -> RemoteObject | None:
    """One version of a versioned object, or None where it is missing or hidden, or is told to `unread`."""
    if kind.versions is None:
        raise AssertionError(f"a {kind.title} has no versions")
    if not kind.id_form.holds(object_id):
        return None
    request = kind.versions.read(object_id, version)
    try:
        reply = send(request)
    except Refused as error:
        if error.status == 404:
            return None
        raise
    found = objects_of(kind, request, reply, unread)
    if not found and unread is not None:
        return None
    live: RemoteObject = understood(request, reply, lambda _: only(found))
    if live.id != object_id or (version and kind.version(live.outputs) != version):
        raise unclear(request, reply, "it is not the requested object")
    return live


def find_objects(kind: Kind, title: str, send: Send) -> list[RemoteObject]:
    """The live objects of exactly this title: the platform's filters know wildcards, so its reply is filtered."""
    return [live for live in listed(kind, kind.find(title), send) if live.attributes.get(kind.label) == title]


def listed(kind: Kind, request: Request, send: Send) -> Iterator[RemoteObject]:
    """Every live object that a list request and its further pages show; a page is read when its objects are needed."""
    return (live for page in object_pages(kind, request, send) for live in page)


def object_pages(
    kind: Kind, request: Request, send: Send, unread: Unread | None = None
) -> Iterator[list[RemoteObject]]:
    """The pages of a list of this kind; what cannot be read is told to `unread`, or raises UnclearReply."""
    read = partial(objects_of, kind, unread=unread)
    return pages(request, send, read=read, names=_names, next_page=kind.next_page)


def _wanted(kind: Kind, ids: Sequence[str], send: Send, told: list[Unreadable] | None) -> Iterator[RemoteObject]:
    """The objects of these IDs; where all are found, no further page is read."""
    wanted, missing = frozenset(ids), set(ids)

    def read(request: Request, reply: Reply) -> list[RemoteObject]:
        broken: list[Unreadable] = []
        found = objects_of(kind, request, reply, broken.append if told is not None else None)
        for one in broken:
            if not one.id and not kind.reads_whole_list:
                if len(wanted) > 1:
                    raise _Nameless
                one = replace(one, id=ids[0])
            if told is not None and one.id in missing:
                missing.discard(one.id)
                told.append(one)
        strangers = [live for live in found if live.id not in wanted]
        if strangers and (len(wanted) == 1 or not kind.reads_whole_list):
            raise unclear(request, reply, "it has objects that were not requested")
        return found

    for page in pages(kind.read_many(ids), send, read=read, names=_names, next_page=kind.next_page):
        for live in page:
            if live.id in missing:
                missing.discard(live.id)
                yield live
        if not missing:
            return


def _names(page: list[RemoteObject]) -> Iterator[tuple[str, ...]]:
    return ((live.id, *live.outputs.values()) for live in page)
