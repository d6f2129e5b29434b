"""Fields that a mapping writes although the copy of an object above them writes them too."""

from collections.abc import Container, Iterator

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code


def copied_objects(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each mapping below a field that another mapping writes as a whole."""
    written = {path: row for row in rows(document) if (path := row.destination) is not None}
    for path, row in written.items():
        above = _above(path, written)
        if above is not None:
            line = written[above].place("destination").line
            summary = f"{code(path)} replaces a part of the object that is copied to {code(above)}"
            yield broken("object-copy-override", summary, row, "destination", detail=f"The copy is at line {line}.")


def _above(path: str, written: Container[str]) -> str | None:
    """The nearest path above one that is written."""
    end = len(path)
    while (end := max(path.rfind(".", 0, end), path.rfind("[", 0, end))) > 0:
        if path[:end] in written:
            return path[:end]
    return None
