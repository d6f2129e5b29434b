"""What Catalog checks about a dataset: its members, its schema, its tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.catalog.shapes import check_dataset_members
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.schema_registry.unions import UNION_SUFFIX, find_union
from flowctl.emulator.services.schema_registry.visible import shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_CONTENT_TYPE = re.compile(r"application/vnd\.adobe\.xed(-full)?(-notext)?\+json\s*;\s*version=1(\.\d+)?\Z")
_FORMATS = ("", "csv", "text", "parquet", "json", "sequencefile", "avro")


def check_dataset(call: Call, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema.

    Refuses (400) wrong types, an unknown schema, tags that are no arrays, and Profile without a union schema.
    """
    check_dataset_members(body)
    file = body.get("fileDescription", {})
    if not isinstance(file, dict) or file.get("format", "") not in _FORMATS:
        raise bad_request(f"The fileDescription is an object with a format of {', '.join(_FORMATS[1:])}.")
    schema = _schema(call, body)
    _check_tags(body, schema)
    return schema


def _schema(call: Call, body: dict[str, Any]) -> dict[str, Any] | None:
    if "schemaRef" not in body and isinstance(body.get("schema"), str) and body["schema"].startswith("https://"):
        body["schemaRef"] = {"id": body["schema"], "contentType": "application/vnd.adobe.xed+json;version=1"}
    reference = body.get("schemaRef")
    if reference is None:
        return None
    if not isinstance(reference, dict) or not isinstance(reference.get("id"), str):
        raise bad_request("The schemaRef is an object with the id of a schema.")
    content_type = reference.get("contentType")
    if not isinstance(content_type, str) or not _CONTENT_TYPE.match(content_type):
        raise bad_request(f"The contentType {content_type} of the schemaRef is not valid.")
    stored = shown(call, "schemas", reference["id"])
    if stored is not None:
        return stored.value()
    union = find_union(call, reference["id"]) if reference["id"].endswith(UNION_SUFFIX) else None
    if union is None:
        raise bad_request(f"The schema {reference['id']} is not found.")
    return union


def _check_tags(body: dict[str, Any], schema: dict[str, Any] | None) -> None:
    tags = body.get("tags", {})
    if not isinstance(tags, dict):
        raise bad_request("The tags are an object.")
    for name, values in tags.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise bad_request(f"The tag {name} is an array of strings.")
    enabled = "enabled:true" in [value.replace(" ", "") for value in tags.get("unifiedProfile", [])]
    if enabled and "union" not in (schema or {}).get("meta:immutableTags", []):
        raise bad_request("To enable profile datasets the schema should be valid")
