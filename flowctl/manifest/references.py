"""References by name: each must lead to a document of the workspace."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentReference
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, codes, did_you_mean, quoted

_MOST_SHOWN, _MOST_BESIDE_A_NEAR_ONE = 20, 5
"""How many names are listed, without and with a proposal."""
_DECLARE = {
    "Pipeline": "Write the name of a Pipeline of this workspace.",
    **{
        kind: f"Add a {kind} document of that name, or write the `$id` of {article} that exists."
        for kind, article in (("Class", "a class"), ("DataType", "a data type"), ("FieldGroup", "a field group"))
    },
}
"""What to do about a name of a kind that only the workspace has."""


def missing_references(
    document: Document, references: Sequence[DocumentReference], index: Index
) -> Iterator[Diagnostic]:
    """Each name that no document has."""
    for reference in references:
        name = document.at(*reference.path)
        if not isinstance(name, str) or (reference.to, name) in index.documents:
            continue
        if not (reference.may_be_id and not index.names(reference.to)):
            yield _missing(document, reference, index)


def _missing(document: Document, reference: DocumentReference, index: Index) -> Diagnostic:
    kind, path = reference.to, reference.path
    name, known = document.shown(*path), index.names(kind)
    near = index.near(kind, str(name))
    most = _MOST_BESIDE_A_NEAR_ONE if near else _MOST_SHOWN
    more = " and more" if len(known) > most else ""
    has = f"Known: {all_of(codes(known[:most]))}{more}." if known else f"The manifests have no {kind} document."
    unread = f" {all_of(index.unread)} could not be read completely." if index.unread else ""
    title = " or `{title: ...}`" if kind != "Dataset" else ""
    way = "" if reference.only_names else f", or write `{{id: ...}}`{title} of an object that exists"
    return document.error(
        "missing-reference",
        f"there is no {kind} named {quoted(name)}",
        *path,
        detail=has + unread,
        hint=did_you_mean(
            near,
            f"Correct {all_of(index.unread)} first: the document may be there."
            if index.unread
            else _DECLARE.get(kind) or f"Add a {kind} document of that name{way}.",
        ),
    )
