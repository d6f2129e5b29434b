"""DataType documents: an object that several fields share."""

from typing import Final

from flowctl.manifest.checks.data_type_circles import types_hold_no_themselves
from flowctl.manifest.checks.fields import fields_are_sound
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.parts.field_documents import data_types, field_resource
from flowctl.manifest.parts.writing_fields import fields_writer

_KIND: Final = "data_type"


def shown_to_checks(document: Document) -> str:
    """Its fields, because a mapping may lead to one of them."""
    return str(document.at("fields"))


DATA_TYPE: Final = DocumentKind(
    name="DataType",
    more_references=data_types,
    checks=(fields_are_sound,),
    joint_checks=(types_hold_no_themselves,),
    expand=lambda document, documents: [field_resource(document, documents, _KIND)],
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    writers={_KIND: fields_writer({"title": "title", "description": "description"})},
)
