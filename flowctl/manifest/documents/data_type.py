"""DataType documents: an object that several fields share."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flowctl.manifest.checks.fields import fields_are_sound, types_hold_no_themselves
from flowctl.manifest.declared_fields import referred
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.fields import entries, field_place
from flowctl.manifest.parts.members import given, lifecycle
from flowctl.manifest.parts.writing_fields import fields_writer
from flowctl.model.address import Address
from flowctl.model.resource import Reference, Resource

_KIND: Final = "data_type"


def references(document: Document) -> Iterator[DocumentReference]:
    """The data types that its fields are of."""
    for _, place in referred(document):
        yield DocumentReference("DataType", place)


def shown_to_checks(document: Document) -> str:
    """Its fields, because a mapping may lead to one of them."""
    return str(document.at("fields"))


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The data type of a DataType document; its fields are not below the tenant's namespace."""
    content = document.content
    fields = entries(document, "", documents)
    return [
        Resource(
            address=Address.of(document.name, _KIND),
            attributes={
                "title": content.get("title", document.name),
                **given(content, "description"),
                "fields": fields,
            },
            depends_on=frozenset(each["ref"].address for each in fields if isinstance(each.get("ref"), Reference)),
            lifecycle=lifecycle(content),
            has_own_title="title" in content,
            declared=partial(field_place, document, ""),
        )
    ]


DATA_TYPE: Final = DocumentKind(
    name="DataType",
    more_references=references,
    checks=(fields_are_sound,),
    joint_checks=(types_hold_no_themselves,),
    expand=expand,
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    writers={_KIND: fields_writer({"title": "title", "description": "description"})},
)
