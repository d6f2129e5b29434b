"""The Schema document that the records of a pipeline follow."""

from collections.abc import Mapping

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.model.address import Address


def schema_document(pipeline: Document, documents: Named) -> Document | None:
    """Return the Schema document of a pipeline's dataset, or None if the workspace has none."""
    target = pipeline.at("dataset")
    if isinstance(target, str):
        shared = documents.get(("Dataset", target))
        name = shared.at("schema") if shared is not None else None
    else:
        name = target.get("schema") if isinstance(target, Mapping) else None
    return documents.get(("Schema", name)) if isinstance(name, str) else None


def resource_ids(schema: Document) -> list[str]:
    """Return the IDs of the class and the field groups that a Schema document is made of."""
    groups = schema.at("fieldGroups")
    ids = [schema.at("class"), *(groups if isinstance(groups, list) else ())]
    return [id_ for id_ in ids if isinstance(id_, str)]


def mapping_set_address(pipeline: Document) -> Address:
    """Return the address of a pipeline's mapping set."""
    return Address.of(pipeline.name, "mapping_set")


def source_connection_address(pipeline: Document) -> Address:
    """Return the address of a pipeline's source connection."""
    return Address.of(pipeline.name, "source_connection")
