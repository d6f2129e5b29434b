"""What differs between desired, recorded and live attributes, place by place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flowctl.engine.plan.equivalence import alike, canonical, equivalent
from flowctl.engine.plan.places import KeyedLists, leaves, surplus, whole_item
from flowctl.kinds.forms import Forms, form_at
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.change import AttributeChange
from flowctl.model.containment import holds
from flowctl.model.json_value import JSONObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import RemoteObject, Sensitive, Unknown

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
    """What has to change: desired values that differ from the live ones, and once applied ones no longer wanted.

    Only declared attributes count: what the live object holds besides is the platform's own, except items of a keyed
    list, which is declared as a whole. `forms` tells how values of an object's attributes may be written. Secrets are
    compared with their recorded digest by `secret_changed`, never with the live value.
    """
    if desired == applied and holds(observed, desired):
        return ()
    known = forms(desired)
    found: list[AttributeChange] = []
    for path, wanted in leaves(desired, keyed_lists):
        if isinstance(wanted, Sensitive):
            if secret_changed(path, wanted):
                found.append(AttributeChange(steps=path, sensitive=True, after=wanted))
            continue
        found.extend(_difference(path, value_at(observed, path, keyed_lists), wanted, known))
    found.extend(AttributeChange(steps=path, before=item) for path, item in surplus(desired, observed, keyed_lists))
    for path, _ in leaves(applied, keyed_lists):
        path = whole_item(path, desired, keyed_lists)
        live = value_at(observed, path, keyed_lists)
        if value_at(desired, path, keyed_lists) is None and not equivalent(live, None):
            found.append(AttributeChange(steps=path, before=live))
    return _merged(found, observed, desired, keyed_lists)


def is_as_sent(kind: Kind, sent: JSONObject, live: RemoteObject) -> bool:
    """Whether a live object has every attribute that was sent; secrets cannot be compared and do not count."""
    return not changes(
        desired=sent,
        observed=live.attributes,
        applied={},
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )


def drift(
    *, applied: JSONObject, observed: JSONObject, keyed_lists: KeyedLists, forms: FormsOf
) -> tuple[DriftedAttribute, ...]:
    """What was changed outside flowctl: values and items that the live object no longer has, and added items."""
    found: dict[Path, DriftedAttribute] = {}
    for place in drifted_places(applied=applied, observed=observed, keyed_lists=keyed_lists, forms=forms):
        item = whole_item(place.steps, observed, keyed_lists)
        whole = value_at(applied, item, keyed_lists) if item != place.steps else None
        if isinstance(whole, Mapping):
            place = DriftedAttribute(steps=item, recorded=whole, observed=None)
        found.setdefault(place.steps, place)
    lost = dict.fromkeys(_item_of(place.steps, keyed_lists) for place in found.values() if place.observed is None)
    for item in filter(None, lost):
        for extra in _members_besides(item, applied, observed, keyed_lists):
            found.setdefault(extra.steps, extra)
    return tuple(found.values())


def _item_of(path: Path, keyed_lists: KeyedLists) -> Path | None:
    """The item of a keyed list in which a place is; None if it is in none, or is the item itself."""
    for length, step in enumerate(path[:-1], start=1):
        if step.startswith("[") and path[: length - 1] in keyed_lists:
            return path[:length]
    return None


def _members_besides(
    item: Path, applied: JSONObject, observed: JSONObject, keyed_lists: KeyedLists
) -> Iterator[DriftedAttribute]:
    """What an item that has lost a value has in its place: a mapping that is calculated now has an expression."""
    live, known = value_at(observed, item, keyed_lists), value_at(applied, item, keyed_lists)
    if isinstance(live, Mapping) and isinstance(known, Mapping):
        for name, value in live.items():
            if name not in known and not equivalent(value, None):
                yield DriftedAttribute(steps=(*item, name), recorded=None, observed=value)


def drifted_places(
    *, applied: JSONObject, observed: JSONObject, keyed_lists: KeyedLists, forms: FormsOf
) -> tuple[DriftedAttribute, ...]:
    """The same value by value: an item that is gone is as many places as it has values."""
    if holds(observed, applied):
        return ()
    known = forms(applied)
    found = []
    for path, recorded in leaves(applied, keyed_lists):
        live = value_at(observed, path, keyed_lists)
        if not alike(known, path, live, recorded):
            found.append(DriftedAttribute(steps=path, recorded=recorded, observed=live))
    added = surplus(applied, observed, keyed_lists)
    return (*found, *(DriftedAttribute(steps=path, recorded=None, observed=item) for path, item in added))


def _difference(path: Path, before: Any, after: Any, forms: Forms) -> Iterator[AttributeChange]:
    if isinstance(after, Unknown) or not alike(forms, path, before, after):
        ordered = form_at(forms, path) is None
        if ordered and isinstance(before, list) and isinstance(after, list) and not _holds_unknown(after):
            yield from _list_changes(path, before, after)
        else:
            yield AttributeChange(steps=path, before=before, after=after)


def _holds_unknown(items: list[Any]) -> bool:
    return any(isinstance(item, Unknown) for item in items)


def _list_changes(path: Path, before: list[Any], after: list[Any]) -> list[AttributeChange]:
    """The changed places inside two lists that are not equivalent, such as `params.columns[1].type`."""
    from deepdiff import DeepDiff  # takes long to import, and nearly no plan needs it

    difference = DeepDiff(canonical(before) or [], canonical(after) or [], view="tree", threshold_to_diff_deeper=0)
    places: dict[Path, AttributeChange] = {}
    for group in difference.values():
        for level in group:
            inner = level.path(output_format="list")
            steps = path + tuple(f"[{step}]" if isinstance(step, int) else str(step) for step in inner)
            places[steps] = AttributeChange(steps=steps, before=_at(before, inner), after=_at(after, inner))
    found = [places[steps] for steps in sorted(places) if not equivalent(places[steps].before, places[steps].after)]
    return found or [AttributeChange(steps=path, before=before, after=after)]


def _at(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _merged(
    found: list[AttributeChange], observed: JSONObject, desired: JSONObject, keyed_lists: KeyedLists
) -> tuple[AttributeChange, ...]:
    """One change for an item of a keyed list that is wholly new, instead of one for each member of it."""
    merged: dict[Path, AttributeChange] = {}
    for change in found:
        item = whole_item(change.steps, observed, keyed_lists)
        # A list whose keys do not tell its items apart is compared by their order, and has no item of that key.
        whole = value_at(desired, item, keyed_lists) if item != change.steps and not change.sensitive else None
        if whole is not None:
            change = AttributeChange(steps=item, after=whole)
        merged.setdefault(change.steps, change)
    return tuple(merged.values())
