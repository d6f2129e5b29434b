"""What field groups, data types and classes have in common: their requests to Schema Registry, and how they compare."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.forms import Forms, sets
from flowctl.kinds.identifier import IdForm, confirmed, listed
from flowctl.kinds.kind import Created, DeletionGuard, Kind, Search, Update, Use, apart_in
from flowctl.kinds.live_check import PlannedCheck, Preflight
from flowctl.kinds.preflight.evolution import EVOLUTION
from flowctl.kinds.preflight.mapping_verdicts import VERDICTS
from flowctl.kinds.preflight.schema_titles import title_check
from flowctl.kinds.preflight.xdm_references import REFERENCES
from flowctl.kinds.registry_parts import own_parts, references_in
from flowctl.kinds.replacing import IN_PLACE, ReplacementRule
from flowctl.kinds.schema_registry import Collection, next_page, registered
from flowctl.kinds.terms import FieldList, Term, Terms
from flowctl.kinds.xdm_fields import entries_of, properties_of
from flowctl.kinds.xdm_losses import first_lost
from flowctl.model.field_path import without_namespace
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject

_PART: Final = "customFields"
"""The name of the definition that holds the fields: the one that the UI writes."""

Members = Callable[[JSONObject], dict[str, Any]]
Compared = Callable[[Mapping[str, Any]], JSONObject]


def nothing(_value: Any) -> dict[str, Any]:
    """No member besides those that all have."""
    return {}


def _written(form: IdForm) -> Callable[[Reply], Created]:
    return lambda reply: Created(id=confirmed(form, form.read(reply.body["$id"]), reply.headers.get("location")))


def body(attributes: JSONObject, members: JSONObject, references: Sequence[str], before: Any = None) -> dict[str, Any]:
    """The resource as it is sent: what `before` has and no manifest declares is sent back."""
    fields = properties_of(attributes.get("fields") or (), before)
    return {
        "type": "object",
        "title": attributes["title"],
        "description": attributes.get("description") or "",
        **members,
        "definitions": {_PART: {"type": "object", **fields}},
        "allOf": [*({"$ref": reference} for reference in references), {"$ref": f"#/definitions/{_PART}"}],
    }


def _comparable(body: Mapping[str, Any], compared: Compared) -> JSONObject:
    return {
        "title": body.get("title"),
        "description": body.get("description"),
        **compared(body),
        "fields": entries_of(body),
    }


def _made_of(attributes: JSONObject) -> Iterator[Use]:
    return own_parts([*(attributes.get("extends") or ()), *(each.get("ref") for each in attributes["fields"])])


def used_in(collection: Collection, words: str) -> DeletionGuard:
    """The look for resources of a collection that refer to one that is about to be deleted."""

    def blocks(object_id: str, reply: Reply, leaving: frozenset[str]) -> str | None:
        for each in listed(reply.body["results"]):
            if each["$id"] not in leaving and object_id in _references(each):
                return f'The {words} "{each.get("title")}" still uses it'
        return None

    return DeletionGuard(request=lambda _id: collection.all(), blocks=blocks, next_page=next_page)


def _references(body: Mapping[str, Any]) -> set[str]:
    """Every `$ref` in a resource, and the classes that it is meant for."""
    return {*references_in(body), *(each for each in body.get("meta:intendedToExtend") or () if isinstance(each, str))}


def kind(
    *,
    name: str,
    title: str,
    meaning: str,
    stage: int,
    collection: Collection,
    form: IdForm,
    members: Members = nothing,
    references: Callable[[JSONObject], Sequence[str]] = lambda _attributes: (),
    compared: Compared = nothing,
    forms: Forms | None = None,
    replacement: ReplacementRule = IN_PLACE,
    own_checks: tuple[PlannedCheck, ...] = (),
    deletion_guard: DeletionGuard,
    asset_type: str,
    in_namespace: bool = True,
) -> Kind:
    """A kind of Schema Registry whose objects hold fields: `in_namespace`, if they lie below that of the tenant.

    `members` and `references` are what the body has besides the fields, and `compared` reads them back. `own_checks`
    are the live checks that only this kind has.
    """

    def create(attributes: JSONObject) -> Request:
        sent = body(attributes, members(attributes), references(attributes))
        return Request(method="POST", path=collection.path, body=sent, repeatable=False)

    def update(change: Update) -> Request:
        desired = change.desired
        sent = body(desired, members(desired), references(desired), change.live.body)
        return Request(method="PUT", path=collection.place(change.live.id), body=sent)

    def obstacle(live: RemoteObject) -> str | None:
        lost = first_lost(live.body, create(live.attributes).body)
        return f"no key of a manifest describes {lost}" if lost else None

    def objects(reply: Reply) -> list[RemoteObject]:
        bodies = listed(reply.body.get("results", [reply.body]))
        return [
            RemoteObject(id=form.read(each["$id"]), etag=None, attributes=_comparable(each, compared), body=each)
            for each in bodies
        ]

    named_once = PlannedCheck(begin=title_check(name, f"a {title}"))
    return Kind(
        name=name,
        title=title,
        meaning=meaning,
        stage=stage,
        shows_late=True,
        label="title",
        terms=Terms(terms={("extends",): Term(key=("extends",), made_of="class")}),
        id_form=form,
        create=create,
        written=_written(form),
        read_many=collection.many,
        batch_size=1_000_000,
        next_page=next_page,
        objects=objects,
        apart=apart_in("results", "$id"),
        reads_whole_list=True,
        find=collection.titled,
        newest=collection.all,
        recall=lambda attributes: collection.titled(attributes["title"]),
        provenance=registered(asset_type),
        search=Search(everything=collection.all(), titled=collection.titled_one_of, unique=True),
        update=update,
        delete=collection.delete,
        keyed_lists={("fields",): "path"},
        fields=FieldList(attribute="fields", refers="data_type", named=without_namespace if in_namespace else str),
        forms=lambda _attributes: forms or {},
        replacement=replacement,
        preflight=Preflight(planned=(VERDICTS, REFERENCES, named_once, *own_checks, EVOLUTION)),
        deletion_guard=deletion_guard,
        made_of=_made_of,
        obstacle=obstacle,
    )


SETS: Final[Forms] = {("extends",): sets}
