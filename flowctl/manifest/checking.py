"""Check documents for what a JSON Schema cannot say: names, references, connectors, and the pinned flow specs."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from flowctl.manifest.clear_secrets import clear_secrets
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentKinds
from flowctl.manifest.index import Index
from flowctl.manifest.names import taken_names
from flowctl.manifest.references import missing_references
from flowctl.model.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checks found: the problems, and the documents in which their own checks found none."""

    problems: Sequence[Diagnostic]
    good: Set[Document]


def checked(
    documents: Sequence[Document],
    index: Index,
    said: Sequence[Diagnostic],
    kinds: DocumentKinds,
    known_good: Set[Document] = frozenset(),
) -> Checked:
    """Check documents, except each of its own that is known to be good.

    A problem is left out where something was already said about the very place.
    """
    problems = [*_joint_problems(documents, kinds)]
    good: set[Document] = set()
    for document in documents:
        own = () if document in known_good else list(_problems(document, index, kinds[document.kind]))
        problems += own
        if not own:
            good.add(document)
    return Checked(problems=list(_first_of_each_place(problems, said)), good=good)


def _joint_problems(documents: Sequence[Document], kinds: DocumentKinds) -> Iterator[Diagnostic]:
    yield from taken_names(documents)
    for kind in kinds.values():
        for check in kind.joint_checks:
            yield from check(documents)
    yield from clear_secrets(documents, kinds)


def _problems(document: Document, index: Index, kind: DocumentKind) -> Iterator[Diagnostic]:
    yield from missing_references(document, kind.references, index)
    for check in kind.checks:
        yield from check(document, index)


def _first_of_each_place(problems: Sequence[Diagnostic], said: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    places = {diagnostic.span for diagnostic in said}
    for diagnostic in problems:
        if diagnostic.span not in places:
            places.add(diagnostic.span)
            yield diagnostic
