"""The desired graph: every resource that the documents of a workspace ask for, by address."""

from collections.abc import Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.resource import Resource


def desired_graph(documents: Sequence[Document], kinds: DocumentKinds = DOCUMENT_KINDS) -> Mapping[Address, Resource]:
    """The resources of documents that have no errors, in the order of the documents."""
    known = {(document.kind, document.name): document for document in documents}
    resources: dict[Address, Resource] = {}
    for document in documents:
        for resource in kinds[document.kind].expand(document, known):
            resources[resource.address] = resource
    return resources
