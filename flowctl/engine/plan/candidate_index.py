"""An index of live objects by title and by identity, so that many desired ones are compared with few of them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from flowctl.engine.plan.equivalence import canonical
from flowctl.engine.plan.places import leaves
from flowctl.kinds.kind import Kind, Search
from flowctl.model.attribute_path import Path, begins_with, value_at
from flowctl.model.json_value import JSON
from flowctl.model.resource import RemoteObject, Unknown

Anchor = tuple[Path, str]
_Attributes = Mapping[str, JSON]


def anchors(search: Search, attributes: _Attributes) -> Iterator[tuple[Path, JSON]]:
    """What an object refers to at the first anchor that it has, with the place."""
    for path in search.anchors:
        value = value_at(attributes, path, {})
        if value is not None:
            yield from ((path, item) for item in (value if isinstance(value, list) else [value]))
            return


class CandidateIndex:
    """Live objects of one kind, in the order in which they were given."""

    def __init__(self, kind: Kind, search: Search, candidates: Iterable[RemoteObject]) -> None:
        self._kind, self._search = kind, search
        self._live = {live.id: live for live in candidates}
        self._by_title: dict[str, set[str]] = {}
        self._by_anchor: dict[Anchor, set[str]] = {}
        self._by_value: dict[Path, dict[str, set[str]]] = {}
        for live in self._live.values():
            self._by_title.setdefault(str(live.attributes.get(kind.label)), set()).add(live.id)
            for path, value in anchors(search, live.attributes):
                self._by_anchor.setdefault((path, str(value)), set()).add(live.id)

    def near(self, attributes: _Attributes, referred: Collection[Anchor]) -> list[RemoteObject]:
        """The objects of the desired title, and those that may have the desired identity; `referred` are its anchors.

        Where the kind is not searched by title, only what refers to the same counts.
        """
        titled = self._by_title.get(str(attributes[self._kind.label]), set())
        anchored = set().union(*(self._by_anchor.get(anchor, set()) for anchor in referred))
        near = titled if self._search.by_title else titled & anchored
        same = anchored
        for path, value in leaves({path[0]: attributes.get(path[0]) for path in self._search.identity}, {}):
            if same and isinstance(value, str | int) and self._is_identity(path):
                same = same & self._values(path).get(_rough(value), set())
        return [self._live[object_id] for object_id in sorted(near | same)]

    def _is_identity(self, path: Path) -> bool:
        return any(begins_with(path, identity) for identity in self._search.identity)

    def _values(self, path: Path) -> dict[str, set[str]]:
        if path not in self._by_value:
            values: dict[str, set[str]] = {}
            for live in self._live.values():
                values.setdefault(_rough(value_at(live.attributes, path, {})), set()).add(live.id)
            self._by_value[path] = values
        return self._by_value[path]


def _rough(value: JSON | Unknown) -> str:
    """A text that is equal for equivalent values, and for some that are not: the comparison itself comes later."""
    return json.dumps(canonical(value), default=str).strip('/"')
