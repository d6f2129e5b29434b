"""The desired graph: every resource that the documents of a workspace ask for, by address."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.index import Named, named
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.resource import Resource


def desired_graph(documents: Sequence[Document], kinds: DocumentKinds = DOCUMENT_KINDS) -> Mapping[Address, Resource]:
    """The resources of documents that have no errors, in the order of the documents."""
    known = named(documents)
    resources: dict[Address, Resource] = {}
    for document in documents:
        for resource in resources_of(document, known, kinds):
            resources[resource.address] = resource
    return resources


def resources_of(document: Document, known: Named, kinds: DocumentKinds = DOCUMENT_KINDS) -> Sequence[Resource]:
    """The resources of one document; each knows the places of its own at which changes are ignored."""
    resources = kinds[document.kind].expand(document, known)
    paths = ignored_paths(document)
    return [replace(resource, ignored=ignored_of(resource, paths)) for resource in resources] if paths else resources


def ignored_paths(document: Document) -> Sequence[str]:
    """The paths at which a document without errors says that changes are ignored; each begins with a kind."""
    rules = document.content.get("lifecycle")
    return rules.get("ignoreChanges") or () if rules else ()


def ignored_of(resource: Resource, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that begin with the kind of a resource, without it."""
    parts = (path.partition(".") for path in paths)
    return tuple(below for kind, _, below in parts if kind == resource.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What describes a resource: its document, the resource as that describes it, and all resources of the document."""

    document: Document
    resource: Resource
    together: tuple[Address, ...]


def declarations(
    documents: Sequence[Document], wanted: Set[Address], kinds: DocumentKinds = DOCUMENT_KINDS
) -> Mapping[Address, Declaration]:
    """What describes each of the wanted resources.

    Only documents of their names are expanded: a plan of a few changes looks at few documents.
    """
    known = named(documents)
    names = {address.name for address in wanted}
    found: dict[Address, Declaration] = {}
    for document in documents:
        resources = kinds[document.kind].expand(document, known) if document.name in names else ()
        together = tuple(resource.address for resource in resources)
        for resource in resources:
            if resource.address in wanted:
                found[resource.address] = Declaration(document=document, resource=resource, together=together)
    return found
