"""The changed mappings of a mapping set: one row for each destination."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import AttributeChange, Change
from flowctl.model.json_value import JSON
from flowctl.views.values import before_and_after, short

_KEY, _ITEM = 2, 1
"""How many steps lead to a whole mapping, and which of them has its destination."""
_PLAIN: Final = frozenset({"source", "expression"})
"""Members whose text is shown without their name: a path or an expression tells which of them it is."""
_KNOWN: Final = frozenset({"destination"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """A destination and what leads to it before and after; empty if nothing does."""

    destination: str
    before: str
    after: str

    @property
    def symbol(self) -> str:
        """The sign of an added, a removed or a changed row."""
        return "~" if self.before and self.after else "+" if self.after else "-"


def mapping_rows(change: Change) -> Sequence[MappingRow]:
    """The changed mappings by destination, in the order of the plan."""
    found: dict[str, list[AttributeChange]] = {}
    for attribute in change.attributes:
        if is_of_mapping(change, attribute):
            found.setdefault(attribute.steps[_ITEM][1:-1], []).append(attribute)
    return [
        MappingRow(destination=destination, before=_side(attributes, 0), after=_side(attributes, 1))
        for destination, attributes in found.items()
    ]


def is_of_mapping(change: Change, attribute: AttributeChange) -> bool:
    """Whether a changed value belongs to a mapping that has a destination of its own."""
    steps = attribute.steps
    return len(steps) >= _KEY and steps[0] == KINDS[change.kind].mappings and steps[_ITEM].startswith("[")


def _side(attributes: Iterable[AttributeChange], side: int) -> str:
    members: dict[str, Any] = {}
    for attribute in attributes:
        value = before_and_after(attribute)[side]
        if len(attribute.steps) == _KEY:
            members |= value if isinstance(value, Mapping) else {"": value}
        elif value is not None:
            members[".".join(attribute.steps[_KEY:])] = value
    return ", ".join(_words(members))


def _words(members: Mapping[str, JSON]) -> Iterator[str]:
    for name, value in members.items():
        if name in _PLAIN and isinstance(value, str):
            yield value
        elif name not in _KNOWN and value is not None:
            yield f"{name}: {short(value)}" if name else short(value)
