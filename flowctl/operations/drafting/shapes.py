"""What the values of a column are, gathered one value after another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flowctl.operations.drafting.moments import forms_of, needed_form, type_of_forms

INT: Final = 2_147_483_647
LONG: Final = 9_007_199_254_740_991
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,30})\Z", re.ASCII)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)\.\d+(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}
_DEEPEST: Final = 20
_MOST_NAMES: Final = 200
"""How many names an object has before they are taken for the keys of a map."""


@dataclass(slots=True)
class Shape:
    """The values of one place: which kinds were seen, how large, in which forms of a date, and what lies inside."""

    kinds: set[str] = field(default_factory=set)
    largest: int = 0
    forms: tuple[str, ...] | None = None
    children: dict[str, "Shape"] = field(default_factory=dict)
    item: "Shape | None" = None

    def add(self, value: Any, depth: int = 0) -> None:
        """Add a value as JSON has it."""
        if value is None:
            return
        if isinstance(value, bool):
            self.kinds.add("boolean")
        elif isinstance(value, int):
            self.kinds.add("integer")
            self.largest = max(self.largest, abs(value))
        elif isinstance(value, float):
            self.kinds.add("number")
        elif isinstance(value, str):
            self._add_string(value)
        elif depth >= _DEEPEST:
            self.kinds.add("deep")
        elif isinstance(value, Mapping):
            self.kinds.add("object")
            for name, child in value.items():
                self.children.setdefault(str(name), Shape()).add(child, depth + 1)
        else:
            self.kinds.add("array")
            self.item = self.item or Shape()
            for each in value:
                self.item.add(each, depth + 1)

    def _add_string(self, value: str) -> None:
        if not value:
            return
        self.kinds.add("string")
        self.forms = forms_of(value) if self.forms is None else forms_of(value, self.forms)

    def merged(self, other: "Shape") -> "Shape":
        """The shape of both their values."""
        forms = [each.forms for each in (self, other) if each.forms is not None]
        shape = Shape(
            kinds=self.kinds | other.kinds,
            largest=max(self.largest, other.largest),
            forms=tuple(form for form in forms[0] if all(form in each for each in forms)) if forms else None,
            children=dict(self.children),
            item=self.item,
        )
        for name, child in other.children.items():
            shape.children[name] = shape.children[name].merged(child) if name in shape.children else child
        if other.item is not None:
            shape.item = shape.item.merged(other.item) if shape.item is not None else other.item
        return shape

    def type(self) -> str:
        """The type of a field that holds all of the values."""
        kinds = self.kinds
        if kinds == {"string"} and self.forms:
            return type_of_forms(self.forms)
        if kinds == {"integer"}:
            return "integer" if self.largest <= LONG else "string"
        if kinds and kinds <= {"integer", "number"}:
            return "number"
        if kinds == {"object"} and not self.children:
            return "map"
        if kinds == {"object"} and len(self.children) > _MOST_NAMES:
            return "map"
        if kinds == {"array"} and self.item is not None and self.item.kinds == {"array"}:
            return "string"
        return next(iter(kinds)) if kinds in ({"boolean"}, {"object"}, {"array"}) else "string"

    def note(self) -> str:
        """What a reader has to know of the type, as a clause; empty for what is sure."""
        type_ = self.type()
        if not self.kinds:
            return "the sample has no value of it, so the type is a guess"
        if type_ in ("date", "date-time"):
            form = needed_form(self.forms or ())
            return f"the sample writes {form}, which a mapping has to convert" if form else ""
        if self.kinds == {"integer"} and type_ == "string":
            return "some values are larger than an integer can be"
        if self.kinds == {"array"} and type_ == "string":
            return "an array of arrays has no type in XDM: a mapping has to convert it"
        if "deep" in self.kinds:
            return "it lies too deep to be described"
        if type_ == "string" and len(self.kinds) > 1:
            return f"its values are of several types: {', '.join(sorted(self.kinds))}"
        if type_ == "map":
            why = "many different names" if self.children else "no value inside"
            return f"the sample has {why}, so it may be a map"
        return ""

    def values(self) -> "Shape":
        """The shape of what a map holds."""
        found = Shape()
        for child in self.children.values():
            found = found.merged(child)
        return found


def of_text(text: str) -> Any:
    """The value that a cell of a delimited file stands for; codes with leading zeros stay strings."""
    if not text:
        return None
    if _INTEGER.match(text):
        return int(text)
    if _NUMBER.match(text):
        return float(text)
    return _BOOLEANS.get(text.lower(), text)
