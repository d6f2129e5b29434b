"""The flow specs that flowctl knows: the pinned copies, and before them those of the workspace."""

from collections.abc import Mapping
from functools import cache

from flowctl.specs.active import own_specs
from flowctl.specs.files import file_stems, read_json
from flowctl.specs.flow_spec import FlowSpec, is_id, parse

__all__ = [
    "FlowSpec",
    "is_id",
    "packaged_flow_spec",
    "packaged_names",
    "parse",
    "pinned",
    "pinned_as",
    "pinned_by_id",
    "pinned_names",
    "serving",
]

FOLDER = "flow_specs"


def pinned(name: str) -> FlowSpec | None:
    """The copy of the flow spec of that name, or None: that of the workspace, else the pinned one."""
    own = own_specs()
    if not own.flow_specs:
        return packaged_flow_spec(name)
    found = own.flow_spec_named(name) or packaged_flow_spec(name)
    return own.flow_specs.get(found.id.lower(), found) if found is not None else None


@cache
def packaged_flow_spec(name: str) -> FlowSpec | None:
    """The pinned copy of the flow spec of that name, or None where none is pinned."""
    wire = read_json(FOLDER, name.replace(" ", "-"))
    return parse(wire) if wire is not None and wire.get("name") == name else None


def pinned_by_id(spec_id: str) -> FlowSpec | None:
    """The copy of the flow spec of that id, or None: that of the workspace, else the pinned one."""
    return own_specs().flow_specs.get(spec_id.lower()) or _packaged_by_id().get(spec_id)


@cache
def _packaged_by_id() -> Mapping[str, FlowSpec]:
    known = (packaged_flow_spec(name) for name in packaged_names())
    return {spec.id: spec for spec in known if spec is not None}


def pinned_as(name: str) -> FlowSpec | None:
    """The pinned copy of the flow spec that a manifest names, by its name or by its ID."""
    return pinned_by_id(name.lower()) if is_id(name) else pinned(name)


def pinned_names() -> tuple[str, ...]:
    """The names of all flow specs of which there is a copy, as the platform spells them, in order."""
    own = own_specs().flow_specs
    return tuple(sorted({*packaged_names(), *(spec.name for spec in own.values())})) if own else packaged_names()


@cache
def packaged_names() -> tuple[str, ...]:
    """The names of all pinned flow specs, in order."""
    return tuple(sorted(wire["name"] for stem in file_stems(FOLDER) if (wire := read_json(FOLDER, stem))))


def serving(spec_id: str) -> tuple[str, ...]:
    """The names of the pinned flow specs that list this connection spec id.

    The pinned copies are as old as their publication: a newer source may be listed live only. For a source of the
    catalogue, `Connector.flow_specs` is the answer.
    """
    found = ((name, pinned(name)) for name in pinned_names())
    return tuple(name for name, spec in found if spec and spec_id in spec.source_spec_ids)
