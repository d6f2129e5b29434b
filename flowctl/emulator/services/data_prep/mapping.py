"""One mapping in its two dialects, and one mapping set as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.identifiers import new_mapping_id
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.schema_registry.unions import find_union
from flowctl.emulator.services.schema_registry.visible import shown
from flowctl.emulator.shapes import (
    either,
    is_boolean,
    is_integer,
    is_object,
    is_text,
    list_of,
    members,
    odd_member,
    or_null,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.message import Call
    from flowctl.emulator.shapes import Shape

# The enum that requests send, and the media types that reads answer with (Adobe docs: mapping-set.md samples).
SOURCE_TYPES = {"ATTRIBUTE": "text/x.schema-path", "EXPRESSION": "text/x.aep-xl", "STATIC": "text/plain"}
FULL_SCHEMA = "application/vnd.adobe.xed-full+json;version=1"
_OPTIONAL = ("name", "description", "identityGroup", "namespaceCode", "expressionAttributes")

# The description types dates as strings, every published reply has numbers, and clients send back what they read.
_DATE = either(is_text, is_integer)
_MADE: Final[Mapping[str, Shape]] = {
    # The tutorials of sources send `"id": null`.
    "id": or_null(is_text),
    "version": is_integer,
    "createdBy": is_text,
    "createdDate": _DATE,
    "modifiedBy": is_text,
    "modifiedDate": _DATE,
}
_ROW: Final[Mapping[str, Shape]] = {
    **_MADE,
    "name": is_text,
    "description": is_text,
    "functionVersion": is_integer,
    "expressionAttributes": list_of(is_text),
}
_SCHEMA = members(
    {
        **_MADE,
        # Sets that were copied from a sandbox have it as text.
        "version": either(is_integer, is_text),
        "jsonSchema": or_null(is_object),
        "schemaRef": members({"id": is_text, "contentType": is_text}),
    }
)
_SET: Final[Mapping[str, Shape]] = {
    **_MADE,
    "name": is_text,
    "allowNullValues": is_boolean,
    "inputSchema": _SCHEMA,
    "outputSchema": _SCHEMA,
    "supportVersion": is_text,
    "tags": list_of(members({"name": is_text, "values": list_of(is_text)})),
}


def canonical(document: object) -> dict[str, Any]:
    """Return a mapping as reads answer it, with both dialects. Refuses (400) what is not a mapping."""
    if not isinstance(document, dict):
        raise bad_request("A mapping is an object.")
    _check(document, _ROW)
    source = document.get("source", document.get("sourceAttribute"))
    destination = document.get("destination", document.get("destinationXdmPath"))
    if not isinstance(source, str) or not source.strip():
        raise bad_request("A mapping has a source (or sourceAttribute) that is a string.")
    if not isinstance(destination, str) or not destination.strip():
        raise bad_request("A mapping has a destination (or destinationXdmPath) that is a string.")
    given = document.get("sourceType", "ATTRIBUTE")
    source_type = SOURCE_TYPES.get(given, given) if isinstance(given, str) else given
    if source_type not in SOURCE_TYPES.values():
        raise bad_request(f"The sourceType {given} is not one of {', '.join(SOURCE_TYPES)}.")
    return {
        "id": new_mapping_id(),
        "version": 0,
        "sourceType": source_type,
        "source": source,
        "destination": destination,
        "sourceAttribute": source,
        "destinationXdmPath": destination,
        "identity": bool(document.get("identity", False)),
        "primaryIdentity": bool(document.get("primaryIdentity", False)),
        "matchScore": 0.0,
        "functionVersion": document.get("functionVersion", 1),
        **{key: document[key] for key in _OPTIONAL if document.get(key) is not None},
    }


def contents(call: Call, document: object) -> dict[str, Any]:
    """Return what a body says about a mapping set: schema, mappings and options, without id, version and dates.

    Refuses (400) a body without schema or mappings, and a schema that does not exist.
    """
    if not isinstance(document, dict):
        raise bad_request("A mapping set is a JSON object.")
    _check(document, _SET)
    reference = _schema_reference(document)
    if shown(call, "schemas", reference["id"]) is None and find_union(call, reference["id"]) is None:
        raise bad_request(f"The schema {reference['id']} is not found.")
    mappings = document.get("mappings")
    if not isinstance(mappings, list):
        raise bad_request("A mapping set has an array of mappings.")
    options = {key: document[key] for key in ("name", "tags", "inputSchema") if document.get(key) is not None}
    return {
        **options,
        "outputSchema": {"schemaRef": reference},
        "schemaRef": reference,
        "xdmSchema": reference["id"],
        "xdmVersion": reference["contentType"],
        "strictMapping": bool(document.get("strictMapping", False)),
        "allowNullValues": bool(document.get("allowNullValues", False)),
        "mappings": [canonical(mapping) for mapping in mappings],
    }


def _schema_reference(document: dict[str, Any]) -> dict[str, Any]:
    output = document.get("outputSchema")
    reference = output.get("schemaRef") if isinstance(output, dict) else document.get("schemaRef")
    if reference is None and isinstance(document.get("xdmSchema"), str):
        reference = {"id": document["xdmSchema"]}
    if not isinstance(reference, dict) or not isinstance(reference.get("id"), str) or not reference["id"]:
        raise bad_request("A mapping set has outputSchema.schemaRef.id, or xdmSchema.")
    content_type = reference.get("contentType", FULL_SCHEMA)
    if not isinstance(content_type, str):
        raise bad_request("The contentType of a schemaRef is a string.")
    return {"id": reference["id"], "contentType": content_type}


def _check(document: Mapping[str, object], shapes: Mapping[str, Shape]) -> None:
    odd = odd_member(document, shapes)
    if odd is not None:
        raise bad_request(f"The value of {odd} does not have the type that the API describes.")
