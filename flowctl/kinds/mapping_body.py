"""The bodies of mapping sets (Data Prep API, sections 2 to 4).

Two dialects exist. A set is made in the sources tutorials' form where every mapping copies an attribute, and in the
newer form as soon as one is calculated or constant, because only that one can say so; it is changed in the newer form.
"""

from flowctl.model.json_value import JSONObject

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
