"""Pages: every list that is read in parts is read here, and ends whatever the server replies."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import TypeAlias, TypeVar

from flowctl.engine.observe.understood import understood
from flowctl.model.errors import PlatformError
from flowctl.model.header_value import LONGEST
from flowctl.model.request import Reply, Request

P = TypeVar("P")
Send: TypeAlias = Callable[[Request], Reply]
MOST_PAGES = 2_000
"""Pages of one list; at 100 objects each, more than any sandbox has of a kind."""
_MOST_BARREN = 5
"""Pages in a row without anything new, which a filter may leave of a list."""


def pages(
    request: Request,
    send: Send,
    *,
    read: Callable[[Request, Reply], P],
    names: Callable[[P], Iterable[Hashable]],
    next_page: Callable[[Request, Reply], Request | None],
) -> Iterator[P]:
    """Each page of a list as `read` makes it of a reply; `names` tells its items apart.

    Raises PlatformError for a list without an end: one that comes back to a page, or goes on without anything new, or
    on and on.
    """
    requested: set[tuple[tuple[str, str], ...]] = set()
    known: set[Hashable] = set()
    barren = 0
    following: Request | None = request
    while following is not None:
        if following.query in requested:
            raise _endless(request, "it returns to a page that was already read")
        if len(requested) == MOST_PAGES:
            raise _endless(request, f"it has more than {MOST_PAGES} pages")
        requested.add(following.query)
        reply = send(following)
        page = read(following, reply)
        before = len(known)
        known.update(names(page))
        barren = barren + 1 if len(known) == before else 0
        yield page
        following = understood(following, reply, partial(_following, next_page, following))
        if following is not None and barren == _MOST_BARREN:
            raise _endless(request, f"{barren} pages in a row have nothing new")


def _following(next_page: Callable[[Request, Reply], Request | None], request: Request, reply: Reply) -> Request | None:
    following = next_page(request, reply)
    if following is not None and any(len(value) > LONGEST for _, value in following.query):
        raise ValueError("the address of the next page is too long")
    return following


def _endless(request: Request, why: str) -> PlatformError:
    return PlatformError.because(
        "endless-list",
        f"the list {request.path} has no end: {why}",
        hint="Check `endpoint` of the environment in flowctl.yaml, and that no proxy replies in its place.",
    )
