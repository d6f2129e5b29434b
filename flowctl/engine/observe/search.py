"""Search: many live objects of one kind by title, or by what they refer to, in few requests."""

from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import listed
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import Path
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject

_PAGE = 100
_WALK = 4
"""One page of everything is tried for so many requests by title: a small platform is read whole, and on a large one
a quarter more is sent."""


def find_titled(kind: Kind, titles: Collection[str], send: Send, pool: ThreadPoolExecutor) -> list[RemoteObject]:
    """The live objects of exactly these titles, by whichever way takes fewer requests."""
    search = kind.search
    if search is None or not titles:
        return []
    requests = search.titled(sorted(titles))
    most = len(requests) // _WALK * _PAGE
    found = list(islice(listed(kind, search.everything, send), most)) if most else []
    if not most or len(found) == most:
        found = _all(kind, requests, send, pool)
    return [live for live in found if isinstance(title := live.attributes.get(kind.label), str) and title in titles]


def find_referring(
    kind: Kind, path: Path, ids: Collection[str], send: Send, pool: ThreadPoolExecutor
) -> list[RemoteObject]:
    """The live objects that refer to one of these IDs at `path`."""
    search = kind.search
    if search is None or search.referring is None or not ids:
        return []
    return _all(kind, search.referring(path, sorted(ids)), send, pool)


def _all(kind: Kind, requests: Sequence[Request], send: Send, pool: ThreadPoolExecutor) -> list[RemoteObject]:
    pages: Iterable[list[RemoteObject]] = pool.map(lambda request: list(listed(kind, request, send)), requests)
    return [live for page in pages for live in page]
