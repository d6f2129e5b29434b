"""Ignored places: `lifecycle.ignoreChanges` lets a live value stand where it differs from the manifest."""

from collections.abc import Iterator, Sequence
from typing import Any

from flowctl.engine.plan.places import KeyedLists, leaves
from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.json_value import JSONObject


def covers(ignored: Sequence[str], path: Path) -> bool:
    """Whether a place is one of the ignored paths, or lies below one."""
    return bool(ignored) and _covered(ignored, path) is not None


def with_live_values(
    desired: JSONObject, observed: JSONObject, ignored: Sequence[str], keyed_lists: KeyedLists
) -> JSONObject:
    """The desired attributes with the live value at every ignored place, or with nothing if none is live."""
    places: dict[Path, None] = {}
    for attributes in (desired, observed):
        for path, _ in leaves(attributes, keyed_lists):
            covered = _covered(ignored, path)
            if covered is not None:
                places[covered] = None
    result = desired
    for place in places:
        result = _replaced(result, place, 0, value_at(observed, place, keyed_lists), keyed_lists)
    return result


def _covered(ignored: Sequence[str], path: Path) -> Path | None:
    """The shortest beginning of a path that is ignored as a whole."""
    return next((path[:end] for end in range(1, len(path) + 1) if dotted(path[:end]) in ignored), None)


def _replaced(value: Any, place: Path, depth: int, live: Any, keyed_lists: KeyedLists) -> Any:
    """A copy of a value in which a place holds the live value, or nothing if that is None."""
    if depth == len(place):
        return live
    step = place[depth]
    if step.startswith("[") and place[:depth] in keyed_lists:
        return list(_items(value or [], place, depth, live, keyed_lists))
    members = dict(value or {})
    member = _replaced(members.get(step), place, depth + 1, live, keyed_lists)
    if member is None:
        members.pop(step, None)
    else:
        members[step] = member
    return members


def _items(items: Sequence[Any], place: Path, depth: int, live: Any, keyed_lists: KeyedLists) -> Iterator[Any]:
    """The items of a keyed list, one of them with the live value: changed, added or left out."""
    key, wanted, found = keyed_lists[place[:depth]], place[depth][1:-1], False
    for item in items:
        if str(item.get(key)) != wanted:
            yield item
            continue
        found = True
        changed = _replaced(item, place, depth + 1, live, keyed_lists)
        if changed is not None:
            yield changed
    if not found and live is not None and depth + 1 == len(place):
        yield live
