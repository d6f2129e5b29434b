"""The paths of standard fields, as destinations: of classes, and of field groups that extend the two main ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import composed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowctl.xdm.fields import Field

_EXTENDED: Final = frozenset(
    {"https://ns.adobe.com/xdm/context/profile", "https://ns.adobe.com/xdm/context/experienceevent"}
)
_UNWANTED: Final = frozenset({"deprecated", "experimental"})
DEEPEST: Final = 3
"""Names in a path: deeper ones are many, and an editor that proposes them all is slow."""


def standard_paths() -> list[str]:
    """Return the paths of fields that hold a value or a map, in order; the first item of an array is `[0]`."""
    library = standard()
    found: set[str] = set()
    for id_ in library.ids():
        facts = library.get(id_) or {}
        is_offered = facts.get("kind") == "class" or not _EXTENDED.isdisjoint(facts.get("intendedToExtend", ()))
        if is_offered and facts.get("status") not in _UNWANTED:
            found.update(_paths(composed([id_], library)[0], DEEPEST))
    return sorted(found)


def _paths(field: Field, depth: int, above: str = "") -> Iterator[str]:
    for name in field.names():
        child, path = field.child(name), f"{above}{name}"
        if child is None or name.startswith("@"):
            continue
        if child.type == "array" and child.items is not None and child.items.type == "object":
            child, path = child.items, f"{path}[0]"
        if child.type != "object":
            yield path
        elif depth > 1:
            yield from _paths(child, depth - 1, f"{path}.")
