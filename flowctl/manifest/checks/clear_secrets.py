"""A secret's variable that also stands where everyone can read it: in a title, a description, a path."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.secrets import PARAMS, secret_sources, variables_of
from flowctl.model.diagnostic import Diagnostic
from flowctl.specs.secret_places import secret_source_places
from flowctl.text.positions import paths_of
from flowctl.validation.wording import label


def clear_secrets(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """An error for each place that would show, and record, what is a secret elsewhere."""
    owners = {source: document for document in documents for source in secret_sources(document)}
    for document in documents if owners else ():
        hidden = set(_hidden(document))
        for path, node in paths_of(document.root, document.expanded) if document.expanded else ():
            source = next((each for each in variables_of(document.expanded[id(node)]) if each in owners), None)
            if source is not None and path[:2] != PARAMS and path[:3] not in hidden:
                place = owners[source].span(*PARAMS)
                yield document.error(
                    "secret-in-clear",
                    f"{label(path)} shows ${{{source[0]}:{source[1]}}}, which is a secret of the connection "
                    f"{owners[source].name}",
                    *path,
                    detail=f"It is one by {place.file}:{place.line}; here it would be sent and recorded in clear.",
                    hint="Take another variable here, also where the value is the same by chance.",
                )


def _hidden(document: Document) -> Iterator[tuple[str, ...]]:
    source = document.at("source")
    if document.kind == "Pipeline" and isinstance(source, Mapping):
        yield from (("source", *place) for place in secret_source_places(source))
