"""Members of documents that several kinds share."""

from collections.abc import Mapping
from typing import Any

from flowctl.model.address import Address
from flowctl.model.resource import Lifecycle, Lookup, OnDelete, Reference


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


def references(*values: Reference | Lookup | None) -> frozenset[Address]:
    """The addresses that values refer to."""
    return frozenset(value.address for value in values if isinstance(value, Reference))
