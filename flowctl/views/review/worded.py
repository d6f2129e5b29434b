"""The values of a change under the keys that manifests have for them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.kinds.terms import READING_ORDER, Term
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.change import AttributeChange, Change
from flowctl.model.json_value import JSON
from flowctl.model.plan import Drift
from flowctl.model.resource import KNOWN_LATER
from flowctl.views.field_values import field_texts, is_field
from flowctl.views.review.field_rows import is_of_field
from flowctl.views.review.mapping_rows import is_of_mapping
from flowctl.views.review.schedules import schedule_words
from flowctl.views.values import before_and_after, plain, shown, whole

_LAST: Final = "description"
_ITEMS: Final = 10
"""Items of a list that a person reads; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """A changed value under its key: on each side as text, None if there is none."""

    key: str
    before: str | None
    after: str | None
    is_secret: bool = False
    forces_replacement: bool = False


def changed_values(change: Change) -> Iterator[ChangedValue]:
    """The changed values of an object, without mappings and without what only follows from other changes."""
    for attribute in change.attributes:
        term = _term(change, attribute.steps)
        before, after = before_and_after(attribute)
        if is_of_table(change, attribute) or (term.key is None and _follows(after)):
            continue
        yield ChangedValue(
            key=dotted(term.key if term.key is not None else attribute.steps),
            before=None if before is None else whole(term.written(before)),
            after=None if after is None else _after(change, term, after, whole),
            is_secret=attribute.sensitive,
            forces_replacement=attribute.forces_replacement,
        )


def drifted_values(drift: Drift, *, in_pipeline: bool) -> Iterator[ChangedValue]:
    """The values of an object that were changed outside flowctl."""
    for place in drift.attributes:
        term = KINDS[drift.address.kind].terms.of(place.steps, in_pipeline=in_pipeline)
        recorded, observed = (shown(value) for value in (place.recorded, place.observed))
        yield ChangedValue(
            key=dotted(term.key or place.steps),
            before=None if recorded is None else _value(place.steps, term.written(recorded)),
            after=None if observed is None else _value(place.steps, term.written(observed)),
        )


def _value(path: Path, value: JSON) -> str:
    return ", ".join(field_texts(value, plain)) if is_field(path, value) else whole(value)


def is_of_table(change: Change, attribute: AttributeChange) -> bool:
    """Whether a changed value is shown in a table of its own: that of mappings, or that of fields."""
    return is_of_mapping(change, attribute) or is_of_field(change, attribute)


def new_values_by_key(change: Change, own: Collection[Address]) -> Mapping[str, Sequence[str]]:
    """The values of a new object for each key of its pipeline, such as `path: /a` for `source`.

    A reference to `own` objects, those of the same pipeline, is not told. Neither are mappings and the schedule, which
    a reader sees in another form, nor what has no key. The items of a list follow each other as texts of their own.
    """
    found: dict[str, list[_NewValue]] = {}
    for key, text in _told_values(change, own):
        _put(found.setdefault(key[0], []), key[1:], text)
    return {key: _listed(values) for key, values in found.items()}


def new_values(change: Change) -> Sequence[str]:
    """The values of a new object under their whole keys, such as `source.path: /a`."""
    found: list[_NewValue] = []
    for key, text in _told_values(change, ()):
        _put(found, key, text)
    return _listed(found)


def in_reading_order(keys: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, Sequence[str]]]:
    """Keys of a pipeline in the order in which a person reads them."""
    places = {key: place for place, key in enumerate(READING_ORDER)}
    return sorted(keys.items(), key=lambda item: places.get(item[0], len(places)))


@dataclass(slots=True)
class _NewValue:
    """A key with its values; `leads` says that they tell most about the object."""

    name: str
    texts: dict[str, None]
    leads: bool


def _told_values(change: Change, own: Collection[Address]) -> Iterator[tuple[Path, "_Told"]]:
    """The values of a new object that a reader is told, by key."""
    given = {attribute.steps for attribute in change.attributes}
    in_words = KINDS[change.kind].schedule if schedule_words(change.schedule or {}) else None
    for attribute in change.attributes:
        if is_of_table(change, attribute) or attribute.steps[0] == in_words:
            continue
        for path, value in _leaves(change, attribute):
            term = _term(change, path)
            is_own = any(address in own for address in _referred(change, term))
            if term.key is not None and term.implied_by not in given and not is_own:
                is_list = isinstance(value, list | tuple) and not any(
                    isinstance(item, Mapping | list) for item in value
                )
                texts = [*_items(change, term, value)] if value and is_list else [_after(change, term, value)]
                yield term.key, _Told(texts, bool(term.refers or term.implied_by))


@dataclass(frozen=True, slots=True)
class _Told:
    texts: Sequence[str]
    leads: bool


def _put(values: list[_NewValue], key: Path, told: _Told) -> None:
    """Add a value; of the items of a list, which have names, only these are told."""
    items = next((place for place, step in enumerate(key) if step.startswith("[")), None)
    name = dotted(key[:items])
    texts = told.texts if items is None else [key[items][1:-1]]
    known = next((each for each in values if each.name == name), None)
    if known is None:
        known = _NewValue(name, {}, told.leads)
        values.append(known)
    known.texts |= dict.fromkeys(texts)


def _listed(values: Sequence[_NewValue]) -> Sequence[str]:
    """The values as strings, each first one with its key before it."""
    found: list[str] = []
    for value in sorted(values, key=_rank):
        first, *others = list(value.texts)[:_ITEMS]
        more = len(value.texts) - _ITEMS
        found += [f"{value.name}: {first}" if value.name else first, *others, *([f"and {more} more"] * (more > 0))]
    return found


def _rank(value: _NewValue) -> int:
    return 0 if value.leads else 2 if value.name == _LAST else 1


def _leaves(change: Change, attribute: AttributeChange) -> Iterator[tuple[Path, JSON]]:
    """The value of an attribute, in parts where manifests have other keys for those."""
    terms = KINDS[change.kind].terms

    def parts(path: Path, value: JSON) -> Iterator[tuple[Path, JSON]]:
        if isinstance(value, Mapping) and terms.leads_below(path):
            for name, member in value.items():
                yield from parts((*path, name), member)
        else:
            yield path, value

    yield from parts(attribute.steps, before_and_after(attribute)[1])


def _term(change: Change, path: Path) -> Term:
    return KINDS[change.kind].terms.of(path, in_pipeline=change.origin.pipeline is not None)


def _follows(value: JSON) -> bool:
    return value in (KNOWN_LATER, [KNOWN_LATER])


def _after(change: Change, term: Term, value: JSON, worded: Callable[[JSON], str] = plain) -> str:
    """The text of a new value; a reference by the name of the document."""
    names = [address.name for address in _referred(change, term)] or (
        _new(change, term) if value == KNOWN_LATER else []
    )
    return names[0] if len(names) == 1 else worded(term.written(value))


def _items(change: Change, term: Term, values: Sequence[JSON]) -> Iterator[str]:
    """The items of a list; those that are known after apply by the names of their documents."""
    names = _new(change, term)
    if values.count(KNOWN_LATER) == len(names):
        yield from names
        values = [value for value in values if value != KNOWN_LATER]
    yield from map(plain, values)


def _new(change: Change, term: Term) -> Sequence[str]:
    """The names of the documents of which an attribute is made. Which of them are new is known only if all are."""
    return sorted(address.name for address in change.depends_on if address.kind == term.made_of)


def _referred(change: Change, term: Term) -> Sequence[Address]:
    return [address for address in change.depends_on if address.kind == term.refers]
