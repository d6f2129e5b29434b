"""Mappings: one for each destination."""

from collections.abc import Iterator

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, destinations_of, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code


def mappings(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each mapping whose destination already has one."""
    written = destinations_of(document)
    if len(set(written)) == len(written):
        return
    first: dict[str, Row] = {}
    for row in rows(document):
        destination = row.entry.get("destination")
        if not isinstance(destination, str):
            continue
        if destination in first:
            shown = document.shown("mappings", row.position, "destination") if row.line is None else destination
            yield Diagnostic(
                code="duplicate-destination",
                summary=f"two mappings write {code(shown)}",
                detail=f"The first is at line {first[destination].place('destination').line}.",
                hint="Keep one of them, or join both in one expression.",
                span=row.place("destination"),
            )
        first.setdefault(destination, row)
