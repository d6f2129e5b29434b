"""What the checks of documents depend on besides these documents, so that a good verdict can be kept with them.

A check asks only for the documents that its kind declares as references, and only for what those show to checks.
"""

from collections.abc import Sequence
from typing import TypeAlias

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.index import Index

Basis: TypeAlias = list[list[str]]
"""For each reference, the kind and the name of the document that it names, and what that one shows to checks."""


def basis(documents: Sequence[Document], index: Index, kinds: DocumentKinds) -> Basis | None:
    """What a verdict on documents rests on; None where that cannot be told, or where a reference leads nowhere."""
    found: Basis = []
    for document in documents:
        for reference in kinds[document.kind].references:
            name = document.at(*reference.path)
            if not isinstance(name, str):
                continue
            other = index.get(reference.to, name)
            shown = kinds[reference.to].shown_to_checks(other) if other is not None else None
            if shown is None:
                return None
            found.append([reference.to, name, shown])
    return found
