"""References by name: each must lead to a document of the workspace."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentReference
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.text.positions import ValuePath
from flowctl.validation.wording import all_of

_MOST_SHOWN, _MOST_BESIDE_A_NEAR_ONE = 20, 5
"""Names that are listed, and those where one of them is likely meant."""
_DECLARE = {"Pipeline": "Write the name of a Pipeline of this workspace."}
"""What to do about a name of a kind that only the workspace has."""


def missing_references(
    document: Document, references: Sequence[DocumentReference], index: Index
) -> Iterator[Diagnostic]:
    """Each name that no document has."""
    for reference in references:
        name = document.at(*reference.path)
        if isinstance(name, str) and index.get(reference.to, name) is None:
            yield _missing(document, reference.to, reference.path, index)


def _missing(document: Document, kind: str, path: ValuePath, index: Index) -> Diagnostic:
    name, known = document.shown(*path), index.names(kind)
    near = index.near(kind, str(name))
    most = _MOST_BESIDE_A_NEAR_ONE if near else _MOST_SHOWN
    more = " and more" if len(known) > most else ""
    has = f"Known: {all_of(known[:most])}{more}." if known else f"There is no {kind}."
    unread = f" Not all of {all_of(index.unread)} could be read." if index.unread else ""
    title = " or {title: ...}" if kind != "Dataset" else ""
    return document.error(
        "missing-reference",
        f"there is no {kind} named {name}",
        *path,
        detail=has + unread,
        hint=f"Did you mean {near}?"
        if near
        else _DECLARE.get(kind) or f"Declare it, or write {{id: ...}}{title} of one that already exists.",
    )
