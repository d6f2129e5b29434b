"""Profile: that a schema takes part in Real-Time Customer Profile, which nobody can take back.

The object is the schema itself, with the tag `union`. It is a kind of its own because the tag needs the descriptor of a
primary identity, and that one needs the schema. Its ID is the other name of the schema, `meta:altId`, because the `$id`
is that of the schema.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from flowctl.kinds.identifier import SCHEMA_ALT_ID, SCHEMA_ID, confirmed, listed
from flowctl.kinds.kind import Apart, Created, Kind, Use
from flowctl.kinds.live_check import Preflight
from flowctl.kinds.live_state import Provenance
from flowctl.kinds.preflight.profile_rules import PROFILE_RULES
from flowctl.kinds.schema_registry import SCHEMAS, next_page
from flowctl.kinds.terms import Term, Terms
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_TAG: Final = "union"
_TAGGED: Final = SCHEMAS.all(("property", f"meta:immutableTags=={_TAG}"))


def is_enabled(live: RemoteObject | None) -> bool:
    """Whether a schema takes part in Profile."""
    return live is not None and _TAG in (live.body.get("meta:immutableTags") or ())


def _create(attributes: JSONObject) -> Request:
    operation = {"op": "add", "path": "/meta:immutableTags", "value": [_TAG]}
    return Request(method="PATCH", path=SCHEMAS.place(attributes["schema"]), body=[operation], repeatable=False)


def _written(reply: Reply) -> Created:
    return Created(id=confirmed(SCHEMA_ALT_ID, _id(reply.body), reply.headers.get("location")))


def _id(body: JSONObject) -> str:
    return SCHEMA_ALT_ID.read(body["meta:altId"])


def _read_many(ids: Sequence[str]) -> Request:
    return SCHEMAS.one(ids[0]) if len(ids) == 1 else _TAGGED


def _objects(reply: Reply) -> list[RemoteObject]:
    """The schemas with the tag; one without it has no object of this kind."""
    bodies = [(_id(body), body) for body in listed(reply.body.get("results", [reply.body]))]
    return [
        RemoteObject(id=alt_id, etag=None, attributes={"schema": SCHEMA_ID.read(body["$id"])}, body=body)
        for alt_id, body in bodies
        if _TAG in (body.get("meta:immutableTags") or ())
    ]


def _apart(reply: Reply) -> Iterator[Apart]:
    for body in reply.body.get("results", [reply.body]):
        object_id = body.get("meta:altId") if isinstance(body, Mapping) else None
        is_one = isinstance(body, Mapping) and _TAG in (body.get("meta:immutableTags") or ())
        if is_one or not isinstance(body, Mapping):
            yield Apart(id=object_id, body=body, reply=replace(reply, body={"results": [body]}))


def _uses(attributes: JSONObject) -> Iterator[Use]:
    if isinstance(attributes.get("schema"), str):
        yield Use(kind="schema", id=attributes["schema"])


KIND = Kind(
    name="profile",
    title="Profile enablement",
    meaning="That an XDM schema takes part in Real-Time Customer Profile.",
    stage=12,
    shows_late=True,
    label="schema",
    terms=Terms(terms={("schema",): Term(key=("schema",), refers="schema")}),
    id_form=SCHEMA_ALT_ID,
    create=_create,
    written=_written,
    read_many=_read_many,
    batch_size=1_000_000,
    next_page=next_page,
    objects=_objects,
    apart=_apart,
    reads_whole_list=True,
    find=lambda _schema: _TAGGED,
    recall=lambda attributes: SCHEMAS.one(attributes["schema"]),
    provenance=Provenance(created_at=lambda _body: None),
    irreversible="Experience Platform cannot disable a schema for Profile again, and cannot delete it then",
    kept_because="Experience Platform cannot disable a schema for Profile",
    belongs_to="schema",
    uses=_uses,
    preflight=Preflight(planned=(PROFILE_RULES,)),
)
