"""The pipelines of a workspace by name, for commands that work on some of them."""

from collections.abc import Sequence

from flowctl.manifest.document import Document, Manifests
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import ManifestError
from flowctl.validation.wording import nearest, one_of

_MOST_SHOWN = 20


def require_sound(manifests: Manifests) -> None:
    """Raise ManifestError where the manifests have errors."""
    if has_errors(manifests.diagnostics):
        raise ManifestError(manifests.diagnostics)


def named_document(documents: Sequence[Document], kind: str, name: str) -> Document:
    """Return the document of that kind and name. Raises ManifestError with the nearest name if there is none."""
    known = {document.name: document for document in documents if document.kind == kind}
    if name in known:
        return known[name]
    near = nearest(name, known)
    names = list(known)
    listed = f"Known: {one_of(names[:_MOST_SHOWN])}{' and more' if len(names) > _MOST_SHOWN else ''}."
    raise ManifestError.because(
        "unknown-name",
        f"there is no {kind} named {name}",
        detail=listed if known else f"The workspace has no {kind}.",
        hint=f"Did you mean {near}?" if near else f"Name a {kind} of this workspace.",
    )
