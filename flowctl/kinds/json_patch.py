"""Changes of attributes into a JSON Patch against the live body (RFC 6902)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowctl.model.attribute_path import Path, value_at
from flowctl.model.json_value import JSONObject

_ABSENT = object()


def operations(
    paths: Sequence[Path],
    *,
    live: Mapping[str, Any],
    desired: JSONObject,
    keyed_lists: Mapping[Path, str],
) -> list[JSONObject]:
    """The operations that bring `paths` of the live body to their desired values, one each.

    An item of a keyed list is found by its key and replaced whole, never by an assumed index; what the live item has
    besides stays in it. A list without a key is replaced whole. `replace` where the live body has the member, `add`
    where it has not (the platform refuses to replace a missing member, FLOW-1455-400), `remove` where nothing is
    desired. Removals come after the others, those of items from the last to the first: each moves what is behind it.
    """
    units: dict[Path, list[Path]] = {}
    for path in paths:
        units.setdefault(_unit(path, live, keyed_lists), []).append(path)
    found = [_operation(unit, below, live, desired, keyed_lists) for unit, below in units.items()]
    removals = sorted((each for each in found if each["op"] == "remove"), key=_place, reverse=True)
    return [each for each in found if each["op"] != "remove"] + removals


def _unit(path: Path, live: Mapping[str, Any], keyed_lists: Mapping[Path, str]) -> Path:
    for place, step in enumerate(path):
        if step.startswith("["):
            path = path[: place + 1] if path[:place] in keyed_lists else path[:place]
            break
    for length in range(1, len(path)):
        if value_at(live, path[:length], {}) is None:
            return path[:length]
    return path


def _operation(
    unit: Path,
    paths: Sequence[Path],
    live: Mapping[str, Any],
    desired: JSONObject,
    keyed_lists: Mapping[Path, str],
) -> JSONObject:
    """The operation for a unit; `paths` are the changed places in it."""
    pointer, exists = _pointer(unit, live, keyed_lists)
    value = value_at(desired, unit, keyed_lists)
    if value is None:
        return {"op": "remove", "path": pointer}
    if exists and unit[-1].startswith("["):
        gone = [path[len(unit) :] for path in paths if value_at(desired, path, keyed_lists) is None]
        value = _over(value_at(live, unit, keyed_lists), value, gone)
    return {"op": "replace" if exists else "add", "path": pointer, "value": value}


def _over(live: Any, desired: Any, gone: Sequence[Path]) -> Any:
    """The desired value with the members of the live one that it does not have, except those that are to go."""
    if not (isinstance(live, Mapping) and isinstance(desired, Mapping)):
        return desired
    leaving = {path[0] for path in gone if len(path) == 1}
    kept = {name: value for name, value in live.items() if name not in desired and name not in leaving}
    return {
        **kept,
        **{
            name: _over(live.get(name), value, [path[1:] for path in gone if path[:1] == (name,) and path[1:]])
            for name, value in desired.items()
        },
    }


def _place(operation: JSONObject) -> tuple[str, int]:
    """The list, and the place in it; places outside lists are all 0."""
    parent, _, last = operation["path"].rpartition("/")
    return parent, int(last) if last.isdecimal() else 0


def _pointer(unit: Path, live: Mapping[str, Any], keyed_lists: Mapping[Path, str]) -> tuple[str, bool]:
    pointer = ""
    value: Any = live
    for place, step in enumerate(unit):
        if step.startswith("["):
            index = _index(value, keyed_lists.get(unit[:place]), step[1:-1])
            return f"{pointer}/{'-' if index is None else index}", index is not None
        value = value.get(step, _ABSENT) if isinstance(value, Mapping) else _ABSENT
        pointer += "/" + step.replace("~", "~0").replace("/", "~1")
    return pointer, value is not _ABSENT


def _index(items: Any, key: str | None, wanted: str) -> int | None:
    for position, item in enumerate(items or ()):
        if key is not None and isinstance(item, Mapping) and str(item.get(key)) == wanted:
            return position
    return None
