"""A Pipeline's `encryption`: the key with which the platform decrypts files."""

from collections.abc import Iterator

from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.specs.validate import takes_transformation


def encryption(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Encryption where the flow spec has no such transformation."""
    spec = flow_spec_of(document, index)
    if document.at("encryption") is not None and spec is not None and not takes_transformation(spec, "Encryption"):
        yield document.error(
            "encryption-not-supported",
            f"the flow spec {spec.name} decrypts no files",
            "encryption",
            detail="Experience Platform ingests encrypted files from cloud storage in batches only.",
            hint="Remove encryption.",
            at_key=True,
        )
