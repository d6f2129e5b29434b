"""Choose a part of a workspace: a selection becomes documents, and those become what a command works on."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path

from flowctl.manifest.document import Manifests
from flowctl.manifest.reading.discover import WORKSPACE_FILE
from flowctl.model.address import Address
from flowctl.model.selection import Choice, DocumentKey, Selection
from flowctl.operations.document_graph import key_of, needs_of, owners, reached, users_of
from flowctl.operations.selectors import Expressions, Found, union


def choose(
    manifests: Manifests,
    selection: Selection,
    *,
    root: Path,
    environment: str,
    recorded: Callable[[], Iterable[Address]],
    along: Collection[str] = (),
) -> Choice:
    """What a selection chooses of a workspace; `recorded` gives the addresses that the lockfile has.

    Documents of the kinds in `along` are chosen with a document that they refer to, as a test is with its pipeline.

    What `--exclude` names is left out together with what depends on it, so that a choice never needs it. Raises
    ManifestError for an expression that is wrong or names nothing.
    """
    known = frozenset(key_of(document) for document in manifests.documents)
    space = Expressions(root, environment, manifests.documents, cache(lambda: _undescribed(recorded(), known)))
    found = [space.found(expression, "--select") for expression in selection.select]
    left_out = union([space.found(expression, "--exclude") for expression in selection.exclude])
    taken = union(found) if selection.select else Found(documents=known, gone=space.unknown())
    users = users_of(manifests.documents)
    excluded = reached(left_out.documents, users)
    brought = frozenset(user for key in taken.documents for user in users.get(key, ()) if user[0] in along)
    chosen = (taken.documents | brought) - excluded
    unread = {document.file for document in manifests.documents if key_of(document) in excluded - chosen}
    return Choice(
        selection=selection,
        documents=chosen,
        others=known - chosen,
        gone=taken.gone - left_out.gone,
        files=taken.files if selection.select else _files(manifests) - unread,
    )


def narrowed_manifests(manifests: Manifests, choice: Choice | None) -> Manifests:
    """The manifests with the chosen documents, what those need, and the problems that concern them; all without one.

    If something may be deleted, every problem counts: a file that cannot be read may describe it.
    """
    if choice is None:
        return manifests
    needed = reached(choice.documents, needs_of(manifests.documents))
    documents = tuple(document for document in manifests.documents if key_of(document) in needed)
    files = {WORKSPACE_FILE, *choice.files}
    files |= {document.file for document in documents}
    files |= {named.path for document in documents for named in document.files.values()}
    kept = [
        problem
        for problem in manifests.diagnostics
        if choice.gone or problem.span is None or problem.span.file in files
    ]
    return manifests._replace(documents=documents, diagnostics=tuple(kept))


def _undescribed(recorded: Iterable[Address], documents: Collection[DocumentKey]) -> frozenset[Address]:
    return frozenset(address for address in recorded if not owners(address, documents))


def _files(manifests: Manifests) -> frozenset[str]:
    reported = {problem.span.file for problem in manifests.diagnostics if problem.span is not None}
    return frozenset({document.file for document in manifests.documents} | reported)
