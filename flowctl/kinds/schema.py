"""XDM schemas: one class and its field groups."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.catalog import dataset_page, next_dataset_page
from flowctl.kinds.forms import Forms, sets
from flowctl.kinds.identifier import SCHEMA_ID, confirmed, listed
from flowctl.kinds.kind import Created, DeletionGuard, Kind, Search, Update, Use, apart_in
from flowctl.kinds.live_check import PlannedCheck, Preflight
from flowctl.kinds.preflight.evolution import EVOLUTION
from flowctl.kinds.preflight.field_group_classes import class_check
from flowctl.kinds.preflight.mapping_verdicts import VERDICTS
from flowctl.kinds.preflight.schema_titles import title_check
from flowctl.kinds.preflight.xdm_references import REFERENCES
from flowctl.kinds.registry_parts import own_parts
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.schema_registry import SCHEMAS, next_page, registered
from flowctl.kinds.terms import Term, Terms
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject


def _create(attributes: JSONObject) -> Request:
    """`description` is sent even where it is empty: the API description requires it, the guides do not."""
    references = [attributes["class"], *attributes.get("fieldGroups", ())]
    return Request(
        method="POST",
        path=SCHEMAS.path,
        body={
            "type": "object",
            "title": attributes["title"],
            "description": attributes.get("description", ""),
            "allOf": [{"$ref": reference} for reference in references],
        },
        repeatable=False,
    )


def _written(reply: Reply) -> Created:
    return Created(id=confirmed(SCHEMA_ID, SCHEMA_ID.read(reply.body["$id"]), reply.headers.get("location")))


def _objects(reply: Reply) -> list[RemoteObject]:
    """A schema without `allOf` is made ad hoc by the platform, and no manifest describes one."""
    bodies = [(SCHEMA_ID.read(body["$id"]), body) for body in listed(reply.body.get("results", [reply.body]))]
    return [
        RemoteObject(id=schema_id, etag=None, attributes=_comparable(body), body=body)
        for schema_id, body in bodies
        if "allOf" in body
    ]


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Only the `$ref`s of `allOf` are compared: the service adds members to each entry, and the order is free."""
    references = [entry["$ref"] for entry in body["allOf"] if "$ref" in entry]
    schema_class = body.get("meta:class") or (references[0] if references else None)
    return {
        "title": body.get("title"),
        "description": body.get("description"),
        "class": schema_class,
        "fieldGroups": sorted(reference for reference in references if reference != schema_class),
        **({"profile": True} if "union" in (body.get("meta:immutableTags") or ()) else {}),
    }


def _stays(live: RemoteObject) -> str | None:
    """A schema of a union is never deleted."""
    if live.attributes.get("profile") is True:
        return "The schema is enabled for Profile, and Experience Platform cannot delete it"
    return None


def _forms(attributes: JSONObject) -> Forms:
    """The order of field groups is free; it differs from the sorted one once references have become IDs."""
    groups = attributes.get("fieldGroups") or []
    ordered = all(isinstance(each, str) for each in groups) and groups == sorted(groups)
    return {} if ordered else {("fieldGroups",): sets}


def _made_of(attributes: JSONObject) -> Iterator[Use]:
    return own_parts([attributes.get("class"), *(attributes.get("fieldGroups") or ())])


def _obstacle(live: RemoteObject) -> str | None:
    """Fields of its own, which a schema may have beside its class and its field groups."""
    own = any(live.body.get(member) for member in ("properties", "definitions"))
    if own or any("$ref" not in entry for entry in live.body["allOf"]):
        return "it has fields of its own"
    return None if live.attributes["class"] else "it has no class"


