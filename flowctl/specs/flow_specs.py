"""Flow specs: the pinned copies, and any flow spec as the platform answers it.

The shape is an item of `GET /flowSpecs`; its parts are JSON Schemas (draft-07).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.files import file_stems, read_json

FOLDER = "flow_specs"
_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowSpec:
    """A flow spec.

    `schedule_schema` describes `scheduleParams` and `option_schema` `options`; None where the flow takes none.
    `transformation_schemas` gives for each transformation's name the schema of its `params`, in the spec's order.
    `raw` is the wire object.
    """

    id: str
    name: str
    version: str
    source_spec_ids: tuple[str, ...]
    schedule_schema: JSONObject | None
    option_schema: JSONObject | None
    transformation_schemas: Mapping[str, JSONObject]
    raw: JSONObject

    @property
    def has_drafts(self) -> bool:
        """Whether its flows can be created as drafts."""
        attributes = self.raw.get("attributes")
        return isinstance(attributes, Mapping) and attributes.get("isDraftModeSupported") is True


def parse(wire: JSON) -> FlowSpec:
    """The flow spec in an item of `GET /flowSpecs`.

    The transformations are read from `transformationSpec` and from `transformationSpecs`, each an array or an
    object: older and newer documents differ. Raises ValueError where the item has no id or no name, or where a
    part has another shape than documented.
    """
    if not isinstance(wire, Mapping):
        raise ValueError(f"a flow spec must be an object, not {type(wire).__name__}")
    for key in ("id", "name"):
        if not isinstance(wire.get(key), str) or not wire[key]:
            raise ValueError(f"a flow spec must have a text as its {key}")
    served = wire.get("sourceConnectionSpecIds") or ()
    if not isinstance(served, list | tuple):
        raise ValueError("a flow spec's sourceConnectionSpecIds must be a list")
    return FlowSpec(
        id=wire["id"],
        name=wire["name"],
        version=str(wire.get("version") or "1.0"),
        source_spec_ids=tuple(str(spec_id) for spec_id in served),
        schedule_schema=_schema(wire.get("scheduleSpec"), "scheduleSpec"),
        option_schema=_schema(wire.get("optionSpec"), "optionSpec"),
        transformation_schemas=_transformations(wire),
        raw=wire,
    )


@cache
def pinned(name: str) -> FlowSpec | None:
    """The pinned copy of the flow spec of that name, or None where none is pinned."""
    wire = read_json(FOLDER, name.replace(" ", "-"))
    return parse(wire) if wire is not None and wire.get("name") == name else None


@cache
def pinned_by_id(spec_id: str) -> FlowSpec | None:
    """The pinned copy of the flow spec of that id, or None where none is pinned."""
    return next((spec for name in pinned_names() if (spec := pinned(name)) is not None and spec.id == spec_id), None)


def pinned_as(name: str) -> FlowSpec | None:
    """The pinned copy of the flow spec that a manifest names, by its name or by its ID."""
    return pinned_by_id(name.lower()) if is_id(name) else pinned(name)


def is_id(name: str) -> bool:
    """Whether a manifest names a flow spec by its ID."""
    return _ID.fullmatch(name) is not None


@cache
def pinned_names() -> tuple[str, ...]:
    """The names of all pinned flow specs, as the platform spells them, in order."""
    return tuple(sorted(wire["name"] for stem in file_stems(FOLDER) if (wire := read_json(FOLDER, stem))))


@cache
def serving(spec_id: str) -> tuple[str, ...]:
    """The names of the pinned flow specs that list this connection spec id.

    The pinned copies are as old as their publication: a newer source may be listed live only. For a source of the
    catalogue, `Connector.flow_specs` is the answer.
    """
    found = ((name, pinned(name)) for name in pinned_names())
    return tuple(name for name, spec in found if spec and spec_id in spec.source_spec_ids)


def _schema(part: JSON, key: str) -> JSONObject | None:
    """The JSON Schema in `{name, spec}`; None where the part or its schema is missing or empty."""
    if part in (None, {}, []):
        return None
    schema = part.get("spec") if isinstance(part, Mapping) else part
    if schema in (None, {}):
        return None
    if not isinstance(schema, Mapping):
        raise ValueError(f"a flow spec's {key} must be an object with a JSON Schema as its spec")
    return schema


def _transformations(wire: JSONObject) -> dict[str, JSONObject]:
    found: dict[str, JSONObject] = {}
    for key in ("transformationSpec", "transformationSpecs"):
        part = wire.get(key) or ()
        items = list(part) if isinstance(part, list | tuple) else _from_object(part)
        for item in items:
            if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
                raise ValueError(f"each item of a flow spec's {key} must be an object with a name")
            found[item["name"]] = _schema(item, key) or {}
    return found


def _from_object(part: JSON) -> list[JSON]:
    """The items of the object form: one `{name, spec}`, or a mapping from name to `{spec}` or to the schema."""
    if not isinstance(part, Mapping):
        return [part]
    if isinstance(part.get("name"), str):
        return [part]
    return [
        {"name": name, "spec": value["spec"] if isinstance(value, Mapping) and "spec" in value else value}
        for name, value in part.items()
    ]
