"""The connection spec of a source, and how a pipeline refers to its base connection."""

from collections.abc import Mapping
from typing import Any

from flowctl.model.address import Address
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Lookup, Reference
from flowctl.specs.catalogue import connector


def connection_spec(content: Mapping[str, Any]) -> JSONObject:
    """`{id, version}` of a `connector` of the catalogue or of an explicit `connectionSpec`."""
    explicit = content.get("connectionSpec")
    if explicit is not None:
        return {"id": explicit["id"], "version": explicit.get("version", "1.0")}
    known = connector(content["connector"])
    if known is None:
        raise AssertionError(f"unknown connector {content['connector']}")
    return {"id": known.spec_id, "version": known.spec_version}


def base_connection_id(connection: JSON) -> Reference | Lookup:
    """What a pipeline's `source.connection` stands for: a document's name, or `{id}` or `{title}` of a live one."""
    if isinstance(connection, str):
        return Reference(Address.of(connection, "connection"))
    by = "id" if "id" in connection else "title"
    return Lookup("connection", by, connection[by])
