"""Whether a record fits a schema: required fields, types, limits and formats. Ingestion refuses records that do not."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flowctl.foreign_pattern import ForeignPattern, SlowPattern, foreign_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flowctl.xdm.fields import Field

_DEEPEST: Final = 30
_ZONED: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")


class Misfit(NamedTuple):
    """One value that a schema does not allow, or a required one that is missing: its path, a code and a sentence."""

    path: str
    code: str
    message: str


def rules_of(schema: Field) -> Callable[[Mapping[str, Any]], tuple[Misfit, ...]]:
    """Return what tells each value of a record that does not fit a schema; none for a sound record."""
    root = _Node(schema)
    return lambda record: tuple(_of_object(record, root, "", 0))


class _Node:
    """What a field asks of its value, prepared once, and the fields below it as far as records have them."""

    __slots__ = ("_children", "field", "fits", "items", "limits", "required", "type")

    def __init__(self, field: Field) -> None:
        self.field = field
        self.type = field.type
        self.required = tuple(field.required())
        self.limits = tuple(_limits(field))
        self.fits = _FITS.get(self.type, _any)
        self.items: _Node | None = None
        self._children: dict[str, _Node | None] = {}

    def child(self, name: str) -> _Node | None:
        """Return the node of a field; all names of a map have one node."""
        if self.type == "map" and name not in self.field.names():
            name = ""
        if name not in self._children:
            found = self.field.child(name)
            if found is None:
                return None
            self._children[name] = _Node(found)
        return self._children[name]

    def item(self) -> _Node | None:
        """Return the node of the items of an array."""
        if self.items is None and (found := self.field.items) is not None:
            self.items = _Node(found)
        return self.items


def _of_object(value: Mapping[str, Any], node: _Node, path: str, depth: int) -> Iterator[Misfit]:
    for required in node.required:
        if not _has(value, required):
            place = _below(path, required)
            yield Misfit(place, "required-missing", f"{place} is required and has no value.")
    for name, child in value.items():
        known = node.child(name) if child is not None else None
        if known is not None:
            yield from _of_value(child, known, _below(path, name), depth + 1)


def _of_value(value: Any, node: _Node, path: str, depth: int) -> Iterator[Misfit]:
    if node.type == "any" or depth > _DEEPEST:
        return
    if not node.fits(value):
        yield Misfit(path, "wrong-type", f"{path} must be of the type {node.type}.")
        return
    for code, asked, holds in node.limits:
        if not holds(value):
            yield Misfit(path, code, f"{path} must {asked}.")
    if isinstance(value, dict):
        yield from _of_object(value, node, path, depth)
    elif isinstance(value, list) and (items := node.item()) is not None:
        for number, item in enumerate(value):
            if item is not None:
                yield from _of_value(item, items, f"{path}[{number}]", depth + 1)


def _limits(field: Field) -> Iterator[tuple[str, str, Callable[[Any], bool]]]:
    limits = field.limits
    if "enum" in limits:
        allowed = limits["enum"]
        yield "not-in-enum", f"be one of {', '.join(map(str, allowed))}", lambda value: value in allowed
    if "const" in limits:
        only = limits["const"]
        yield "not-in-enum", f"be {only}", lambda value: value == only
    if "pattern" in limits and (pattern := _pattern(limits["pattern"])) is not None:
        yield "pattern-mismatch", f"match {pattern.pattern}", lambda value: _is_in(pattern, str(value))
    for key, code, words, holds in _BOUNDS:
        if key in limits:
            bound = limits[key]
            yield code, f"{words} {bound}", partial(holds, bound)
    if field.format == "date-time":
        yield "wrong-format", "be a time such as 2026-12-01T00:00:00Z", _is_time
    if field.format == "date":
        yield "wrong-format", "be a date such as 2026-12-01", _is_date


def _is_in(pattern: ForeignPattern, text: str) -> bool:
    """Whether a pattern is in a text; not in one in which the search takes too long."""
    try:
        return pattern.search(text)
    except SlowPattern:
        return False


def _pattern(text: str) -> ForeignPattern | None:
    try:
        return foreign_pattern(text)
    except re.error:  # written for another engine: it is not checked
        return None


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list) else 0


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0


_BOUNDS: Final[tuple[tuple[str, str, str, Callable[[float, Any], bool]], ...]] = (
    ("minimum", "out-of-range", "be at least", lambda bound, value: _number(value) >= bound),
    ("maximum", "out-of-range", "be at most", lambda bound, value: _number(value) <= bound),
    ("minLength", "wrong-length", "have a length of at least", lambda bound, value: _size(value) >= bound),
    ("maxLength", "wrong-length", "have a length of at most", lambda bound, value: _size(value) <= bound),
    ("minItems", "wrong-length", "have at least this number of items:", lambda bound, value: _size(value) >= bound),
    ("maxItems", "wrong-length", "have at most this number of items:", lambda bound, value: _size(value) <= bound),
)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(_ZONED.match(value)) and _reads(datetime.fromisoformat, value)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and bool(_DAY.match(value)) and _reads(date.fromisoformat, value)


def _reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value.upper())
    except ValueError:
        return False
    return True


def _any(_value: Any) -> bool:
    return True


_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "map": lambda value: isinstance(value, dict),
}


def _has(value: Any, path: str) -> bool:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
