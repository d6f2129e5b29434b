"""Destinations of mappings in the schema of a mapping set, in the words of Data Prep's replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.unions import find_union

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.xdm.fields import Field

_WORDS = {
    "destination-syntax": "is not a path",
    "destination-unknown": "is not in the schema: there is no {name}",
    "destination-needs-index": "goes on below {name}, which is an array, without an index",
    "destination-index-on-scalar": "has an index on {name}, which is not an array",
}


def schema_fields(call: Call, schema_id: str) -> Field:
    """Return the fields of a stored schema or a union; none if there is no such schema."""
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import from_resolved

    stored = call.platform.objects.get(call.caller.scope, "schemas", schema_id)
    resolved = full_view(call, stored.value()) if stored else find_union(call, schema_id)
    return from_resolved({"type": "object"} | (resolved or {}), standard())


def destination_problem(path: str, schema: Field) -> str | None:
    """Return why a path leads to no field of the schema, or None if it leads to one."""
    from flowctl.xdm.destinations import problem_of

    problem = problem_of(path, schema)
    return None if problem is None else f"The destination {path} {_WORDS[problem.code].format(name=problem.name)}."


def destination_node(path: str, schema: Field) -> dict[str, object]:
    """Return the schema node that a path without problem leads to, inside arrays if it has `[n]` or `[*]`."""
    from flowctl.xdm.destinations import field_at
    from flowctl.xdm.schema_nodes import node_of

    found = field_at(path, schema)
    return node_of(found) if found is not None else {}
