"""The graph of documents: which refer to which by name, and which may describe a recorded resource."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from flowctl.manifest.document import Document
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.selection import DocumentKey

Edges: TypeAlias = Mapping[DocumentKey, Collection[DocumentKey]]


def key_of(document: Document) -> DocumentKey:
    """The kind and the name of a document."""
    return document.kind, document.name


def owners(address: Address, documents: Collection[DocumentKey]) -> frozenset[DocumentKey]:
    """Those of the documents that may describe a recorded resource: by its name, and by what their kind makes."""
    named = ((kind, address.name) for kind, known in DOCUMENT_KINDS.items() if address.kind in known.makes)
    return frozenset(key for key in named if key in documents)


def needs_of(documents: Sequence[Document]) -> dict[DocumentKey, frozenset[DocumentKey]]:
    """For each document the ones that it refers to by name, whether they exist or not."""
    return {
        key_of(document): frozenset(
            (reference.to, name)
            for reference in DOCUMENT_KINDS[document.kind].references_of(document)
            if isinstance(name := document.at(*reference.path), str)
        )
        for document in documents
    }


def users_of(documents: Sequence[Document]) -> Edges:
    """For each document the ones that refer to it by name."""
    users: dict[DocumentKey, set[DocumentKey]] = {}
    for user, needs in needs_of(documents).items():
        for need in needs:
            users.setdefault(need, set()).add(user)
    return users


def reached(start: Iterable[DocumentKey], edges: Edges) -> frozenset[DocumentKey]:
    """`start`, and everything that can be reached from it."""
    found: set[DocumentKey] = set()
    waiting = [*start]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(edges.get(key, ()))
    return frozenset(found)
