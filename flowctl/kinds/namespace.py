"""Identity namespaces: the context of an identity, such as Email or a loyalty program's own ID."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flowctl.kinds.forms import Forms, words
from flowctl.kinds.identifier import NAMESPACE_ID, listed
from flowctl.kinds.kind import Apart, Created, Kind, Search, Update
from flowctl.kinds.live_check import PlannedCheck, Preflight
from flowctl.kinds.live_state import Provenance
from flowctl.kinds.preflight.namespace_codes import NAMESPACES, code_check, fixed_check
from flowctl.kinds.terms import TITLE, Terms
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_FORMS: Final[Forms] = {("idType",): words}
"""Replies write `COOKIE` and `Cookie`."""


def _everything() -> Request:
    return Request(method="GET", path=NAMESPACES)


def _body(attributes: JSONObject) -> dict[str, JSON]:
    """Every member is sent each time: a change replaces the namespace."""
    return {"description": "", **attributes}


def _create(attributes: JSONObject) -> Request:
    return Request(method="POST", path=NAMESPACES, body=_body(attributes), repeatable=False)


def _written(reply: Reply) -> Created:
    """Read the namespace of a POST. The API description shows that of a PUT in a list."""
    body = reply.body
    return Created(id=_id(body[0] if isinstance(body, list) and len(body) == 1 else body))


def _id(body: Mapping[str, Any]) -> str:
    """The number in `id`, as text."""
    number = body["id"]
    return NAMESPACE_ID.read(str(number) if isinstance(number, int) and not isinstance(number, bool) else None)


def _read_many(ids: Sequence[str]) -> Request:
    """One ID is looked up; for several the list is read, which has no pages."""
    return Request(method="GET", path=f"{NAMESPACES}/{ids[0]}") if len(ids) == 1 else _everything()


def _objects(reply: Reply) -> list[RemoteObject]:
    bodies = listed(reply.body if isinstance(reply.body, list) else [reply.body])
    return [RemoteObject(id=_id(body), etag=None, attributes=_comparable(body), body=body) for body in bodies]


def _apart(reply: Reply) -> Iterator[Apart]:
    for body in reply.body if isinstance(reply.body, list) else [reply.body]:
        number = body.get("id") if isinstance(body, Mapping) else None
        is_number = isinstance(number, int) and not isinstance(number, bool)
        yield Apart(id=str(number) if is_number else number, body=body, reply=replace(reply, body=[body]))


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    return {name: body.get(name) for name in ("name", "code", "idType", "description")}


def _update(update: Update) -> Request:
    return Request(method="PUT", path=f"{NAMESPACES}/{update.live.id}", body=_body(update.desired))


def _obstacle(live: RemoteObject) -> str | None:
    return "Experience Platform provides it" if live.body.get("custom") is False else None


KIND = Kind(
    name="namespace",
    title="identity namespace",
    meaning="The context of an identity, such as the numbers of a loyalty program.",
    stage=7,
    shows_late=True,
    label="code",
    id_form=NAMESPACE_ID,
    create=_create,
    written=_written,
    read_many=_read_many,
    batch_size=1_000_000,
    objects=_objects,
    apart=_apart,
    reads_whole_list=True,
    find=lambda _code: _everything(),
    newest=_everything,
    recall=lambda _attributes: _everything(),
    provenance=Provenance(
        created_at=lambda body: body.get("createTime"),
        updated_at=lambda body: body.get("updateTime"),
    ),
    status=lambda body: body.get("status"),
    search=Search(everything=_everything(), titled=lambda _codes: [_everything()], unique=True),
    update=_update,
    terms=Terms(terms={("name",): TITLE}),
    kept_because="Identity Service cannot delete namespaces",
    forms=lambda _attributes: _FORMS,
    obstacle=_obstacle,
    preflight=Preflight(planned=(PlannedCheck(begin=code_check), PlannedCheck(begin=fixed_check))),
)
