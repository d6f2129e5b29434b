"""A Pipeline's `encryption`: the key with which Experience Platform decrypts files."""

from collections.abc import Iterator

from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.specs.validate import takes_transformation
from flowctl.validation.wording import code


def encryption(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Encryption with a flow spec that has no such transformation."""
    spec = flow_spec_of(document, index)
    if document.at("encryption") is not None and spec is not None and not takes_transformation(spec, "Encryption"):
        yield document.error(
            "encryption-not-supported",
            f"flow spec {code(spec.name)} does not support encrypted files",
            "encryption",
            detail="Experience Platform decrypts files only from cloud storage sources, in batches.",
            hint="Remove `encryption`.",
            at_key=True,
        )
