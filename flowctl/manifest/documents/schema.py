"""Schema documents: an XDM schema made of a class and field groups."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flowctl.manifest.checks.schema_parts import field_groups_fit, identities, relationships_lead_somewhere
from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.descriptors import schema_resources
from flowctl.manifest.parts.fields import reference
from flowctl.manifest.parts.members import given, lifecycle, references
from flowctl.manifest.parts.writing import members
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.resource import Reference, Resource
from flowctl.text.positions import Step, ValuePath
from flowctl.validation.wording import quoted


def unique_titles(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Titles are unique in the Schema Registry, so no two schemas may have the same."""
    first: dict[str, Document] = {}
    for document in documents:
        if document.kind != SCHEMA.name:
            continue
        title = document.at("title") or document.name
        if not isinstance(title, str) or not title:
            continue
        if title in first and first[title].name != document.name:
            yield document.error(
                "duplicate-title",
                f"two XDM schemas have the title {quoted(title)}",
                "title",
                detail=f"The first one is in {first[title].place(*_title(first[title]))}. "
                "Experience Platform rejects a second schema with the same title.",
                hint="Change one of the titles.",
            )
        first.setdefault(title, document)


def _title(document: Document) -> ValuePath:
    """The place of the title; a schema without a title uses its name."""
    return ("title",) if document.at("title") is not None else ("metadata", "name")


def _place(document: Document, *path: Step) -> SourceSpan:
    """The place of an attribute of a schema; the $id identifies a field group, and one that is gone has the key."""
    member, *below = path or ("",)
    if member != "fieldGroups":
        return document.span(*path)
    names = [f"[{group}]" for group in document.at("fieldGroups") or ()]
    if below and below[0] in names:
        return document.span("fieldGroups", names.index(str(below[0])))
    return document.key_span("fieldGroups")


def shown_to_checks(document: Document) -> str:
    """Its parts and identities, because the fields of mappings are those of the schema."""
    parts = [document.at(key) for key in ("class", "fieldGroups", "identities", "profile")]
    return f"{document.tenant} {parts}"


def _parts(document: Document) -> Iterator[DocumentReference]:
    """The Class and FieldGroup documents that the schema is made of."""
    if is_name(document.at("class")):
        yield DocumentReference("Class", ("class",), may_be_id=True)
    groups = document.at("fieldGroups")
    for position, group in enumerate(groups if isinstance(groups, list) else ()):
        if is_name(group):
            yield DocumentReference("FieldGroup", ("fieldGroups", position), may_be_id=True)
    related = document.at("relationships")
    for position in range(len(related) if isinstance(related, list) else 0):
        yield DocumentReference("Schema", ("relationships", position, "to"), only_names=True)


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The XDM schema of a Schema document; the order of field groups is free, so they are sorted."""
    content = document.content
    class_ = reference("Class", content["class"], documents)
    parts = sorted((reference("FieldGroup", each, documents) for each in content.get("fieldGroups") or ()), key=str)
    attributes = {
        "title": content.get("title", document.name),
        **given(content, "description"),
        "class": class_,
        "fieldGroups": parts,
    }
    return [
        Resource(
            address=Address.of(document.name, "schema"),
            attributes=attributes,
            depends_on=references(*(each for each in (class_, *parts) if isinstance(each, Reference))),
            lifecycle=lifecycle(content),
            has_own_title="title" in content,
            declared=partial(_place, document),
        ),
        *schema_resources(document, documents),
    ]


SCHEMA: Final = DocumentKind(
    name="Schema",
    more_references=_parts,
    checks=(identities, field_groups_fit, relationships_lead_somewhere),
    joint_checks=(unique_titles,),
    expand=expand,
    makes=frozenset({"schema", "descriptor", "profile"}),
    shown_to_checks=shown_to_checks,
    writers={
        "schema": members(
            (), {"title": "title", "description": "description", "class": "class", "fieldGroups": "fieldGroups"}
        )
    },
)
