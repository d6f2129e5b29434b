"""FieldGroup documents: fields of the organization, below its namespace, for the schemas of some classes."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.manifest.checks.fields import fields_are_sound
from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.field_documents import data_types, field_resource
from flowctl.manifest.parts.fields import reference
from flowctl.manifest.parts.writing_fields import fields_writer
from flowctl.model.resource import Resource

_KIND: Final = "field_group"


def _references(document: Document) -> Iterator[DocumentReference]:
    """The classes that it extends and the data types that its fields are of."""
    extended = document.at("extends")
    for position, value in enumerate(extended if isinstance(extended, list) else ()):
        if is_name(value):
            yield DocumentReference("Class", ("extends", position))
    yield from data_types(document)


def shown_to_checks(document: Document) -> str:
    """The classes that it is for and its fields, because a mapping may lead to one of them."""
    return f"{document.tenant} {document.at('extends')} {document.at('fields')}"


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The field group of a FieldGroup document."""
    extends = sorted((reference("Class", each, documents) for each in document.content["extends"]), key=str)
    return [field_resource(document, documents, _KIND, {"extends": extends}, *extends)]


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
