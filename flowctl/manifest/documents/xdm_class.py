"""Class documents: what the records of a schema are about."""

from collections.abc import Sequence
from typing import Final

from flowctl.manifest.checks.fields import fields_are_sound
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.index import Named
from flowctl.manifest.parts.field_documents import data_types, field_resource
from flowctl.manifest.parts.writing_fields import fields_writer
from flowctl.model.resource import Resource

_KIND: Final = "class"


def shown_to_checks(document: Document) -> str:
    """Its behavior and its fields, which are those of every schema of the class."""
    return f"{document.tenant} {document.at('behavior')} {document.at('fields')}"


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The class of a Class document."""
    return [field_resource(document, documents, _KIND, {"behavior": document.content["behavior"]})]


CLASS: Final = DocumentKind(
    name="Class",
    more_references=data_types,
    checks=(fields_are_sound,),
    expand=expand,
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    has_tenant=True,
    writers={
        _KIND: fields_writer({"title": "title", "description": "description", "behavior": "behavior"}),
    },
)
