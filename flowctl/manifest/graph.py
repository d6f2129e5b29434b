"""The desired graph: every resource that the documents of a workspace ask for, by address."""

from collections.abc import Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.documents.pipeline import pipeline
from flowctl.manifest.parts.connection_spec import base_connection
from flowctl.manifest.parts.dataset import dataset, schema
from flowctl.model.address import Address
from flowctl.model.resource import Resource


def desired_graph(documents: Sequence[Document]) -> Mapping[Address, Resource]:
    """The resources of documents that have no errors, in the order of the documents."""
    named = {(document.kind, document.name): document for document in documents}
    resources: dict[Address, Resource] = {}
    for document in documents:
        for resource in _expanded(document, named):
            resources[resource.address] = resource
    return resources


def _expanded(document: Document, named: Mapping[tuple[str, str], Document]) -> Sequence[Resource]:
    if document.kind == "Connection":
        return [base_connection(document)]
    if document.kind == "Schema":
        return [schema(document)]
    if document.kind == "Dataset":
        return [dataset(document)]
    return pipeline(document, named)
