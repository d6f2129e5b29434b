"""Fields of a schema: a tree that is resolved as far as it is asked, because data types may contain themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flowctl.xdm.library import Facts, Library

_LIMITS = ("enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")


class Field:
    """A field, or a whole schema: the union of the facts that describe it.

    `parts` are those facts, the field's own first; a later part adds fields and never changes a type.
    """

    __slots__ = ("library", "parts")

    def __init__(self, parts: tuple[Facts, ...], library: Library) -> None:
        self.parts = parts
        self.library = library

    @property
    def type(self) -> str:
        """`string`, `integer`, `number`, `boolean`, `array`, `map`, `object`, or `any` if no part says."""
        return _type(self)

    @property
    def format(self) -> str | None:
        """The format of a string, such as `date-time`."""
        found = self.first("format")
        return None if found is None else str(found)

    @property
    def limits(self) -> dict[str, Any]:
        """The JSON Schema keywords that limit the value, such as `enum`, `pattern`, `minimum`."""
        return {key: value for key in _LIMITS if (value := self.first(key)) is not None}

    def names(self) -> Iterator[str]:
        """Yield the names of the fields below, each once, in the order of the parts."""
        yield from dict.fromkeys(name for part in self.parts for name in part.get("fields") or ())

    def child(self, name: str) -> Field | None:
        """Return the field of that name below this one; any name of a map is one."""
        found = [part["fields"][name] for part in self.parts if name in (part.get("fields") or ())]
        if found:
            return field(found, self.library)
        if self.type == "map":
            return field([self.first("values")], self.library)
        return None

    @property
    def items(self) -> Field | None:
        """The items of an array."""
        found = self.first("items")
        return None if found is None else field([found], self.library)

    def required(self) -> Iterator[str]:
        """Yield the dotted paths, from this field, that a record must have whenever this field has a value.

        A path below an optional object is not among them. Array items and map values are not entered.
        """
        yield from dict.fromkeys(path for part in self.parts for path in part.get("required") or ())

    def first(self, key: str) -> Any:
        """Return what the first part says that has a key."""
        return next((part[key] for part in self.parts if part.get(key) is not None), None)


def field(facts: Iterable[Facts], library: Library) -> Field:
    """Return the field that some facts describe, with everything that they refer to."""
    parts: list[Facts] = []
    seen: set[str] = set()
    waiting = list(facts)
    while waiting:
        part = waiting.pop(0)
        parts.append(part)
        for id_ in (*part.get("refs", ()), *part.get("includes", ())):
            resource = library.get(id_)
            if resource is not None and id_ not in seen:
                seen.add(id_)
                waiting.append(resource)
    return Field(tuple(parts), library)


@lru_cache(maxsize=16384)
def _type(of: Field) -> str:
    has_fields = any(part.get("fields") for part in of.parts)
    if of.first("values") is not None and not has_fields:
        return "map"
    stated = of.first("type")
    if stated is None:
        return "object" if has_fields else "any"
    return str(stated)
