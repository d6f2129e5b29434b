"""Transform documents before they are checked and expanded: each becomes itself, nothing, or other documents."""

from collections.abc import Iterable, Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds, Scope
from flowctl.manifest.index import named
from flowctl.model.diagnostic import Diagnostic


def transformed(
    documents: Sequence[Document], environment: str, kinds: DocumentKinds
) -> tuple[Sequence[Document], Sequence[Diagnostic]]:
    """The documents that are checked and expanded in an environment, and what is wrong with those that were read."""
    if all(kind.transform is None for kind in kinds.values()):
        return documents, ()
    found = list(
        _transformed(documents, Scope(environment=environment, documents=named(documents)), kinds, frozenset())
    )
    return (
        [each for each in found if isinstance(each, Document)],
        [each for each in found if isinstance(each, Diagnostic)],
    )


def _transformed(
    parts: Iterable[Document | Diagnostic], scope: Scope, kinds: DocumentKinds, passed: frozenset[str]
) -> Iterator[Document | Diagnostic]:
    """What documents become; what one of another kind was made into is transformed in its turn, each kind once."""
    for part in parts:
        transform = kinds[part.kind].transform if isinstance(part, Document) and part.kind not in passed else None
        if not isinstance(part, Document) or transform is None:
            yield part
        else:
            yield from _transformed(transform(part, scope), scope, kinds, passed | {part.kind})
