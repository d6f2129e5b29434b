"""Guards: what must stay on the platform because it holds data or is still in use."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from types import MappingProxyType
from typing import Final

from flowctl.engine.graph import in_dependency_order
from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import understood
from flowctl.kinds.kind import DeletionGuard, Kind
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request
from flowctl.model.resource import OnDelete, RemoteObject, Resource

_Page = tuple[str, tuple[tuple[str, str], ...]]
"""The path and the query of a request."""
_NONE: Final[Mapping[Address, frozenset[str]]] = MappingProxyType({})


def blocked_deletions(
    leaving: Mapping[Address, LockEntry],
    objects: Mapping[Address, RemoteObject],
    kinds: Mapping[str, Kind],
    send: Send,
    pool: ThreadPoolExecutor,
    released: Mapping[Address, frozenset[str]] = _NONE,
) -> dict[Address, str]:
    """Why some of the objects that leave the workspace have to stay, by address.

    Kinds are read from dependents to dependencies: a dataset that goes away does not keep its schema. `released` has
    the IDs of what no longer uses an object once the plan is applied.
    """
    guarded = [address for address in leaving if address in objects and has_deletion_guard(kinds, leaving[address])]
    names = _dependents_first(leaving, {leaving[address].kind for address in guarded})
    pages = _PageCache(send)
    blocked: dict[Address, str] = {
        address: why
        for address, entry in leaving.items()
        if address in objects and (why := kinds[entry.kind].stays(objects[address])) is not None
    }
    blocked |= {
        address: f"The {owner.kind} that it belongs to stays"
        for address, entry in leaving.items()
        for owner in entry.depends_on & blocked.keys()
        if owner.kind == kinds[entry.kind].belongs_to
    }
    for name in names:
        addresses = [address for address in guarded if leaving[address].kind == name and address not in blocked]
        gone = frozenset(
            entry.id
            for address, entry in leaving.items()
            if address not in blocked and entry.lifecycle.on_delete is not OnDelete.RETAIN
        )
        blocked_by = partial(_blocked_by, kinds[name].deletion_guard, leaving, gone, released, pages)
        for address, why in zip(addresses, pool.map(blocked_by, addresses), strict=True):
            if why is not None:
                blocked[address] = why
    return blocked


def released_by(
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    objects: Mapping[Address, RemoteObject],
    kinds: Mapping[str, Kind],
) -> dict[Address, frozenset[str]]:
    """For each object that leaves the workspace, the IDs of its users that an update in place releases from it.

    The removal of an object waits for the updates of its recorded users.
    """
    found: dict[Address, set[str]] = {}
    for user, resource in desired.items():
        entry = entries.get(user)
        dropped = entry.depends_on - resource.depends_on - desired.keys() if entry is not None else frozenset()
        for address in dropped & entries.keys():
            if user in objects and _is_released(entries[address].id, resource, objects[user], kinds[user.kind]):
                found.setdefault(address, set()).add(objects[user].id)
    return {address: frozenset(ids) for address, ids in found.items()}


def _is_released(used: str, resource: Resource, live: RemoteObject, kind: Kind) -> bool:
    """Whether an update in place removes every reference to an ID, and nothing of it is ignored or replaced."""
    holding = [name for name, value in live.attributes.items() if used in _texts(value)]
    replacing = {path[0] for path in kind.replacement.paths}
    is_free = not resource.ignored and used not in _texts(resource.attributes)
    return is_free and kind.update is not None and not replacing.intersection(holding)


def _texts(value: object) -> Iterator[str]:
    """Every string in a value."""
    waiting = [value]
    for each in waiting:
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each


def _dependents_first(entries: Mapping[Address, LockEntry], wanted: set[str]) -> list[str]:
    """The wanted kinds, each before the kinds that its objects depend on."""
    needs: dict[Address, set[Address]] = {}
    for entry in entries.values():
        needs.setdefault(Address(entry.kind), set()).update(
            Address(address.kind) for address in entry.depends_on if address.kind != entry.kind
        )
    return [kind for kind in reversed(in_dependency_order(needs)) if kind in wanted]


def has_deletion_guard(kinds: Mapping[str, Kind], entry: LockEntry) -> bool:
    """Whether an entry's deletion needs a look first."""
    return kinds[entry.kind].deletion_guard is not None and entry.lifecycle.on_delete is OnDelete.AUTO


def why_blocked(guard: DeletionGuard, object_id: str, send: Send, gone: frozenset[str] = frozenset()) -> str | None:
    """Why this object has to stay, or None; `gone` holds IDs that go away before it does."""

    def read(request: Request, reply: Reply) -> tuple[str | None, tuple[str, ...]]:
        return understood(request, reply, lambda reply: (guard.blocks(object_id, reply, gone), _names(reply)))

    looked = pages(guard.request(object_id), send, read=read, names=lambda page: page[1], next_page=guard.next_page)
    return next((why for why, _ in looked if why is not None), None)


def _names(reply: Reply) -> tuple[str, ...]:
    """What tells one page of a list from another."""
    results = reply.body.get("results") if isinstance(reply.body, Mapping) else None
    if isinstance(results, list):
        return tuple(str(each.get("$id")) for each in results)
    return tuple(map(str, reply.body))


def _blocked_by(
    guard: DeletionGuard | None,
    leaving: Mapping[Address, LockEntry],
    gone: frozenset[str],
    released: Mapping[Address, frozenset[str]],
    pages: "_PageCache",
    address: Address,
) -> str | None:
    if guard is None:
        return None
    return why_blocked(guard, leaving[address].id, pages, gone | released.get(address, frozenset()))


class _PageCache:
    """Send each request once, also from several threads: several schemas need the same pages of the dataset list."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._mutex = Lock()
        self._asking: dict[_Page, Lock] = {}
        self._replies: dict[_Page, Reply] = {}

    def __call__(self, request: Request) -> Reply:
        page = (request.path, request.query)
        with self._mutex:
            asking = self._asking.setdefault(page, Lock())
        with asking:
            if page not in self._replies:
                self._replies[page] = self._send(request)
            return self._replies[page]
