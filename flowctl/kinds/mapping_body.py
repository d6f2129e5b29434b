"""The bodies of mapping sets (Data Prep API, sections 2 to 4).

Two dialects exist. A set is made in the sources tutorials' form where every mapping copies an attribute, and in the
newer form as soon as one is calculated or constant, because only that one can say so; it is changed in the newer form.
"""

from collections.abc import Mapping
from typing import Any

from flowctl.model.json_value import JSONObject

_SERVER_OWNED = frozenset(
    {
        *("id", "version", "status", "supportVersion", "createdDate", "modifiedDate", "createdBy", "modifiedBy"),
        *("schemaRef", "xdmSchema", "xdmVersion", "outputSchema", "mappings"),
    }
)
"""Members of a set that the service sets itself, or that are managed here in another form."""
_NOT_KEPT = frozenset(
    {
        *(
            "id",
            "version",
            "matchScore",
            "sourceType",
            "source",
            "sourceAttribute",
            "destination",
            "destinationXdmPath",
        ),
        *("identity", "identityGroup", "namespaceCode"),
        *("createdDate", "modifiedDate", "createdBy", "modifiedBy"),
    }
)
_DERIVED = "expressionAttributes"
"""What the service reads out of the source of a mapping; it belongs to that source alone."""
BASE = "/data/foundation/conversion/mappingSets"
_CONTENT_TYPE = "application/vnd.adobe.xed-full+json;version=1"
_SOURCE_TYPES = {"expression": "EXPRESSION", "value": "STATIC", "source": "ATTRIBUTE"}
IDENTITY = ("identity", "identityGroup", "namespaceCode")


def body(attributes: JSONObject) -> JSONObject:
    """Return the body of a request that creates or validates a mapping set."""
    if any("source" not in mapping for mapping in attributes["mappings"]):
        return newer_body(attributes)
    return {
        "version": 0,
        "xdmSchema": attributes["xdmSchema"],
        "xdmVersion": "1.0",
        "id": None,
        "mappings": [
            {
                "destinationXdmPath": mapping["destination"],
                "sourceAttribute": mapping["source"],
                "identity": mapping.get("identity", False),
                "identityGroup": mapping.get("identityGroup"),
                "namespaceCode": mapping.get("namespaceCode"),
                "version": 0,
            }
            for mapping in attributes["mappings"]
        ],
    }


def newer_body(attributes: JSONObject) -> JSONObject:
    """Return the body in the newer form, which is the only one that changes a mapping set."""
    return {
        "outputSchema": {"schemaRef": {"id": attributes["xdmSchema"], "contentType": _CONTENT_TYPE}},
        "mappings": [
            {
                "sourceType": _SOURCE_TYPES[origin],
                "source": mapping[origin],
                "destination": mapping["destination"],
                **{name: mapping[name] for name in IDENTITY if mapping.get(name)},
            }
            for mapping in attributes["mappings"]
            for origin in _SOURCE_TYPES
            if origin in mapping
        ],
    }


def changed_body(live: Mapping[str, Any], attributes: JSONObject) -> JSONObject:
    """Return the body that replaces a live mapping set: the attributes, and what flowctl does not manage as it is.

    A mapping is the same one if it has the same destination.
    """
    made = newer_body(attributes)
    rows = {_destination(row): row for row in live.get("mappings") or () if isinstance(row, Mapping)}
    mappings = [{**_kept(rows.get(row["destination"], {}), row), **row} for row in made["mappings"]]
    unmanaged = {name: value for name, value in live.items() if name not in _SERVER_OWNED and value is not None}
    return {**unmanaged, **made, "mappings": mappings}


def _destination(row: Mapping[str, Any]) -> Any:
    return row.get("destination") or row.get("destinationXdmPath")


def _kept(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a live mapping that stay; those that are off, which is the default, need not be sent."""
    kept = {name: value for name, value in live.items() if name not in _NOT_KEPT and value not in (None, False)}
    if (live.get("source") or live.get("sourceAttribute")) != wanted["source"]:
        kept.pop(_DERIVED, None)
    return kept
