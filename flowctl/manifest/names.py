"""Names are unique within a kind of document."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import quoted


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
        f"two {document.kind} documents are named {quoted(document.name)}",
        "metadata",
        "name",
        detail=f"The first one is in {first.place('metadata', 'name')}.",
        hint="Rename one of them.",
    )
