"""A flow spec, as the platform answers it: an item of `GET /flowSpecs`, whose parts are JSON Schemas (draft-07)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from flowctl.late_pattern import late_pattern
from flowctl.model.json_value import JSON, JSONObject

_ID: Final = late_pattern(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class FlowSpec(NamedTuple):
    """A flow spec.

    `schedule_schema` describes `scheduleParams` and `option_schema` `options`; None where the flow takes none.
    `transformation_schemas` gives for each transformation's name the schema of its `params`, in the spec's order.
    `raw` is the wire object. `file` is the file of the workspace that it is from, if it is from one.
    """

    id: str
    name: str
    version: str
    source_spec_ids: tuple[str, ...]
    schedule_schema: JSONObject | None
    option_schema: JSONObject | None
    transformation_schemas: Mapping[str, JSONObject]
    raw: JSONObject
    file: str = ""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def has_drafts(self) -> bool:
        """Whether its flows can be created as drafts."""
        attributes = self.raw.get("attributes")
        return isinstance(attributes, Mapping) and attributes.get("isDraftModeSupported") is True


def parse(wire: JSON, file: str = "") -> FlowSpec:
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
        file=file,
    )


@lru_cache(maxsize=1024)
def is_id(name: str) -> bool:
    """Whether a manifest names a flow spec by its ID."""
    return _ID.fullmatch(name) is not None


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
