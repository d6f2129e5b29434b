"""Mappings: one for each destination."""

from collections.abc import Iterator

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic


def mappings(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each mapping whose destination has one already."""
    entries = document.at("mappings")
    first: dict[str, int] = {}
    for position, entry in enumerate(entries if isinstance(entries, list) else ()):
        destination = entry.get("destination") if isinstance(entry, dict) else None
        if not isinstance(destination, str):
            continue
        if destination in first:
            line = document.span("mappings", first[destination], "destination").line
            yield document.error(
                "duplicate-destination",
                f"two mappings write {document.shown('mappings', position, 'destination')}",
                "mappings",
                position,
                "destination",
                detail=f"The first is in line {line}.",
                hint="Keep one of them, or join both in one expression.",
            )
        first.setdefault(destination, position)
