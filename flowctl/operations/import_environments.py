"""The environments that Import documents name: one that is not declared is a mistake, because nothing ever reads it."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.documents.import_objects import IMPORT_KIND
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted


def unknown_environments(documents: Sequence[Document], environments: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Each Import document of an environment that flowctl.yaml does not declare: nothing would ever read it."""
    for document in documents:
        name = document.at("environment") if document.kind == IMPORT_KIND else None
        if isinstance(name, str) and name not in environments:
            yield document.error(
                "unknown-environment",
                f"there is no environment {quoted(name)}",
                "environment",
                detail=f"Known environments: {all_of(codes(sorted(environments)))}.",
                hint=did_you_mean(nearest(name, environments), "Use one of these, or add it to `environments`."),
            )
