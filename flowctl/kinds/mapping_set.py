"""Mapping sets: which source field goes to which XDM path.

Two dialects exist. A set is created in the form of the sources tutorials if every mapping copies an attribute, and in
the newer form as soon as one is calculated, which only that form can express; it is changed in the newer form.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flowctl.kinds.identifier import MAPPING_SET_ID, confirmed, listed, path_part
from flowctl.kinds.identifier import version as read_version
from flowctl.kinds.kind import Created, Kind, Update, Use, apart_in
from flowctl.kinds.live_check import Preflight
from flowctl.kinds.live_state import Provenance, Versions
from flowctl.kinds.mapping_body import BASE, IDENTITY, body, changed_body
from flowctl.kinds.preflight.mapping_verdicts import VERDICTS
from flowctl.kinds.terms import NO_KEY, Terms
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_ORIGINS = {"EXPRESSION": "expression", "text/x.aep-xl": "expression", "STATIC": "value", "text/plain": "value"}
"""The key of a manifest by the type of a source, in requests and in replies; any other is a source field."""
_SOURCE_TYPES = frozenset({None, "ATTRIBUTE", "text/x.schema-path", *_ORIGINS})
_PAGE = 100
_VERSION = "version"
"""The output that flows refer to beside the id."""


def _create(attributes: JSONObject) -> Request:
    return Request(method="POST", path=BASE, body=body(attributes), repeatable=False)


def _written(reply: Reply) -> Created:
    """Read the summary of a POST or the whole set of a PUT; both hold `id` and the integer `version`."""
    object_id = confirmed(MAPPING_SET_ID, MAPPING_SET_ID.read(reply.body["id"]), reply.headers.get("location"))
    return Created(id=object_id, outputs={_VERSION: read_version(reply.body["version"])})


def _read_many(ids: Sequence[str]) -> Request:
    return _read_version(ids[0], "")


def _read_version(set_id: str, version: str) -> Request:
    """One version of a set: without a version the reply of the service is ambiguous."""
    query = (("version", version),) if version else ()
    return Request(method="GET", path=f"{BASE}/{path_part(set_id)}", query=query)


def _list(*filters: tuple[str, str]) -> Request:
    """The list wants both `limit` and `start`; the newest first."""
    paging = (("limit", str(_PAGE)), ("start", "0"), ("orderBy", "-createdDate"))
    return Request(method="GET", path=BASE, query=(*filters, *paging))


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
    """Read both dialects; IDs, scores and versions are the service's own, and false identities mean none."""
    source = mapping.get("source") or mapping.get("sourceAttribute")
    return {
        "destination": mapping.get("destination") or mapping.get("destinationXdmPath"),
        _ORIGINS.get(str(mapping.get("sourceType")), "source"): source,
        **{name: mapping[name] for name in IDENTITY if mapping.get(name)},
    }


def _uses(attributes: JSONObject) -> Iterator[Use]:
    if isinstance(attributes.get("xdmSchema"), str):
        yield Use(kind="schema", id=attributes["xdmSchema"])


def _obstacle(live: RemoteObject) -> str | None:
    """No rows at all, rows of a type that no manifest has, and rows that cannot be told apart."""
    rows = live.body.get("mappings") or ()
    if not rows:
        return "its mapping set has no rows"
    unknown = next((str(row["sourceType"]) for row in rows if row.get("sourceType") not in _SOURCE_TYPES), None)
    if unknown is not None:
        return f"no key of a manifest describes its rows of type {unknown}"
    destinations = [row["destination"] for row in live.attributes["mappings"]]
    twice = next((name for name in destinations if not name or destinations.count(name) > 1), None)
    return f"several of its rows go to {twice}" if twice else None


def _update(update: Update) -> Request:
    """A PUT creates the next version of the same set and keeps older versions.

    It is documented in the newer form only, with `outputSchema`, whatever form the set was created in. It replaces the
    whole set, so that what flowctl does not manage is sent back as it was read.
    """
    return Request(
        method="PUT", path=f"{BASE}/{path_part(update.live.id)}", body=changed_body(update.live.body, update.desired)
    )


KIND = Kind(
    name="mapping_set",
    title="mapping set",
    meaning="Which column or field of the source becomes which field of the XDM schema.",
    stage=2,
    in_pipeline=True,
    terms=Terms(terms={("xdmSchema",): NO_KEY}),
    id_form=MAPPING_SET_ID,
    create=_create,
    written=_written,
    read_many=_read_many,
    batch_size=1,
    objects=_objects,
    apart=apart_in("data"),
    find=lambda title: _list(("name", title)),
    recall=lambda _attributes: _list(),
    provenance=Provenance(
        created_at=lambda body: body.get("createdDate"),
        created_by=lambda body: body.get("createdBy"),
        updated_at=lambda body: body.get("modifiedDate"),
        updated_by=lambda body: body.get("modifiedBy"),
    ),
    next_page=_next_page,
    update=_update,
    kept_because="Adobe's Data Prep API cannot delete mapping sets",
    keyed_lists={("mappings",): "destination"},
    mappings="mappings",
    volatile_outputs=frozenset({_VERSION}),
    versions=Versions(output=_VERSION, read=_read_version, newest=_list()),
    uses=_uses,
    obstacle=_obstacle,
    preflight=Preflight(planned=(VERDICTS,)),
)
