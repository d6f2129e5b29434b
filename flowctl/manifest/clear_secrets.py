"""A secret's variable that is also used in plain view: in a title, a description, a path."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.auth_params import PARAMS, secret_sources, variables_of
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code, key, quoted


def clear_secrets(documents: Sequence[Document], kinds: DocumentKinds) -> Iterator[Diagnostic]:
    """An error for each place that would show and record a value that is a secret elsewhere."""
    owners = {source: document for document in documents for source in secret_sources(document)}
    for document in (each for each in documents if each.expanded) if owners else ():
        hidden = {PARAMS, *kinds[document.kind].secret_places(document)}
        for path, found in document.expanded.items():
            source = next((each for each in variables_of(found) if each in owners), None)
            if source is not None and not any(path[: len(place)] == place for place in hidden):
                secret = owners[source].place(*PARAMS)
                yield document.error(
                    "secret-in-clear",
                    f"{key(*path)} uses {code(f'${{{source[0]}:{source[1]}}}')}, a secret of connection "
                    f"{quoted(owners[source].name)}",
                    *path,
                    detail=f"{secret} uses it as a secret; here the value would be sent and recorded in clear.",
                    hint="Use another variable here, even if its value is the same.",
                )
