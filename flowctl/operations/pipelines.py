"""The pipelines of a workspace by name, for commands that work on some of them."""

from collections.abc import Sequence

from flowctl.manifest.document import Document, Manifests
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import ManifestError
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted

_MOST_SHOWN = 20


def require_sound(manifests: Manifests) -> None:
    """Raise ManifestError if the manifests have errors."""
    if has_errors(manifests.diagnostics):
        raise ManifestError(manifests.diagnostics)


def named_document(documents: Sequence[Document], kind: str, name: str) -> Document:
    """Return the document of that kind and name. Raises ManifestError with the nearest name if there is none."""
    known = {document.name: document for document in documents if document.kind == kind}
    if name in known:
        return known[name]
    near = nearest(name, known)
    names = list(known)
    shown = codes(names[:_MOST_SHOWN])
    listed = f"Known: {', '.join(shown) + ' and more' if len(names) > _MOST_SHOWN else all_of(shown)}."
    raise ManifestError.because(
        "unknown-name",
        f"there is no {kind} named {quoted(name)}",
        detail=listed if known else f"The workspace has no {kind}.",
        hint=did_you_mean(near, f"Use one of these, or add a {kind} document."),
    )
