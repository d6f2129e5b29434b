"""Field groups and the classes of schemas that use them: whether they fit, checked before anything is sent.

Field groups and classes of documents and those that Adobe provides are checked where the manifests are read.
"""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.kinds.live_check import Desired, LiveCheck, LiveObject, Read
from flowctl.kinds.registry_parts import own_parts, references_in
from flowctl.kinds.schema_registry import SCHEMAS, next_page
from flowctl.kinds.whole_lists import whole_list
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.validation.wording import all_of, code, codes, quoted

_WRITES = (Action.CREATE, Action.REPLACE)
_PARTS = ("class", "fieldGroups")
_BEHAVIORS = "https://ns.adobe.com/xdm/data/"


def class_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each field group of a planned schema that is not for its class, if one of them is read live."""
    schemas = [desired[change.address] for change in changes if _sends_parts(change)]
    reads: dict[str, Read[RemoteObject | None]] = {
        use.id: LiveObject(kind=use.kind, id=use.id) for schema in schemas for use in own_parts(_parts(schema))
    }
    if not reads:
        return ()
    answers = yield tuple(reads.values())
    live = {part: found.attributes for part, read in reads.items() if (found := answers.of(read)) is not None}
    return [
        problem for schema in schemas if live.keys() & {*_parts(schema)} for problem in _misfits(schema, live, desired)
    ]


def users_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each live schema that uses a field group whose planned `extends` no longer has its class."""
    narrowed = [change for change in changes if _loses_a_class(change)]
    if not narrowed:
        return ()
    pages = yield from whole_list(SCHEMAS.all(), next_page)
    schemas = [each for page in pages for each in page.body["results"]]
    return [
        _left_out(change, schema, desired[change.address])
        for change in narrowed
        for schema in schemas
        if change.remote_id in set(references_in(schema.get("allOf"))) and not _is_meant_for(change, schema)
    ]


def _loses_a_class(change: Change) -> bool:
    before, after = ((each or {}).get("extends") or () for each in (change.observed, change.desired))
    return change.action in (Action.UPDATE, Action.IMPORT) and any(class_ not in after for class_ in before)


def _is_meant_for(change: Change, schema: Mapping[str, JSON]) -> bool:
    """Whether a field group is for the class of a live schema, or for the behavior of that."""
    return not {schema.get("meta:class"), *(schema.get("meta:extends") or ())}.isdisjoint(change.desired["extends"])


def _left_out(change: Change, schema: Mapping[str, JSON], group: Resource) -> Diagnostic:
    return Diagnostic(
        code="field-group-class",
        summary=f"the field group would no longer be for the class of the XDM schema {quoted(schema.get('title'))}",
        detail=f"The schema uses the field group, and its class is {code(str(schema.get('meta:class')))}.",
        hint="Restore the class in `extends`, or remove the field group from the schema in an apply of its own first.",
        address=change.address,
        span=group.place("extends"),
    )


def _sends_parts(change: Change) -> bool:
    is_update = change.action is Action.UPDATE and any(each.steps[0] in _PARTS for each in change.attributes)
    return change.action in _WRITES or is_update


def _parts(schema: Resource) -> Iterator[str]:
    """The `$id` of each part that the document of a schema does not name by a document."""
    parts = [schema.attributes["class"], *(schema.attributes.get("fieldGroups") or ())]
    yield from (part for part in parts if isinstance(part, str))


def _misfits(schema: Resource, live: Mapping[str, Mapping[str, JSON]], desired: Desired) -> Iterator[Diagnostic]:
    class_ = schema.attributes["class"]
    lineage = _lineage(class_, live, desired)
    for group in schema.attributes.get("fieldGroups") or ():
        meant = _meant_for(group, live, desired)
        if lineage is None or not meant or meant & lineage:
            continue
        yield Diagnostic(
            code="field-group-class",
            summary=f"the field group {_named(group)} is not for the class {_named(class_)}",
            detail=f"It is for {all_of(codes(sorted(meant)))}.",
            hint="Remove the field group, or choose another class.",
            address=schema.address,
            span=schema.place("fieldGroups", f"[{group}]") if isinstance(group, str) else schema.place("fieldGroups"),
        )


def _named(part: JSON) -> str:
    return f"`{part.address.name}`" if isinstance(part, Reference) else f"`{part}`"


def _lineage(class_: JSON, live: Mapping[str, Mapping[str, JSON]], desired: Desired) -> frozenset[str] | None:
    """A class with what it is made of; None for one of which nothing is known."""
    own = _attributes(class_, live, desired)
    if own is not None:
        return frozenset({str(class_), f"{_BEHAVIORS}{own['behavior']}"})
    from flowctl.xdm.library import standard

    return standard().lineage(str(class_))


def _meant_for(group: JSON, live: Mapping[str, Mapping[str, JSON]], desired: Desired) -> frozenset[str]:
    """The classes that a field group is for; none if it names none or is not known."""
    own = _attributes(group, live, desired)
    if own is not None:
        return frozenset(each for each in own["extends"] if isinstance(each, str))
    from flowctl.xdm.library import standard

    return frozenset((standard().get(str(group)) or {}).get("intendedToExtend") or ())


def _attributes(part: JSON, live: Mapping[str, Mapping[str, JSON]], desired: Desired) -> Mapping[str, JSON] | None:
    if isinstance(part, Reference):
        return desired[part.address].attributes
    return live.get(part)
