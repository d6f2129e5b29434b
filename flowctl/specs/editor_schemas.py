"""Manifest schemas that know the catalogue, for editors: names of connectors and flow specs, and their parameters.

An editor sees a manifest before substitution. A string with `${` is therefore accepted in place of every value.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.specs.flow_specs import pinned_names
from flowctl.validation.check import accepted
from flowctl.xdm.standard_paths import standard_paths

_Schema: TypeAlias = dict[str, Any]
_SUBSTITUTION: Final = {"type": "string", "pattern": r"\$\{"}
_SECRET_TYPES: Final = ["string", "number", "boolean"]
"""A secret is the string that is written, even if YAML reads a number."""


def connection_for_editors(schema: JSONObject) -> _Schema:
    """The schema of a Connection, with its connectors, their authentication types and parameters."""
    known = [each for each in _connectors() if each.needs_base_connection]
    properties = {**schema["properties"], "connector": _named(schema["properties"]["connector"], known)}
    return {**schema, "properties": properties, "allOf": [*schema.get("allOf", ()), *map(_connection_of, known)]}


def pipeline_for_editors(schema: JSONObject) -> _Schema:
    """The schema of a Pipeline, with the connectors, the parameters of their sources, and flow specs."""
    known = _connectors()
    source = schema["properties"]["source"]
    of_source = {**source["properties"], "connector": _named(source["properties"]["connector"], known)}
    properties = {
        **schema["properties"],
        "mappings": _with_destinations(schema["properties"]["mappings"]),
        "source": {**source, "properties": of_source},
        "flowSpec": {**schema["properties"]["flowSpec"], **_one_of(pinned_names())},
    }
    return {**schema, "properties": properties, "allOf": [*schema.get("allOf", ()), *map(_pipeline_of, known)]}


def _with_destinations(mappings: JSONObject) -> _Schema:
    """The schema of mappings, with the paths of standard fields as proposals: a schema has others, too."""
    rows, file = mappings["oneOf"]
    items = rows["items"]
    destination = {**items["properties"]["destination"], "examples": standard_paths()}
    rows = {**rows, "items": {**items, "properties": {**items["properties"], "destination": destination}}}
    return {**mappings, "oneOf": [rows, file]}


def _connectors() -> Sequence[Connector]:
    return [found for found in map(connector, connector_names()) if found is not None]


def _named(described: JSONObject, known: Sequence[Connector]) -> _Schema:
    names = _one_of([each.name for each in known], titles=[each.title for each in known])
    return {key: value for key, value in {**described, **names}.items() if key != "minLength"}


def _one_of(names: Iterable[str], titles: Sequence[str] = ()) -> _Schema:
    """One of these names, or a substitution; editors show the titles."""
    enumeration: _Schema = {"enum": list(names)}
    if titles:
        enumeration["enumDescriptions"] = list(titles)
    return {"anyOf": [enumeration, _SUBSTITUTION]}


def _connection_of(known: Connector) -> _Schema:
    names = [spec.name for spec in known.auth_specs]
    auth: _Schema = {
        "properties": {"specName": _proposed(names)},  # Experience Platform may have others.
        "allOf": [_auth_of(spec, is_strict=known.verified) for spec in known.auth_specs],
    }
    return {"if": _is("connector", known.name), "then": {"properties": {"auth": auth}}}


def _auth_of(spec: AuthSpec, *, is_strict: bool) -> _Schema:
    return {"if": _is("specName", spec.name), "then": _with_params(spec.schema, is_strict=is_strict)}


def _pipeline_of(known: Connector) -> _Schema:
    source = _with_params(known.source_schema, is_strict=known.verified)
    if known.formats:
        source["properties"]["data"] = {"properties": {"format": _one_of(known.formats)}}
    if known.needs_base_connection:
        source["required"] = [*source.get("required", ()), "connection"]
    condition = {"properties": {"source": _is("connector", known.name)}, "required": ["source"]}
    return {
        "if": condition,
        "then": {"properties": {"source": source, "flowSpec": _one_of(known.flow_specs)}},
    }


def _is(key: str, value: str) -> _Schema:
    return {"properties": {key: {"const": value}}, "required": [key]}


def _with_params(schema: JSONObject, *, is_strict: bool) -> _Schema:
    """A mapping whose `params` have this schema; what no document confirms is proposed and not required."""
    found: _Schema = {"properties": {"params": _before_substitution(schema) if is_strict else _described(schema)}}
    if is_strict and not accepted(schema, {}):
        found["required"] = ["params"]
    return found


def _proposed(names: Sequence[str]) -> _Schema:
    """A string for which an editor proposes these names."""
    return {"type": "string", "examples": list(names)}


def _described(schema: JSONObject) -> _Schema:
    """The names and descriptions of parameters, and nothing that a value has to be."""
    params = schema.get("properties", {})
    return {"properties": {name: {"description": each.get("description", "")} for name, each in params.items()}}


def _before_substitution(schema: JSON) -> JSON:
    """A schema for values before substitution."""
    if not isinstance(schema, dict):
        return schema
    found = {key: value for key, value in schema.items() if key not in ("$schema", "properties", "items", "anyOf")}
    for key in ("items", "anyOf"):
        if key in schema:
            inner = schema[key]
            found[key] = [*map(_before_substitution, inner)] if isinstance(inner, list) else _before_substitution(inner)
    if "properties" in schema:
        found["properties"] = {name: _value(each) for name, each in schema["properties"].items()}
    return found


def _value(schema: JSONObject) -> _Schema:
    """The schema of a value, or a substitution in its place."""
    if schema.get("format") == "password" and schema.get("type") == "string":
        return {**schema, "type": _SECRET_TYPES}
    found: _Schema = _before_substitution(schema)
    if "enum" not in found and "string" in _types(found):
        return found
    words: _Schema = {key: found.pop(key) for key in ("description", "examples") if key in found}
    return {**words, "anyOf": [found, _SUBSTITUTION]}


def _types(schema: JSONObject) -> Sequence[str]:
    types = schema.get("type", "string")  # without a type everything is accepted
    return [types] if isinstance(types, str) else types
