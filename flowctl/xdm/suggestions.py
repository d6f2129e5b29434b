"""Where a field is found that a schema does not have: the field group to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.xdm.schema_fields import composed

if TYPE_CHECKING:
    from flowctl.xdm.library import Library


def field_group_with(name: str, class_: str, library: Library) -> str | None:
    """Return the ID of a standard field group that extends a class and has a field of that name at its top."""
    for id_ in library.ids():
        facts = library.get(id_)
        if facts is None or facts.get("kind") != "fieldgroup" or class_ not in facts.get("intendedToExtend", ()):
            continue
        if facts.get("status") != "deprecated" and composed([id_], library)[0].child(name) is not None:
            return id_
    return None
