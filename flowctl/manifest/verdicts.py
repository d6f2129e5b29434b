"""What the checks of documents depend on besides these documents, so that a good verdict can be kept with them.

A check asks only for the documents that its kind declares as references, for those that they refer to in their turn,
for what these show to checks, for the files that a document names, and for the schemas that were pulled.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias

from flowctl.manifest.document import Document, NamedFile
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.index import Index
from flowctl.specs.active import own_specs

Basis: TypeAlias = list[list[str]]
"""For each reference, the kind and the name of the document that it names, and what that one shows to checks; for
each file that a document names, its digest; and the digests of the schemas that were pulled and of the workspace's own
specs."""


def basis(documents: Sequence[Document], index: Index, kinds: DocumentKinds) -> Basis | None:
    """What a verdict on documents rests on; None where that cannot be told, or where a reference leads nowhere."""
    found: Basis = [["pulled", index.pulled.digest]] if index.pulled.digest else []
    if own_specs().digest:
        found.append(["specs", own_specs().digest])
    waiting = list(documents)
    seen = set(waiting)
    for document in waiting:
        if document.tenant:
            found.append(["tenant", document.tenant])
        found += [["file", name, _digest(file)] for name, file in document.files.items()]
        for reference in kinds[document.kind].references_of(document):
            name = document.at(*reference.path)
            if not isinstance(name, str):
                continue
            other = index.get(reference.to, name)
            if other is None and reference.may_be_id and not index.names(reference.to):
                found.append([reference.to, "", "none of this kind"])
                continue
            shown = kinds[reference.to].shown_to_checks(other) if other is not None else None
            if other is None or shown is None:
                return None
            found.append([reference.to, name, shown])
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _digest(file: NamedFile) -> str:
    """The digest of a file that a document names: of its path, and of its text or why it cannot be read."""
    return sha256(repr((file.path, file.text)).encode("utf-8", "surrogatepass")).hexdigest()
