"""What a JSON Schema cannot say: names, references, connectors, and the pinned flow specs."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.checks.authentication import authentication
from flowctl.manifest.checks.clear_secrets import clear_secrets
from flowctl.manifest.checks.encryption import encryption
from flowctl.manifest.checks.file_paths import account_path, source_path
from flowctl.manifest.checks.flow import flow
from flowctl.manifest.checks.mappings import mappings
from flowctl.manifest.checks.names import names
from flowctl.manifest.checks.open_keys import connection_keys, dataset_keys, pipeline_keys
from flowctl.manifest.checks.profile_tags import dataset_tags, inline_tags
from flowctl.manifest.checks.references import references
from flowctl.manifest.checks.source import source
from flowctl.manifest.checks.time_zones import time_zones
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic

_BY_KIND = {
    "Connection": (authentication, account_path, connection_keys),
    "Schema": (),
    "Dataset": (references, dataset_tags, dataset_keys),
    "Pipeline": (
        references,
        source,
        source_path,
        inline_tags,
        mappings,
        flow,
        encryption,
        time_zones,
        pipeline_keys,
    ),
}


def checked(documents: Sequence[Document], unread: Sequence[str], said: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Every problem of the documents, except where something was already said about the very place."""
    places = {diagnostic.span for diagnostic in said}
    for diagnostic in _all(documents, Index.of(documents, unread)):
        if diagnostic.span not in places:
            places.add(diagnostic.span)
            yield diagnostic


def _all(documents: Sequence[Document], index: Index) -> Iterator[Diagnostic]:
    yield from names(documents)
    yield from clear_secrets(documents)
    for document in documents:
        for check in _BY_KIND[document.kind]:
            yield from check(document, index)
