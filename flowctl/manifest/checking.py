"""Check documents for what a JSON Schema cannot say: names, references, connectors, and the pinned flow specs."""

from collections.abc import Iterator, Sequence
from functools import partial

from flowctl.manifest.clear_secrets import clear_secrets
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.index import Index
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.names import taken_names
from flowctl.manifest.references import missing_references
from flowctl.model.diagnostic import Diagnostic


def checked(
    documents: Sequence[Document], unread: Sequence[str], said: Sequence[Diagnostic], kinds: DocumentKinds
) -> Iterator[Diagnostic]:
    """Every problem of the documents, except where something was already said about the very place."""
    places = {diagnostic.span for diagnostic in said}
    index = Index.of(documents, unread, partial(belongs, kinds))
    for diagnostic in _all(documents, index, kinds):
        if diagnostic.span not in places:
            places.add(diagnostic.span)
            yield diagnostic


def _all(documents: Sequence[Document], index: Index, kinds: DocumentKinds) -> Iterator[Diagnostic]:
    yield from taken_names(documents)
    for kind in kinds.values():
        for check in kind.joint_checks:
            yield from check(documents)
    yield from clear_secrets(documents, kinds)
    for document in documents:
        kind = kinds[document.kind]
        yield from missing_references(document, kind.references, index)
        for each in kind.checks:
            yield from each(document, index)
