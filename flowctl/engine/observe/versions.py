"""Many versions of objects in few requests: most are the newest, and the list of those has them."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import object_pages, read_version
from flowctl.engine.observe.unreadable import Unread, Unreadable
from flowctl.kinds.kind import Kind
from flowctl.model.resource import RemoteObject

_OBJECTS_A_PAGE: Final = 25
"""One page of the list is read for so many wanted versions; the rest is read one by one."""


def read_versions(
    kind: Kind,
    wanted: Collection[tuple[str, str]],
    send: Send,
    pool: ThreadPoolExecutor,
    unread: Unread | None = None,
) -> dict[tuple[str, str], RemoteObject]:
    """The live versions by ID and version; one that is missing or hidden is absent, or is told to `unread`."""
    if kind.versions is None:
        raise AssertionError(f"a {kind.title} has no versions")
    missing = set(wanted)
    found: dict[tuple[str, str], RemoteObject] = {}
    for page in islice(
        object_pages(kind, kind.versions.newest, send, _ignored if unread else None), len(missing) // _OBJECTS_A_PAGE
    ):
        for live in page:
            key = (live.id, kind.version(live.outputs))
            if key in missing:
                missing.discard(key)
                found[key] = live
        if not missing:
            return found
    left = sorted(missing)
    read = pool.map(lambda key: read_version(kind, key[0], key[1], send, unread), left)
    for key, one in zip(left, read, strict=True):
        if one is not None:
            found[key] = one
    return found


def _ignored(_one: Unreadable) -> None:
    """What the list shows of an object need not be the wanted version, which is then read alone."""