def _update(update: Update) -> Request:
    """No If-Match exists here, and places in a list move, so it is never repeated without a new look at the object.

    Groups are added at the end and removed from the last place to the first.
    """
    operations: list[JSONObject] = []
    for change in update.changes:
        if change.steps[0] in ("title", "description"):
            value = update.desired.get(change.steps[0]) or ""
            operations.append({"op": "replace", "path": f"/{change.steps[0]}", "value": value})
    if any(change.steps[0] == "fieldGroups" for change in update.changes):
        wanted = list(update.desired.get("fieldGroups", ()))
        live = [entry.get("$ref") for entry in update.live.body["allOf"]]
        gone = set(update.live.attributes["fieldGroups"]) - set(wanted)
        operations += [
            {"op": "remove", "path": f"/allOf/{place}"} for place in reversed(range(len(live))) if live[place] in gone
        ]
        operations += [
            {"op": "add", "path": "/allOf/-", "value": {"$ref": group}} for group in wanted if group not in live
        ]
    return Request(method="PATCH", path=SCHEMAS.place(update.live.id), body=operations, repeatable=False)


def _blocking_dataset(schema_id: str, reply: Reply, leaving: frozenset[str]) -> str | None:
    for dataset_id, dataset in reply.body.items():
        if dataset_id not in leaving and (dataset.get("schemaRef") or {}).get("id") == schema_id:
            return f'The dataset "{dataset.get("name") or dataset_id}" still uses the schema'
    return None


def _update_notes(
    changes: Sequence[AttributeChange], desired: JSONObject, _recreated: frozenset[str]
) -> tuple[str, ...]:
    """Removing fields is a breaking change once a dataset uses the schema."""
    groups = [change.before for change in changes if change.steps[0] == "fieldGroups" and change.before is not None]
    before = {each for group in groups for each in (group if isinstance(group, list) else [group])}
    if before - set(desired.get("fieldGroups", ())):
        return ("Experience Platform rejects the removal of a field group while a dataset uses the schema.",)
    return ()


def _replacement_notes(
    changes: Sequence[AttributeChange], _desired: JSONObject, _recreated: frozenset[str]
) -> tuple[str, ...]:
    """Titles are unique, and the old schema is deleted only after the new one is created."""
    if any(change.steps == ("title",) for change in changes):
        return ()
    return ("Experience Platform rejects a second schema with the same title: change `title` too.",)


_TITLES: Final = title_check("schema", "an XDM schema")

KIND = Kind(
    name="schema",
    title="schema",
    meaning="The form of the records in a dataset: one class and its field groups.",
    stage=6,
    shows_late=True,
    label="title",
    terms=Terms(
        terms={
            ("class",): Term(key=("class",), made_of="class"),
            ("fieldGroups",): Term(key=("fieldGroups",), made_of="field_group"),
        }
    ),
    id_form=SCHEMA_ID,
    create=_create,
    written=_written,
    read_many=SCHEMAS.many,
    batch_size=1_000_000,
    next_page=next_page,
    objects=_objects,
    apart=apart_in("results", "$id"),
    reads_whole_list=True,
    find=SCHEMAS.titled,
    newest=SCHEMAS.all,
    recall=lambda attributes: SCHEMAS.titled(attributes["title"]),
    provenance=registered("Schema"),
    search=Search(everything=SCHEMAS.all(), titled=SCHEMAS.titled_one_of, unique=True),
    update=_update,
    delete=SCHEMAS.delete,
    deletion_guard=DeletionGuard(
        request=lambda _schema_id: dataset_page(("properties", "name,schemaRef")),
        blocks=_blocking_dataset,
        next_page=next_dataset_page,
    ),
    replacement=ReplacementRule(paths=(("class",),), notes=_replacement_notes),
    preflight=Preflight(
        planned=(
            VERDICTS,
            REFERENCES,
            PlannedCheck(begin=class_check),
            PlannedCheck(begin=_TITLES),
            EVOLUTION,
        )
    ),
    forms=_forms,
    update_notes=_update_notes,
    made_of=_made_of,
    obstacle=_obstacle,
    unmanaged=lambda _attributes: (("profile",),),
    stays=_stays,
)
