"""The examples of replies in Adobe's API descriptions, and where the emulator's replies differ from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import official

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .official import OfficialOperation

_OF_CONTENT = frozenset({"properties", "definitions", "allOf", "meta:descriptors", "value", "jsonSchema"})
"""Members whose own members are those of one resource, such as the fields of a schema."""
_ID = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f-]{36}|https://.*|\{.*\}")
_TYPES = {dict: "object", list: "array", str: "string", int: "number", float: "number", bool: "boolean"}


def examples() -> Iterator[tuple[OfficialOperation, str, Any]]:
    """Yield each example with its operation and status."""
    for service in official.FILES:
        root = official.document(service)
        for operation in official.operations(service):
            for status, response in operation.responses.items():
                for example in _of_response(root, response):
                    yield operation, status, example


def _of_response(root: dict[str, Any], response: dict[str, Any]) -> Iterator[Any]:
    response = _target(root, response)
    yield from (response.get("examples") or {}).values()
    for holder in (response, *(response.get("content") or {}).values()):
        for place in (holder, _target(root, holder.get("schema") or {})):
            if "example" in place:
                yield place["example"]


def _target(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = official.resolve(root, node["$ref"])
    return node


def members(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each member with its type; items of a list share a path, and so do objects below their IDs."""
    yield path, _TYPES.get(type(value), "null")
    if isinstance(value, dict):
        for name, member in value.items():
            place = "*" if _ID.fullmatch(name) else name
            place = f"{path}.{place}" if path else place
            if name in _OF_CONTENT:
                yield place, _TYPES.get(type(member), "null")
            else:
                yield from members(member, place)
    if isinstance(value, list):
        for item in value:
            yield from members(item, f"{path}[]")


_LIST = "The example has one object where the guide's sample of the same reply has a list."
_LIBRARY = "Of standard XDM, flowctl contains the facts that are needed, not Adobe's texts and statistics."
DIFFERENT: dict[str, str] = {
    "data-prep POST /languages/el/validate 200: *": "The example is a boolean; the newer guide has an object.",
    "data-prep GET /mappingSets 200: *": _LIST,
    "data-prep POST /mappingSets/preview 200: *": _LIST,
    "data-prep GET /mappingSets/{MAPPING_SET_ID}/mappings 200: *": _LIST,
    "schema-registry GET /{CONTAINER_ID}/* 200: *meta:createdDate": _LIBRARY,
    "schema-registry GET /{CONTAINER_ID}/* 200: *meta:usageCount": _LIBRARY,
    "schema-registry GET /{CONTAINER_ID}/* 200: *meta:tags*": _LIBRARY,
    "schema-registry GET /{CONTAINER_ID}/* 200: description": _LIBRARY,
    "schema-registry GET /{CONTAINER_ID}/classes 200: *auditable": _LIBRARY,
    "schema-registry GET /global/behaviors/{BEHAVIOR_ID} 200: description": _LIBRARY,
    "schema-registry GET /{CONTAINER_ID}/* 200: results[[][]].$schema": "The emulator shows it in look-ups only.",
    "schema-registry GET /{CONTAINER_ID}/schemas/{SCHEMA_ID} 200: allOf *": "A space is behind the example's names.",
    "schema-registry GET /{CONTAINER_ID}/descriptors/{DESCRIPTOR_ID} 400: *": (
        "The look-up of a descriptor takes any Accept, as the guide says; the example refuses one."
    ),
    "schema-registry GET /rpc/sampledata/{SCHEMA_ID} 200: *": "The sample is of a schema that Adobe does not print.",
    "schema-registry GET /rpc/auditlog/{RESOURCE_ID} 200: [[][]].updates[[][]].value": (
        "The value is that of what changed, which is a number in one entry of the example."
    ),
    "catalog GET /dataSets* 200: [*].basePath": "It is an address in Adobe's storage, which the emulator has not.",
    "audit-query GET /audit/events 200: *ENHANCED_EVENT": "The name stands for an event, whose members the guide has.",
}
"""Patterns over `service METHOD path status: member`, each with the reason for the difference."""
