"""Names: one document of a kind and name, and one resource of an address."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.text.positions import Step

_NAME: tuple[Step, ...] = ("metadata", "name")


def names(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each document whose name or address is already taken."""
    first: dict[tuple[str, str], Document] = {}
    for document in documents:
        if not document.name:
            continue
        key = (document.kind, document.name)
        if key in first:
            yield _taken(document, first[key])
        first.setdefault(key, document)
    yield from _titles(documents)
    for document in documents:
        shared = first.get(("Dataset", document.name)) if document.kind == "Pipeline" and document.name else None
        inline = document.at("dataset")
        if shared is not None and isinstance(inline, dict) and "id" not in inline:
            yield document.error(
                "duplicate-address",
                f"the address {document.name}.dataset is taken twice",
                "dataset",
                detail=f"The Dataset {shared.name} in {_place(shared)} has it too.",
                hint="Rename one of them, or write the Dataset's name here.",
                at_key=True,
            )


def _titles(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Titles are unique across the Schema Registry (XDM-1521-400), so two schemas cannot have the same."""
    first: dict[str, Document] = {}
    for document in documents:
        title = document.at("title") or document.name
        if document.kind != "Schema" or not isinstance(title, str) or not title:
            continue
        if title in first and first[title].name != document.name:
            yield document.error(
                "duplicate-title",
                f"two schemas have the title {title}",
                "title",
                detail=f"The first is in {_place(first[title], *_title(first[title]))}. "
                "The platform refuses a second one of a title.",
                hint="Give one of them another title.",
            )
        first.setdefault(title, document)


def _title(document: Document) -> tuple[Step, ...]:
    """Where a title stands; a schema without one has its name as its title."""
    return ("title",) if document.at("title") is not None else _NAME


def _taken(document: Document, first: Document) -> Diagnostic:
    return document.error(
        "duplicate-name",
        f"there are two documents of kind {document.kind} named {document.name}",
        "metadata",
        "name",
        detail=f"The first is in {_place(first)}.",
        hint="Rename one of them.",
    )


def _place(document: Document, *path: Step) -> str:
    span = document.span(*path or _NAME)
    return f"{span.file}:{span.line}"
