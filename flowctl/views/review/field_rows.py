"""The changed fields of a field group, data type or class: one row for each field, with its members in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.kinds.terms import FieldList
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange, Change
from flowctl.model.field_path import ITEM, lies_in, steps_of
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Unknown
from flowctl.views.field_values import field_texts
from flowctl.views.values import before_and_after, plain

_KEY: Final = 2
"""How many steps lead to a whole field."""
_BARE: Final = frozenset({"path", "type", "ref"})
"""The members of a field without a title, limits or other settings."""
_VALUES: Final = "enum"
_NAMES: Final = "labels"
"""What the UI calls allowed values; a manifest has both under `enum`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A field under its key in the manifest, and its members before and after; none if there is no such field.

    `short` is its key inside the field above it, of which there are `depth`. `changed` are the members of a field that
    stays, each with its old and its new value.
    """

    path: str
    short: str
    depth: int = 0
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    changed: Sequence[str] = ()

    @property
    def symbol(self) -> str:
        """The sign of an added, a removed or a changed field."""
        return "~" if self.changed else "+" if self.after else "-"

    @property
    def texts(self) -> Sequence[str]:
        """The field on one line."""
        return self.changed or self.after or self.before


@dataclass(frozen=True, slots=True)
class _Whole:
    """A field that is added or removed."""

    sign: str
    entry: JSONObject


def is_of_field(change: Change, attribute: AttributeChange) -> bool:
    """Whether a changed value is a field, or belongs to one."""
    steps, fields = attribute.steps, KINDS[change.kind].fields
    return fields is not None and len(steps) >= _KEY and steps[0] == fields.attribute and steps[1].startswith("[")


def field_rows(change: Change) -> Sequence[FieldRow]:
    """The changed fields, each followed by the changed fields inside it."""
    fields = KINDS[change.kind].fields
    return list(_rows(change, fields)) if fields is not None else []


def _rows(change: Change, fields: FieldList) -> Iterator[FieldRow]:
    found: dict[str, list[AttributeChange]] = {}
    for attribute in change.attributes:
        if is_of_field(change, attribute):
            found.setdefault(attribute.steps[1][1:-1], []).append(attribute)
    whole = {path: _whole(change, each[0], fields) for path, each in found.items() if len(each[0].steps) == _KEY}
    above: list[str] = []
    for path in sorted(found, key=steps_of):
        name = fields.named(path)
        if path not in whole:
            yield _changed(name, found[path])
        elif not _is_implied(path, whole):
            while above and not (lies_in(path, above[-1]) and whole[path].sign == whole[above[-1]].sign):
                above.pop()
            short = path.removeprefix(above[-1]) if above else name
            short = short.removeprefix(ITEM).removeprefix(".") or short
            texts = tuple(_texts(path, whole))
            before, after = (texts, ()) if whole[path].sign == "-" else ((), texts)
            yield FieldRow(path=name, short=short, depth=len(above), before=before, after=after)
            above.append(path)


def _whole(change: Change, attribute: AttributeChange, fields: FieldList) -> _Whole:
    """A field with the name of its data type's document in place of the ID, as far as that is known."""
    before, after = before_and_after(attribute)
    entry = before if after is None else after
    new = attribute.after.get("ref") if isinstance(attribute.after, Mapping) else None
    names = [each.name for each in change.depends_on if each.kind == fields.refers]
    if isinstance(new, Unknown):
        entry = {**entry, "ref": new.address.name}
    elif new is not None and len(names) == 1:
        entry = {**entry, "ref": names[0]}
    return _Whole("-" if after is None else "+", entry)


def _is_implied(path: str, whole: Mapping[str, _Whole]) -> bool:
    """Whether other rows show a field: an object without settings of its own, or the item of an array or a map."""
    field = whole[path]
    if not field.entry.keys() <= _BARE:
        return False
    if path.endswith(ITEM) and _is_alike(path.removesuffix(ITEM), field, whole):
        return True
    below = (other for other in whole if lies_in(other, path))
    return field.entry.get("type") == "object" and any(_is_alike(other, field, whole) for other in below)


def _is_alike(path: str, field: _Whole, whole: Mapping[str, _Whole]) -> bool:
    return path in whole and whole[path].sign == field.sign


def _texts(path: str, whole: Mapping[str, _Whole]) -> Sequence[str]:
    """The members of a field that is added or removed; those of an array and a map include the item."""
    entry, item = whole[path].entry, f"{path}{ITEM}"
    if item in whole and _is_implied(item, whole):
        held = whole[item].entry
        entry = {**entry, "type": f"{entry.get('type')} of {held.get('ref') or held.get('type')}"}
    return field_texts(entry, plain)


def _changed(name: str, attributes: Sequence[AttributeChange]) -> FieldRow:
    """A field that stays: each of its changed members on both sides, and as one text."""
    members = {each.steps[_KEY:]: before_and_after(each) for each in attributes}
    values = [_values(members, side) for side in (0, 1)]
    names = {steps[-1]: sides for steps, sides in members.items() if steps[0] == _NAMES}
    gone, new = (
        [f"{sign} {_named(value, names, side)}" for value in values[side] if value not in values[1 - side]]
        for side, sign in ((0, "-"), (1, "+"))
    )
    moved = set(values[0]) ^ set(values[1])
    others = [
        (".".join((_VALUES if steps[0] == _NAMES else steps[0], *steps[1:])), sides)
        for steps, sides in members.items()
        if steps[0] != _VALUES and not (steps[0] == _NAMES and steps[-1] in moved)
    ]
    return FieldRow(
        path=name,
        short=name,
        before=[*_one_side(others, 0), *_listed(gone)],
        after=[*_one_side(others, 1), *_listed(new)],
        changed=[*(f"{member}: {_arrow(sides)}" for member, sides in others), *_listed([*gone, *new])],
    )


def _values(members: Mapping[Path, tuple[JSON, JSON]], side: int) -> Sequence[JSON]:
    """The allowed values of one side that are not known to be the same on the other."""
    found: list[JSON] = []
    for steps, sides in members.items():
        if steps[0] == _VALUES and sides[side] is not None:
            found += sides[side] if len(steps) == 1 else [sides[side]]
    return found


def _named(value: JSON, names: Mapping[str, tuple[JSON, JSON]], side: int) -> str:
    return f"{plain(value)} ({plain(names[value][side])})" if value in names else plain(value)


def _listed(values: Sequence[str]) -> Sequence[str]:
    return [f"{_VALUES}: {', '.join(values)}"] if values else []


def _one_side(members: Sequence[tuple[str, tuple[JSON, JSON]]], side: int) -> Sequence[str]:
    return [f"{name}: {plain(sides[side])}" for name, sides in members if sides[side] is not None]


def _arrow(sides: tuple[JSON, JSON]) -> str:
    before, after = sides
    return f"{'(none)' if before is None else plain(before)} -> {'(removed)' if after is None else plain(after)}"
