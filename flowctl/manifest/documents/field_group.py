"""FieldGroup documents: fields of the organization, below its namespace, for the schemas of some classes."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flowctl.manifest.checks.fields import fields_are_sound
from flowctl.manifest.declared_fields import is_name, referred
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.fields import entries, field_place, reference
from flowctl.manifest.parts.members import given, lifecycle, references
from flowctl.manifest.parts.writing_fields import fields_writer
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.resource import Reference, Resource
from flowctl.model.tenant import namespace_of
from flowctl.text.positions import Step

_KIND: Final = "field_group"


def _references(document: Document) -> Iterator[DocumentReference]:
    """The classes that it extends and the data types that its fields are of."""
    extended = document.at("extends")
    for position, value in enumerate(extended if isinstance(extended, list) else ()):
        if is_name(value):
            yield DocumentReference("Class", ("extends", position))
    for _, place in referred(document):
        yield DocumentReference("DataType", place)


def _place(document: Document, namespace: str, *path: Step) -> SourceSpan:
    return document.span("extends") if path[:1] == ("extends",) else field_place(document, namespace, *path)


def shown_to_checks(document: Document) -> str:
    """The classes that it is for and its fields, because a mapping may lead to one of them."""
    return f"{document.tenant} {document.at('extends')} {document.at('fields')}"


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The field group of a FieldGroup document."""
    content = document.content
    namespace = namespace_of(document.tenant)
    fields = entries(document, namespace, documents)
    extends = sorted((reference("Class", each, documents) for each in content["extends"]), key=str)
    needed = [*extends, *(each.get("ref") for each in fields)]
    return [
        Resource(
            address=Address.of(document.name, _KIND),
            attributes={
                "title": content.get("title", document.name),
                **given(content, "description"),
                "extends": extends,
                "fields": fields,
            },
            depends_on=references(*(each for each in needed if isinstance(each, Reference))),
            lifecycle=lifecycle(content),
            has_own_title="title" in content,
            declared=partial(_place, document, namespace),
        )
    ]


FIELD_GROUP: Final = DocumentKind(
    name="FieldGroup",
    more_references=_references,
    checks=(fields_are_sound,),
    expand=expand,
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    has_tenant=True,
    writers={
        _KIND: fields_writer({"title": "title", "description": "description", "extends": "extends"}),
    },
)
