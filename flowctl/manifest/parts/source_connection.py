"""The source connection of a pipeline, and the connection spec that it reads by."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.parts.connection_spec import base_connection_id, connection_spec
from flowctl.manifest.parts.members import given, references
from flowctl.model.address import Address
from flowctl.model.default_names import default_name
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Lifecycle, Resource, Sensitive
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.secret_places import secret_source_places


def source_connection_spec(source: Mapping[str, Any], documents: Named) -> JSONObject:
    """The connection spec of a pipeline's source: its own, or that of its Connection document."""
    if "connector" in source or "connectionSpec" in source:
        return connection_spec(source)
    return connection_spec(documents["Connection", source["connection"]].content)


def source_connection(document: Document, spec: JSONObject, rules: Lifecycle) -> Resource:
    """What a pipeline reads, of which account and how."""
    source = document.content["source"]
    known = connector_by_spec_id(spec["id"])
    data = dict(source.get("data") or {})
    if known is not None and known.formats:
        data.setdefault("format", known.formats[0])
    base = base_connection_id(source["connection"]) if source.get("connection") else None
    attributes: dict[str, Any] = {
        "name": source.get("title", default_name(document.name, "source_connection")),
        **given(source, "description"),
        **({"baseConnectionId": base} if base else {}),
        **given(source, "providerId"),
        **({"data": data} if data else {}),
        **given(source, "params"),
        "connectionSpec": spec,
    }
    for member, name in secret_source_places(attributes) if document.has_secrets else ():
        attributes[member] = {**attributes[member], name: _secret(document, (member, name), attributes[member][name])}
    return Resource(
        address=Address.of(document.name, "source_connection"),
        attributes=attributes,
        depends_on=references(base),
        replaced_with=frozenset({Address.of(document.name, "target_connection")}),
        lifecycle=rules,
        has_own_title="title" in source,
        declared=partial(document.span, "source"),
    )


def _secret(document: Document, place: tuple[str, ...], value: JSON) -> Sensitive:
    """A secret of the source with its variable; without a value if the variable is not set."""
    found = document.substitution("source", *place)
    if found is None:
        return Sensitive(value)
    return Sensitive(None if found.unset else value, next(iter((*found.unset, *found.environment)), ""))
