"""Names: one document of a kind and name."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic


def taken_names(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each document whose name another one of its kind already has."""
    first: dict[tuple[str, str], Document] = {}
    for document in documents:
        if not document.name:
            continue
        key = (document.kind, document.name)
        if key in first:
            yield _taken(document, first[key])
        first.setdefault(key, document)


def _taken(document: Document, first: Document) -> Diagnostic:
    return document.error(
        "duplicate-name",
        f"there are two documents of kind {document.kind} named {document.name}",
        "metadata",
        "name",
        detail=f"The first is in {first.place('metadata', 'name')}.",
        hint="Rename one of them.",
    )
