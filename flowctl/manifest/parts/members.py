"""Members of documents that several kinds share."""

from collections.abc import Mapping
from typing import Any, Final

from flowctl.manifest.times import epoch_seconds
from flowctl.model.address import Address, alone
from flowctl.model.resource import AS_DECLARED, NOW, Lifecycle, Lookup, OnDelete, OnReplace, Order, Reference


def given(content: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The named members that the document has, without those that are null."""
    found: dict[str, Any] = {}
    for name in names:
        value = content.get(name)
        if value is not None:
            found[name] = value
    return found


def lifecycle(content: Mapping[str, Any]) -> Lifecycle:
    """The `lifecycle` member, with its defaults."""
    members = content.get("lifecycle")
    if not members:
        return _PLAIN
    return Lifecycle(
        on_delete=OnDelete(members.get("onDelete", "auto")),
        prevent_destroy=bool(members.get("preventDestroy", False)),
    )


def on_replace(content: Mapping[str, Any]) -> OnReplace:
    """The `lifecycle.onReplace` member of a pipeline."""
    members = (content.get("lifecycle") or {}).get("onReplace")
    if not members:
        return AS_DECLARED
    order, start = members.get("order"), members.get("startTime")
    return OnReplace(
        order=Order(order) if order is not None else None,
        backfill=members.get("backfill"),
        start_time=start if start is None or start == NOW else epoch_seconds(start),
    )


def references(*values: Reference | Lookup | None) -> frozenset[Address]:
    """The addresses that values refer to."""
    found = [value.address for value in values if type(value) is Reference]
    return alone(found[0]) if len(found) == 1 else frozenset(found)


_PLAIN: Final = Lifecycle()
