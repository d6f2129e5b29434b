"""Where a field is found that a schema does not have: the field group to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.xdm.schema_fields import composed

if TYPE_CHECKING:
    from flowctl.xdm.library import Library


def field_group_with(name: str, class_: str, library: Library) -> str | None:
    """Return the ID of the smallest standard field group for a class that has a field of that name at its top."""
    classes = {class_, *(library.get(class_) or {}).get("includes", ())}
    sizes: dict[str, int] = {}
    for id_ in library.ids():
        facts = library.get(id_)
        if facts is None or facts.get("kind") != "fieldgroup":
            continue
        if classes.isdisjoint(facts.get("intendedToExtend", classes)):
            continue
        fields, _ = composed([id_], library)
        if facts.get("status") != "deprecated" and fields.child(name) is not None:
            sizes[id_] = len(list(fields.names()))
    return min(sizes, key=lambda id_: (sizes[id_], id_), default=None)
