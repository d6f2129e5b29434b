"""The fields of a whole schema: from its class and field groups, or from the resolved view of Schema Registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.xdm.fields import Field, field
from flowctl.xdm.keywords import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowctl.xdm.library import Facts, Library

_DEEPEST = 60


def composed(ids: Iterable[str], library: Library) -> tuple[Field, list[str]]:
    """Return the fields of a class and field groups, and the IDs that the library does not have."""
    known: list[Facts] = []
    unknown: list[str] = []
    for id_ in ids:
        found = library.get(id_)
        unknown += [id_] if found is None else []
        known += [] if found is None else [found]
    return field(known, library), unknown


def from_resolved(tree: dict[str, Any], library: Library) -> Field:
    """Return the fields of a schema in the resolved view (`application/vnd.adobe.xed-full+json`)."""
    return field([facts_of(tree)], library)


def facts_of(tree: dict[str, Any]) -> Facts:
    """Return what is kept of a resource in the resolved view: names, types and limits."""
    return _facts(tree, 0)


def _facts(node: dict[str, Any], depth: int) -> Facts:
    facts: Facts = {key: node[key] for key, holds in KEPT.items() if key in node and holds(node[key])}
    if depth < _DEEPEST:
        fields = {name: _facts(child, depth + 1) for name, child in _objects(node.get("properties"))}
        if fields:
            facts["fields"] = fields
        for key, name in (("items", "items"), ("additionalProperties", "values")):
            if isinstance(node.get(key), dict):
                facts[name] = _facts(node[key], depth + 1)
    return facts


def _objects(properties: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(properties, dict):
        return []
    return [(str(name), child) for name, child in properties.items() if isinstance(child, dict)]
