"""Members of documents that several kinds share."""

from collections.abc import Mapping
from typing import Any

from flowctl.model.address import Address
from flowctl.model.json_value import JSON
from flowctl.model.resource import Lifecycle, OnDelete, Reference


def given(content: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The named members that the document has, without those that are null."""
    return {name: content[name] for name in names if content.get(name) is not None}


def lifecycle(content: Mapping[str, Any]) -> Lifecycle:
    """The `lifecycle` member, with its defaults."""
    members = content.get("lifecycle") or {}
    return Lifecycle(
        on_delete=OnDelete(members.get("onDelete", "auto")),
        prevent_destroy=bool(members.get("preventDestroy", False)),
    )


def references(value: JSON) -> frozenset[Address]:
    """The addresses that a value refers to."""
    found: set[Address] = set()
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
        elif isinstance(value, Reference):
            found.add(value.address)
    return frozenset(found)
