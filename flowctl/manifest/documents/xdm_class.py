"""Class documents: what the records of a schema are about."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flowctl.manifest.checks.fields import fields_are_sound
from flowctl.manifest.declared_fields import referred
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.fields import entries, field_place
from flowctl.manifest.parts.members import given, lifecycle
from flowctl.manifest.parts.writing_fields import fields_writer
from flowctl.model.address import Address
from flowctl.model.resource import Reference, Resource
from flowctl.model.tenant import namespace_of

_KIND: Final = "class"


def references(document: Document) -> Iterator[DocumentReference]:
    """The data types that its fields are of."""
    for _, place in referred(document):
        yield DocumentReference("DataType", place)


def shown_to_checks(document: Document) -> str:
    """Its behavior and its fields, which are those of every schema of the class."""
    return f"{document.tenant} {document.at('behavior')} {document.at('fields')}"


def expand(document: Document, documents: Named) -> Sequence[Resource]:
    """The class of a Class document."""
    content = document.content
    namespace = namespace_of(document.tenant)
    fields = entries(document, namespace, documents)
    return [
        Resource(
            address=Address.of(document.name, _KIND),
            attributes={
                "title": content.get("title", document.name),
                **given(content, "description"),
                "behavior": content["behavior"],
                "fields": fields,
            },
            depends_on=frozenset(each["ref"].address for each in fields if isinstance(each.get("ref"), Reference)),
            lifecycle=lifecycle(content),
            has_own_title="title" in content,
            declared=partial(field_place, document, namespace),
        )
    ]


CLASS: Final = DocumentKind(
    name="Class",
    more_references=references,
    checks=(fields_are_sound,),
    expand=expand,
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    has_tenant=True,
    writers={
        _KIND: fields_writer({"title": "title", "description": "description", "behavior": "behavior"}),
    },
)
