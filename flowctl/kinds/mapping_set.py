"""Mapping sets: which source field goes to which XDM path (Data Prep API, sections 2 to 4).

Two dialects exist. A set is made in the sources tutorials' form where every mapping copies an attribute, and in the
newer form as soon as one is calculated, because only that one can say so; it is changed in the newer form.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flowctl.kinds.identifier import MAPPING_SET_ID, confirmed, listed, path_part
from flowctl.kinds.identifier import version as read_version
from flowctl.kinds.kind import Created, Kind, Update
from flowctl.kinds.live_state import Provenance, Versions
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_BASE = "/data/foundation/conversion/mappingSets"
_CONTENT_TYPE = "application/vnd.adobe.xed-full+json;version=1"
_EXPRESSION_TYPES = frozenset({"EXPRESSION", "text/x.aep-xl"})
_PAGE = 100
_VERSION = "version"
"""The output that flows refer to beside the id."""
_IDENTITY = ("identity", "identityGroup", "namespaceCode")


def _body(attributes: JSONObject) -> JSONObject:
    if any("expression" in mapping for mapping in attributes["mappings"]):
        return _newer_body(attributes)
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


def _newer_body(attributes: JSONObject) -> JSONObject:
    return {
        "outputSchema": {"schemaRef": {"id": attributes["xdmSchema"], "contentType": _CONTENT_TYPE}},
        "mappings": [
            {
                "sourceType": "EXPRESSION" if "expression" in mapping else "ATTRIBUTE",
                "source": mapping["expression"] if "expression" in mapping else mapping["source"],
                "destination": mapping["destination"],
                **{name: mapping[name] for name in _IDENTITY if mapping.get(name)},
            }
            for mapping in attributes["mappings"]
        ],
    }


def _create(attributes: JSONObject) -> Request:
    return Request(method="POST", path=_BASE, body=_body(attributes), repeatable=False)


def _written(reply: Reply) -> Created:
    """Reads the summary of a POST or the whole set of a PUT; both hold `id` and the integer `version`."""
    object_id = confirmed(MAPPING_SET_ID, MAPPING_SET_ID.read(reply.body["id"]), reply.headers.get("location"))
    return Created(id=object_id, outputs={_VERSION: read_version(reply.body["version"])})


def _read_many(ids: Sequence[str]) -> Request:
    return _read_version(ids[0], "")


def _read_version(set_id: str, version: str) -> Request:
    """One version of a set: without a version the service's answer is ambiguous (section 4)."""
    query = (("version", version),) if version else ()
    return Request(method="GET", path=f"{_BASE}/{path_part(set_id)}", query=query)


def _list(*filters: tuple[str, str]) -> Request:
    """The list wants both `limit` and `start`; the newest first."""
    paging = (("limit", str(_PAGE)), ("start", "0"), ("orderBy", "-createdDate"))
    return Request(method="GET", path=_BASE, query=(*filters, *paging))


def _next_page(request: Request, reply: Reply) -> Request | None:
    """`_page.count` is not to be trusted: a page shorter than its limit is the last one."""
    query = dict(request.query)
    if "start" not in query or len(reply.body["data"]) < _PAGE:
        return None
    query["start"] = str(int(query["start"]) + _PAGE)
    return Request(method="GET", path=request.path, query=tuple(query.items()))


def _objects(reply: Reply) -> list[RemoteObject]:
    bodies = listed(reply.body.get("data", [reply.body]))
    return [
        RemoteObject(
            id=MAPPING_SET_ID.read(body["id"]),
            etag=None,
            attributes=_comparable(body),
            body=body,
            outputs={_VERSION: read_version(body["version"])},
        )
        for body in bodies
    ]


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    schema = (body.get("outputSchema") or {}).get("schemaRef") or body.get("schemaRef") or {}
    return {
        "xdmSchema": body.get("xdmSchema") or schema.get("id"),
        "mappings": [_comparable_mapping(mapping) for mapping in body.get("mappings") or ()],
    }


def _comparable_mapping(mapping: Mapping[str, Any]) -> JSONObject:
    """Reads both dialects; ids, scores and versions are the service's own, and false identities mean none."""
    source = mapping.get("source") or mapping.get("sourceAttribute")
    kind = "expression" if mapping.get("sourceType") in _EXPRESSION_TYPES else "source"
    return {
        "destination": mapping.get("destination") or mapping.get("destinationXdmPath"),
        kind: source,
        **{name: mapping[name] for name in _IDENTITY if mapping.get(name)},
    }


def _update(update: Update) -> Request:
    """A PUT makes the next version of the same set; older versions stay as they are.

    It is documented in the newer form only, with `outputSchema` (section 4), whatever form the set was made in.
    """
    return Request(method="PUT", path=f"{_BASE}/{path_part(update.live.id)}", body=_newer_body(update.desired))


KIND = Kind(
    name="mapping_set",
    title="mapping set",
    id_form=MAPPING_SET_ID,
    create=_create,
    written=_written,
    read_many=_read_many,
    batch_size=1,
    objects=_objects,
    find=lambda title: _list(("name", title)),
    recall=lambda _attributes: _list(),
    provenance=Provenance(
        created_at=lambda body: body.get("createdDate"), created_by=lambda body: body.get("createdBy")
    ),
    next_page=_next_page,
    update=_update,
    kept_because="Data Prep documents no deletion of mapping sets",
    keyed_lists={("mappings",): "destination"},
    volatile_outputs=frozenset({_VERSION}),
    versions=Versions(output=_VERSION, read=_read_version),
    reread=False,
)
