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
    if isinstance(value, Reference):
        return frozenset({value.address})
    if isinstance(value, Mapping):
        return frozenset().union(*(references(member) for member in value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*(references(item) for item in value))
    return frozenset()
