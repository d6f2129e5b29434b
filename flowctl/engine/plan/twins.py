"""Twins: live objects that nothing records and that would be the same as one to be created.

The platform allows equal names, so a title proves nothing, and a changed title hides nothing: an object is a twin if
it has the title, or if it reads and writes the same. What a twin refers to may itself be a twin, so kinds are searched
from what others depend on to what depends on them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.search import Titled, begin_titled, find_referring
from flowctl.engine.plan import diff
from flowctl.engine.plan.candidate_index import Anchor, CandidateIndex, anchors
from flowctl.engine.plan.equivalence import equivalent
from flowctl.kinds.kind import Kind, Search
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, begins_with
from flowctl.model.change import Action, Change
from flowctl.model.json_value import JSON
from flowctl.model.resource import RemoteObject, Unknown

_MADE = (Action.CREATE, Action.REPLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One live object, and how it compares with what would be created.

    `differences` are the places that differ; `same_title` and `same_identity` say why it was found. `stops` says that
    creating the other one would duplicate it; `serves` that what refers to the other one could refer to it.
    """

    live: RemoteObject
    differences: tuple[Path, ...]
    same_title: bool
    same_identity: bool
    stops: bool
    serves: bool


Twins = Mapping[Address, Sequence[Twin]]


def find_twins(
    changes: Iterable[Change],
    recorded: Collection[str],
    kinds: Mapping[str, Kind],
    send: Send,
    pool: ThreadPoolExecutor,
) -> Twins:
    """The twins of everything that these changes create, by address; objects with a recorded id are none."""
    made: dict[str, list[Change]] = {}
    for change in changes:
        if change.action in _MADE:
            made.setdefault(change.kind, []).append(change)
    searched = [
        (kind, kind.search)
        for name, kind in kinds.items()
        if name in made and kind.search is not None and not kind.search.unique
    ]
    titled = {kind.name: _titled(kind, search, made[kind.name], send, pool) for kind, search in searched}
    found: dict[Address, list[Twin]] = {}
    for kind, search in searched:
        changed = made[kind.name]
        live = titled[kind.name]() + _referring(kind, search, changed, found, send, pool)
        index = CandidateIndex(kind, search, (each for each in live if each.id not in recorded))
        for change in changed:
            found[change.address] = list(_twins(kind, search, change, index, found))
    return found


def _titled(kind: Kind, search: Search, changes: Sequence[Change], send: Send, pool: ThreadPoolExecutor) -> Titled:
    """The objects of these titles, which are read at once for all kinds: titles depend on nothing else."""
    titles = {str(change.desired[kind.label]) for change in changes} if search.by_title else set[str]()
    return begin_titled(kind, titles, send, pool)


def _referring(
    kind: Kind,
    search: Search,
    changes: Sequence[Change],
    found: Mapping[Address, Sequence[Twin]],
    send: Send,
    pool: ThreadPoolExecutor,
) -> list[RemoteObject]:
    live: list[RemoteObject] = []
    referred: dict[Path, set[str]] = {}
    for change in changes:
        for path, object_id in _anchors(search, change.desired, found):
            referred.setdefault(path, set()).add(object_id)
    for path, ids in referred.items():
        live += find_referring(kind, path, ids, send, pool)
    return live


def _anchors(
    search: Search, attributes: Mapping[str, JSON], found: Mapping[Address, Sequence[Twin]]
) -> Iterator[Anchor]:
    """What an object refers to; the twins of it where it refers to something that is not made yet."""
    for path, value in anchors(search, attributes):
        if isinstance(value, Unknown):
            yield from ((path, twin.live.id) for twin in found.get(value.address, ()) if twin.serves)
        else:
            yield path, str(value)


def _twins(
    kind: Kind, search: Search, change: Change, index: CandidateIndex, found: Mapping[Address, Sequence[Twin]]
) -> Iterator[Twin]:
    title = change.desired[kind.label]
    for live in index.near(change.desired, set(_anchors(search, change.desired, found))):
        differences = tuple(_differences(kind, change, live, found))
        same_title = live.attributes.get(kind.label) == title
        same_identity = bool(search.identity) and not any(
            begins_with(place, path) for place in differences for path in search.identity
        )
        apart = search.fixed is not None and search.fixed in differences
        if same_title or same_identity:
            stops = (same_title and not apart) or (same_identity and search.stops_untitled)
            yield Twin(
                live=live,
                differences=differences,
                same_title=same_title,
                same_identity=same_identity,
                stops=stops,
                serves=same_identity if search.identity else stops,
            )


def _differences(
    kind: Kind, change: Change, live: RemoteObject, found: Mapping[Address, Sequence[Twin]]
) -> Iterator[Path]:
    """The places where a live object is not what would be created; secrets cannot be compared and do not count."""
    differing = diff.changes(
        desired=change.desired,
        observed=live.attributes,
        applied={},
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    return (each.steps for each in differing if not _may_be(each.before, each.after, found))


def _may_be(live: JSON, desired: JSON, found: Mapping[Address, Sequence[Twin]]) -> bool:
    """Whether a live value may be the desired one, which may hold IDs of objects that are not made yet.

    Of a kind that is not searched, such as mapping sets, any object may be the one.
    """
    if isinstance(desired, Unknown):
        twins = found.get(desired.address)
        return twins is None or any(twin.live.id == live for twin in twins if twin.serves)
    if isinstance(desired, list) and isinstance(live, list):
        return len(live) == len(desired) and all(_may_be(*pair, found) for pair in zip(live, desired, strict=True))
    return equivalent(live, desired)
