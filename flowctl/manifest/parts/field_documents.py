"""What documents of field groups, data types and classes have in common: fields, and the data types of these."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from flowctl.manifest.declared_fields import namespace_for, referred
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentReference
from flowctl.manifest.index import Named
from flowctl.manifest.parts.fields import entries, field_place
from flowctl.manifest.parts.members import given, lifecycle, references
from flowctl.model.address import Address
from flowctl.model.resource import Reference, Resource

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def data_types(document: Document) -> Iterator[DocumentReference]:
    """The data types that the fields of a document are of."""
    for _, place in referred(document):
        yield DocumentReference("DataType", place)


def field_resource(
    document: Document, documents: Named, kind: str, members: Mapping[str, Any] = _NOTHING, *used: Any
) -> Resource:
    """The resource of a document with fields. `members` are its own attributes, `used` what they refer to."""
    content = document.content
    namespace = namespace_for(document)
    fields = entries(document, namespace, documents)
    needed = [*used, *(each.get("ref") for each in fields)]
    return Resource(
        address=Address.of(document.name, kind),
        attributes={
            "title": content.get("title", document.name),
            **given(content, "description"),
            **members,
            "fields": fields,
        },
        depends_on=references(*(each for each in needed if isinstance(each, Reference))),
        lifecycle=lifecycle(content),
        has_own_title="title" in content,
        declared=partial(field_place, document, namespace),
    )
