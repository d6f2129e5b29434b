"""The addresses of what a pipeline writes with and reads from."""

from flowctl.manifest.document import Document
from flowctl.model.address import Address


def mapping_set_address(pipeline: Document) -> Address:
    """Return the address of a pipeline's mapping set."""
    return Address.of(pipeline.name, "mapping_set")


def source_connection_address(pipeline: Document) -> Address:
    """Return the address of a pipeline's source connection."""
    return Address.of(pipeline.name, "source_connection")
