"""Kinds of addresses as explanations: what declares such an object, and what a change of it leads to."""

from flowctl.kinds.kind import Kind
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.attribute_path import dotted
from flowctl.model.explanation import ExplainedResource
from flowctl.operations.explaining.pages import pages


def explained_resource(kind: Kind) -> ExplainedResource:
    """The explanation of a kind."""
    return ExplainedResource(
        kind=kind.name,
        title=kind.title,
        meaning=kind.meaning,
        declared_in=tuple(document.name for document in DOCUMENT_KINDS.values() if kind.name in document.makes),
        updates=kind.update is not None,
        replaced_by=tuple(map(dotted, kind.replacement.paths)),
        deletes=kind.delete is not None,
        kept_because=kind.kept_because,
        pages=pages("concepts/glossary.md", "concepts/how-it-works.md"),
    )
