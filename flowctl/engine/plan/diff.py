"""What differs between wanted, recorded and live attributes, place by place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flowctl.engine.plan.equivalence import alike, equivalent
from flowctl.kinds.forms import Forms, form_at
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import Sensitive, Unknown

KeyedLists = Mapping[Path, str]
FormsOf = Callable[[JSONObject], Forms]
SecretChanged = Callable[[Path, Sensitive], bool]


def changes(
    *,
    desired: JSONObject,
    observed: JSONObject,
    applied: JSONObject,
    keyed_lists: KeyedLists,
    forms: FormsOf,
    secret_changed: SecretChanged,
) -> tuple[AttributeChange, ...]:
    """What has to change: wanted values that differ from the live ones, and once applied ones no longer wanted.

    Only declared attributes count: what the live object holds besides is the platform's own, except items of a keyed
    list, which is declared as a whole. `forms` tells how values of an object's attributes may be written. Secrets are
    compared with their recorded digest by `secret_changed`, never with the live value.
    """
    if _holds(observed, desired) and desired == applied:
        return ()
    known = forms(desired)
    found: list[AttributeChange] = []
    for path, wanted in leaves(desired, keyed_lists):
        if isinstance(wanted, Sensitive):
            if secret_changed(path, wanted):
                found.append(AttributeChange(steps=path, sensitive=True, after=wanted))
            continue
        found.extend(_difference(path, value_at(observed, path, keyed_lists), wanted, known))
    found.extend(AttributeChange(steps=path, before=item) for path, item in _surplus(desired, observed, keyed_lists))
    for path, _ in leaves(applied, keyed_lists):
        path = _whole_item(path, desired, keyed_lists)
        live = value_at(observed, path, keyed_lists)
        if value_at(desired, path, keyed_lists) is None and not equivalent(live, None):
            found.append(AttributeChange(steps=path, before=live))
    return _merged(found, observed, desired, keyed_lists)


def drift(
    *, applied: JSONObject, observed: JSONObject, keyed_lists: KeyedLists, forms: FormsOf
) -> tuple[DriftedAttribute, ...]:
    """What was changed outside flowctl: recorded values that the live object no longer has, and added items."""
    if _holds(observed, applied):
        return ()
    known = forms(applied)
    found = []
    for path, recorded in leaves(applied, keyed_lists):
        live = value_at(observed, path, keyed_lists)
        if not alike(known, path, live, recorded):
            found.append(DriftedAttribute(steps=path, recorded=recorded, observed=live))
    added = _surplus(applied, observed, keyed_lists)
    return (*found, *(DriftedAttribute(steps=path, recorded=None, observed=item) for path, item in added))


def leaves(value: Any, keyed_lists: KeyedLists, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is compared by itself, with its place: members of objects, and of items of keyed lists."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(member, keyed_lists, (*path, name))
    elif isinstance(value, list) and path in keyed_lists and (keys := _keys(value, keyed_lists[path])) is not None:
        for key, item in zip(keys, value, strict=True):
            yield from leaves(item, keyed_lists, (*path, f"[{key}]"))
    elif path:
        yield path, value


def _keys(items: list[Any], member: str) -> list[str] | None:
    """The keys of a list's items; None where they do not tell the items apart, so that their order has to."""
    keys = [item.get(member) if isinstance(item, Mapping) else None for item in items]
    told_apart = None not in keys and len({str(key) for key in keys}) == len(keys)
    return [str(key) for key in keys] if told_apart else None


def _surplus(declared: JSONObject, observed: JSONObject, keyed_lists: KeyedLists) -> Iterator[tuple[Path, Any]]:
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


def _difference(path: Path, before: Any, after: Any, forms: Forms) -> Iterator[AttributeChange]:
    if isinstance(after, Unknown) or not alike(forms, path, before, after):
        ordered = form_at(forms, path) is None
        if ordered and isinstance(before, list) and isinstance(after, list) and not _holds_unknown(after):
            from flowctl.engine.plan.list_changes import list_changes

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
