"""Lockfile entries after drift is accepted; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowctl.kinds.registry import KINDS
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject


def accepted_entry(entry: LockEntry, live: RemoteObject, accepted: Iterable[Path], desired: JSONObject) -> LockEntry:
    """The entry with the desired values of the accepted attributes, for the version of the object that is live."""
    keyed_lists = KINDS[entry.kind].keyed_lists
    applied: JSON = entry.applied
    for path in accepted:
        applied = _with(applied, path, value_at(desired, path, keyed_lists), keyed_lists, ())
    return replace(entry, id=live.id, etag=live.etag, outputs=live.outputs or entry.outputs, applied=applied)


def _with(value: Any, path: Path, new: JSON, keyed_lists: Mapping[Path, str], at: Path) -> JSON:
    """The value with another one at a path below it; None removes what is there."""
    step, rest = path[0], path[1:]
    if step.startswith("[") and at in keyed_lists:
        return _with_item(value if isinstance(value, list) else [], step, rest, new, keyed_lists, at)
    members = dict(value) if isinstance(value, Mapping) else {}
    inner = new if not rest else _with(members.get(step), rest, new, keyed_lists, (*at, step))
    if inner is None:
        members.pop(step, None)
    else:
        members[step] = inner
    return members


def _with_item(
    items: Sequence[Any], step: str, rest: Path, new: JSON, keyed_lists: Mapping[Path, str], at: Path
) -> JSON:
    name, found = step[1:-1], False
    changed: list[JSON] = []
    for item in items:
        if isinstance(item, Mapping) and str(item.get(keyed_lists[at])) == name:
            found = True
            item = new if not rest else _with(item, rest, new, keyed_lists, (*at, step))
        if item is not None:
            changed.append(item)
    if not found and new is not None and not rest:
        changed.append(new)
    return changed
