"""The places at which attributes are compared: each leaf on its own, items of keyed lists by their key."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from flowctl.model.attribute_path import Path, value_at
from flowctl.model.json_value import JSONObject

KeyedLists: TypeAlias = Mapping[Path, str]


def leaves(value: Any, keyed_lists: KeyedLists, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is compared on its own, with its place: members of objects, and of items of keyed lists."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(member, keyed_lists, (*path, name))
    elif isinstance(value, list) and path in keyed_lists and (keys := _keys(value, keyed_lists[path])) is not None:
        for key, item in zip(keys, value, strict=True):
            yield from leaves(item, keyed_lists, (*path, f"[{key}]"))
    elif path:
        yield path, value


def surplus(declared: JSONObject, observed: JSONObject, keyed_lists: KeyedLists) -> Iterator[tuple[Path, Any]]:
    """The items of live keyed lists that the declared list does not have, each at its place."""
    for path, member in keyed_lists.items():
        wanted, live = value_at(declared, path, {}), value_at(observed, path, {})
        if not isinstance(wanted, list) or not isinstance(live, list):
            continue
        keys, live_keys = _keys(wanted, member), _keys(live, member)
        if keys is not None and live_keys is not None:
            yield from (
                ((*path, f"[{key}]"), item) for key, item in zip(live_keys, live, strict=True) if key not in keys
            )


def whole_item(path: Path, desired: JSONObject, keyed_lists: KeyedLists) -> Path:
    """The item of a keyed list where the whole item is gone, else the path itself."""
    for length, step in enumerate(path, start=1):
        is_item = step.startswith("[") and path[: length - 1] in keyed_lists
        if is_item and value_at(desired, path[:length], keyed_lists) is None:
            return path[:length]
    return path


def _keys(items: list[Any], member: str) -> list[str] | None:
    """The keys of a list's items; None where they do not tell the items apart, so that their order has to."""
    keys = [item.get(member) if isinstance(item, Mapping) else None for item in items]
    told_apart = None not in keys and len({str(key) for key in keys}) == len(keys)
    return [str(key) for key in keys] if told_apart else None
