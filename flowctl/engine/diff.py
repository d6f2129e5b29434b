"""What differs between wanted, recorded and live attributes, place by place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flowctl.engine.equivalence import equivalent
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import Sensitive, Unknown

KeyedLists = Mapping[Path, str]
SecretChanged = Callable[[Path, Sensitive], bool]


def changes(
    *,
    desired: JSONObject,
    observed: JSONObject,
    applied: JSONObject,
    keyed_lists: KeyedLists,
    secret_changed: SecretChanged,
) -> tuple[AttributeChange, ...]:
    """What has to change: wanted values that differ from the live ones, and once applied ones no longer wanted.

    Only declared attributes count: what the live object holds besides is the platform's own. Secrets are compared
    with their recorded digest by `secret_changed`, never with the live value.
    """
    if _holds(observed, desired) and desired == applied:
        return ()
    found: list[AttributeChange] = []
    for path, wanted in leaves(desired, keyed_lists):
        if isinstance(wanted, Sensitive):
            if secret_changed(path, wanted):
                found.append(AttributeChange(steps=path, sensitive=True, after=wanted))
            continue
        found.extend(_difference(path, value_at(observed, path, keyed_lists), wanted))
    for path, _ in leaves(applied, keyed_lists):
        path = _whole_item(path, desired, keyed_lists)
        live = value_at(observed, path, keyed_lists)
        if value_at(desired, path, keyed_lists) is None and not equivalent(live, None):
            found.append(AttributeChange(steps=path, before=live))
    return _merged(found, observed, desired, keyed_lists)


def drift(*, applied: JSONObject, observed: JSONObject, keyed_lists: KeyedLists) -> tuple[DriftedAttribute, ...]:
    """What was changed outside flowctl: recorded values that the live object does not have any more."""
    if _holds(observed, applied):
        return ()
    found = []
    for path, recorded in leaves(applied, keyed_lists):
        live = value_at(observed, path, keyed_lists)
        if not equivalent(live, recorded):
            found.append(DriftedAttribute(steps=path, recorded=recorded, observed=live))
    return tuple(found)


def leaves(value: Any, keyed_lists: KeyedLists, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is compared by itself, with its place: members of objects, and of items of keyed lists."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(member, keyed_lists, (*path, name))
    elif isinstance(value, list) and path in keyed_lists:
        key = keyed_lists[path]
        for item in value:
            yield from leaves(item, keyed_lists, (*path, f"[{item.get(key)}]"))
    elif path:
        yield path, value


def _holds(observed: Any, members: Any) -> bool:
    """Whether the live object has exactly these members: true for nearly all objects, and known at once."""
    if observed == members:
        return True
    if type(members) is not dict or type(observed) is not dict:
        return False
    for name, value in members.items():  # noqa: SIM110 - this runs for every object, and a generator takes longer
        if name not in observed or not _holds(observed[name], value):
            return False
    return True


def _whole_item(path: Path, desired: JSONObject, keyed_lists: KeyedLists) -> Path:
    """The item of a keyed list where the whole item is gone, else the path itself."""
    for length, step in enumerate(path, start=1):
        if step.startswith("[") and path[: length - 1] in keyed_lists:
            if value_at(desired, path[:length], keyed_lists) is None:
                return path[:length]
            break
    return path


def _difference(path: Path, before: Any, after: Any) -> Iterator[AttributeChange]:
    if isinstance(after, Unknown) or not equivalent(before, after):
        if isinstance(before, list) and isinstance(after, list) and not _holds_unknown(after):
            from flowctl.engine.list_changes import list_changes

            yield from list_changes(path, before, after)
        else:
            yield AttributeChange(steps=path, before=before, after=after)


def _holds_unknown(items: list[Any]) -> bool:
    return any(isinstance(item, Unknown) for item in items)


def _merged(
    found: list[AttributeChange], observed: JSONObject, desired: JSONObject, keyed_lists: KeyedLists
) -> tuple[AttributeChange, ...]:
    """One change for an item of a keyed list that is wholly new, instead of one for each member of it."""
    merged: dict[Path, AttributeChange] = {}
    for change in found:
        item = _whole_item(change.steps, observed, keyed_lists)
        if item != change.steps and not change.sensitive:
            change = AttributeChange(steps=item, after=value_at(desired, item, keyed_lists))
        merged.setdefault(change.steps, change)
    return tuple(merged.values())
