"""Check documents for what a JSON Schema cannot say: names, references, connectors, and the pinned flow specs."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from flowctl.manifest.clear_secrets import clear_secrets
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind, DocumentKinds
from flowctl.manifest.index import Index
from flowctl.manifest.levels import leveled
from flowctl.manifest.names import taken_names
from flowctl.manifest.references import missing_references
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan


class Checked(NamedTuple):
    """What checks found: the problems, and the documents in which their own checks found none."""

    problems: Sequence[Diagnostic]
    good: Set[Document]


def checked(
    documents: Sequence[Document],
    index: Index,
    said: Sequence[Diagnostic],
    kinds: DocumentKinds,
    known_good: Set[Document] = frozenset(),
    rules: Mapping[str, str] | None = None,
) -> Checked:
    """Check documents, except each of its own that is known to be good. `rules` are the severities that are set.

    A problem is left out if something at least as severe is reported at the very place.
    """
    problems = [*_joint_problems(documents, kinds)]
    good: set[Document] = set()
    for document in documents:
        own = () if document in known_good else list(_problems(document, index, kinds[document.kind]))
        problems += own
        if not own:
            good.add(document)
    return Checked(problems=_first_of_each_place(leveled(problems, rules or {}), said), good=good)


def _joint_problems(documents: Sequence[Document], kinds: DocumentKinds) -> Iterator[Diagnostic]:
    yield from taken_names(documents)
    for kind in kinds.values():
        for check in kind.joint_checks:
            yield from check(documents)
    yield from clear_secrets(documents, kinds)


def _problems(document: Document, index: Index, kind: DocumentKind) -> Iterator[Diagnostic]:
    yield from missing_references(document, tuple(kind.references_of(document)), index)
    for check in kind.checks:
        yield from check(document, index)


def _first_of_each_place(problems: Sequence[Diagnostic], said: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The first problem at each place, but no warning in place of an error."""
    reported = {diagnostic.span for diagnostic in said}
    wrong = {diagnostic.span for diagnostic in said if diagnostic.severity is Severity.ERROR}
    kept: dict[SourceSpan | None, Diagnostic] = {}
    for diagnostic in problems:
        is_error = diagnostic.severity is Severity.ERROR
        if diagnostic.span in wrong or (not is_error and diagnostic.span in reported):
            continue
        reported.add(diagnostic.span)
        if is_error:
            wrong.add(diagnostic.span)
        kept[diagnostic.span] = diagnostic
    return list(kept.values())
