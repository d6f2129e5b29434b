"""The way of data: the objects from a source to a schema, and which of them a change touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowctl.model.change import Action
from flowctl.model.json_value import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """One object: `id` is its address, or tells apart what exists outside the workspace.

    `action` is what happens to it; `is_touched` says that something happens to what it depends on.
    """

    id: str
    kind: str
    label: str
    pipeline: str | None = None
    action: Action | None = None
    is_touched: bool = False
    is_outside: bool = False
    schedule: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Objects in the order of the manifests, and the steps of data between them: pairs of IDs."""

    nodes: Sequence[LineageNode]
    edges: Sequence[tuple[str, str]]
