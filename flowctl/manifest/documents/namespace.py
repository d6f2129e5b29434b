"""Namespace documents: an identity namespace of the organization."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.index import Named
from flowctl.manifest.parts.members import given, lifecycle
from flowctl.manifest.parts.writing import members
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.resource import Resource
from flowctl.text.positions import Step
from flowctl.validation.wording import code

_KIND: Final = "namespace"


def unique_codes(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each code that two namespaces have; upper and lower case do not tell codes apart."""
    first: dict[str, Document] = {}
    for document in documents:
        text = document.at("code") if document.kind == NAMESPACE.name else None
        if not isinstance(text, str):
            continue
        other = first.setdefault(text.lower(), document)
        if other.name != document.name:
            yield document.error(
                "duplicate-namespace",
                f"two namespaces have the code {code(text)}",
                "code",
                detail=f"The first one is in {other.place('code')}. Codes are unique in a sandbox.",
                hint="Change one of the codes, or delete one of the documents.",
            )


def _place(document: Document, *path: Step) -> SourceSpan:
    return document.span(*("title" if step == "name" else step for step in path))


def shown_to_checks(document: Document) -> str:
    """The code, by which schemas name the namespace of an identity."""
    return str(document.at("code"))


def expand(document: Document, _documents: Named) -> Sequence[Resource]:
    """The identity namespace of a Namespace document."""
    content = document.content
    attributes = {
        "name": content.get("title", document.name),
        **given(content, "description"),
        "code": content["code"],
        "idType": content["idType"],
    }
    return [
        Resource(
            address=Address.of(document.name, _KIND),
            attributes=attributes,
            lifecycle=lifecycle(content),
            declared=partial(_place, document),
        )
    ]


NAMESPACE: Final = DocumentKind(
    name="Namespace",
    joint_checks=(unique_codes,),
    expand=expand,
    makes=frozenset({_KIND}),
    shown_to_checks=shown_to_checks,
    writers={_KIND: members((), {"name": "title", "description": "description", "code": "code", "idType": "idType"})},
)
