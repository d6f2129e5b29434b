"""Schemas: identities that are there and of a fit type, one primary one, and field groups that fit the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.tenants import is_another_tenant, write_tenant
from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.target_schema import TargetSchema, declared_schema
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.tenant import namespace_of, with_tenant
from flowctl.validation.wording import all_of, code, codes, did_you_mean

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field

_NAMESPACE_OF_NOBODY: Final = namespace_of("")


def identities(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each identity, relationship and display name at a field that is missing or cannot have it, and a second primary
    identity.
    """
    declared = document.at("identities")
    listed = declared if isinstance(declared, list) else []
    schema = declared_schema(document, index.documents, index.pulled)
    places = [("identities", position) for position in range(len(listed))]
    related = document.at("relationships")
    places += [("relationships", position) for position in range(len(related) if isinstance(related, list) else 0)]
    for place in places:
        path = document.at(*place, "path")
        if isinstance(path, str) and schema is not None:
            yield from _field(document, (*place, "path"), path, schema)
    named = document.at("displayNames")
    for path in named if isinstance(named, dict) else ():
        if schema is not None:
            yield from _field(document, ("displayNames", path), str(path), schema, is_name=True)
    yield from _twice(document, listed)
    primary = [
        position for position, each in enumerate(listed) if isinstance(each, dict) and each.get("primary") is True
    ]
    for position in primary[1:]:
        yield document.error(
            "two-primary-identities",
            "the schema has two primary identities",
            "identities",
            position,
            "primary",
            detail=f"The first one is in {document.place('identities', primary[0], 'primary')}.",
            hint="Keep `primary: true` at one of them.",
        )
    has_map = schema is not None and schema.fields.child("identityMap") is not None
    if document.at("profile") is True and not primary and not has_map:
        yield document.error(
            "profile-without-identity",
            "the schema is to be enabled for Profile and has no primary identity",
            "profile",
            detail="Experience Platform rejects a schema in Profile without a primary identity or an identity map.",
            hint="Add `identities` with `primary: true`, or the field group "
            "`https://ns.adobe.com/xdm/context/identitymap`.",
        )


def _twice(document: Document, listed: list[object]) -> Iterator[Diagnostic]:
    """Each path that has two identities."""
    first: dict[str, int] = {}
    for position, each in enumerate(listed):
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(path, str):
            continue
        path = with_tenant(path, document.tenant)
        if path in first:
            yield document.error(
                "duplicate-identity",
                f"{code(path)} is an identity twice",
                "identities",
                position,
                "path",
                detail=f"The other one is in {document.place('identities', first[path], 'path')}.",
                hint="Remove one of the two.",
            )
        first.setdefault(path, position)


def _field(
    document: Document, place: tuple[str | int, ...], path: str, schema: TargetSchema, *, is_name: bool = False
) -> Iterator[Diagnostic]:
    """What is wrong with the field at a path, which is to have a display name, or else to be an identity."""
    from flowctl.xdm.destinations import field_at, problem_of

    full = with_tenant(path, document.tenant)
    is_foreign = full.startswith("_") and not schema.has_tenant
    problem = problem_of(full, schema.fields)
    if problem is not None and problem.code == "destination-unknown":
        if schema.unknown or (is_foreign and not full.startswith(f"{_NAMESPACE_OF_NOBODY}.")):
            return
        inside = f" in {code(problem.inside)}" if problem.inside else ""
        yield document.error(
            "identity-path",
            f"there is no field {code(problem.name)}{inside} of the schema {schema.name}",
            *place,
            detail=f"The path is {code(full)}.",
            hint=write_tenant(full)
            if is_another_tenant(problem, full)
            else did_you_mean(problem.nearest, "Correct the path, or add a field group that has the field."),
            at_key=is_name,
        )
        return
    if is_name:
        return
    found = field_at(full, schema.fields) if problem is None else None
    if found is not None and found.type not in ("string", "any"):
        yield document.error(
            "identity-type",
            f"{code(full)} is of type {_type(found)}, and an identity is a string",
            *place,
            hint="Choose a field of type string.",
        )


def _type(found: "Field") -> str:
    return found.format or found.type


def field_groups_fit(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each field group that is not for the class of the schema."""
    class_ = document.at("class")
    groups = document.at("fieldGroups")
    if not isinstance(class_, str):
        return
    lineage = _lineage(class_, index)
    for position, group in enumerate(groups if isinstance(groups, list) else ()):
        meant = _meant_for(group, index) if isinstance(group, str) else None
        if not meant or lineage is None or meant & lineage:
            continue
        yield document.error(
            "field-group-class",
            f"the field group {code(group)} is not for the class {code(class_)}",
            "fieldGroups",
            position,
            detail=f"It is for {all_of(codes(sorted(meant)))}.",
            hint=f"Add {code(class_)} to its `extends`, or remove the field group from the schema."
            if is_name(group)
            else "Remove the field group, or choose another class.",
        )


def _lineage(class_: str, index: Index) -> frozenset[str] | None:
    """A class with what it is made of; None for one of which nothing is known."""
    if is_name(class_):
        own = index.get("Class", class_)
        return frozenset({class_, f"https://ns.adobe.com/xdm/data/{own.at('behavior')}"}) if own is not None else None
    from flowctl.xdm.library import standard

    return standard().lineage(class_)


def _meant_for(group: str, index: Index) -> frozenset[str]:
    """The classes that a field group is for; none where it names none or is not known."""
    if is_name(group):
        own = index.get("FieldGroup", group)
        extended = own.at("extends") if own is not None else None
    else:
        from flowctl.xdm.library import standard

        extended = (standard().get(group) or {}).get("intendedToExtend")
    return frozenset(each for each in extended if isinstance(each, str)) if isinstance(extended, list) else frozenset()


def relationships_lead_somewhere(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each relationship to a schema, or to a field of one, that is no identity there."""
    related = document.at("relationships")
    for position, each in enumerate(related if isinstance(related, list) else ()):
        target = index.get("Schema", each.get("to")) if isinstance(each, dict) else None
        if target is None:
            continue
        listed = target.at("identities")
        known = [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
        wanted = each.get("toPath")
        paths = {str(one.get("path")) for one in known}
        fits = wanted in paths if isinstance(wanted, str) else any(one.get("primary") is True for one in known)
        if not fits:
            yield document.error(
                "relationship-target",
                f"the schema {target.name} has no identity that the relationship can lead to",
                "relationships",
                position,
                "toPath" if "toPath" in each else "to",
                detail=f"Identities there: {all_of(codes(sorted(paths)))}." if paths else "It has no identities.",
                hint="Write the path of one of its identities in `toPath`, or give the schema a primary identity.",
            )


def dataset_schema(document: Document, index: Index) -> Iterator[Diagnostic]:
    """A dataset that is to be enabled for Profile, of a Schema document that is not."""
    for path in (("profile",), ("dataset", "profile")):
        if document.at(*path) is not True:
            continue
        schema = index.get("Schema", document.at(*path[:-1], "schema"))
        if schema is not None and schema.at("profile") is not True:
            yield document.error(
                "schema-not-enabled",
                f"the dataset is to be enabled for Profile, and the schema {code(schema.name)} is not",
                *path,
                detail=f"The schema is declared in {schema.place()}.",
                hint="Write `profile: true` in the Schema document too, or remove it here.",
                severity=Severity.ERROR,
            )
