"""Search: many live objects of one kind by title, or by what they refer to, in few requests."""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeAlias

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import listed
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import Path
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject
from flowctl.systems import result_of

Titled: TypeAlias = Callable[[], list[RemoteObject]]
_Page: TypeAlias = Future[list[RemoteObject]]
_PAGE = 100
_WALK = 4
"""One page of everything is tried for so many requests by title: a small platform is read whole, and on a large one
a quarter more is sent."""


def find_titled(kind: Kind, titles: Collection[str], send: Send, pool: ThreadPoolExecutor) -> list[RemoteObject]:
    """The live objects of exactly these titles, by whichever way takes fewer requests."""
    return begin_titled(kind, titles, send, pool)()


def begin_titled(kind: Kind, titles: Collection[str], send: Send, pool: ThreadPoolExecutor) -> Titled:
    """Begin to find the live objects of exactly these titles; what is returned waits for them, as `find_titled` does.

    Several searches that are begun read at the same time. Call it, and what it returns, outside of the pool.
    """
    search = kind.search
    if search is None or not titles:
        return list
    requests = search.titled(sorted(titles))
    most = len(requests) // _WALK * _PAGE
    if not most:
        pages = _begun(kind, requests, send, pool)
        return lambda: _of_titles(kind, titles, _together(pages))
    walk = pool.submit(lambda: list(islice(listed(kind, search.everything, send), most)))

    def ended() -> list[RemoteObject]:
        found = result_of(walk)
        if len(found) == most:
            found = _together(_begun(kind, requests, send, pool))
        return _of_titles(kind, titles, found)

    return ended


def find_referring(
    kind: Kind, path: Path, ids: Collection[str], send: Send, pool: ThreadPoolExecutor
) -> list[RemoteObject]:
    """The live objects that refer to one of these IDs at `path`."""
    search = kind.search
    if search is None or search.referring is None or not ids:
        return []
    return _together(_begun(kind, search.referring(path, sorted(ids)), send, pool))


def _begun(kind: Kind, requests: Sequence[Request], send: Send, pool: ThreadPoolExecutor) -> Sequence[_Page]:
    return [pool.submit(lambda request: list(listed(kind, request, send)), request) for request in requests]


def _together(pages: Sequence[_Page]) -> list[RemoteObject]:
    return [live for page in pages for live in result_of(page)]


def _of_titles(kind: Kind, titles: Collection[str], found: Iterable[RemoteObject]) -> list[RemoteObject]:
    return [live for live in found if isinstance(title := live.attributes.get(kind.label), str) and title in titles]
