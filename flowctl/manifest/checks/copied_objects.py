"""Fields that a mapping writes although the copy of an object above them writes them too."""

from collections.abc import Iterator

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import rows
from flowctl.model.diagnostic import Diagnostic


def copied_objects(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each mapping below a field that another mapping writes as a whole."""
    written = {path: row for row in rows(document) if (path := row.destination) is not None}
    for path, row in written.items():
        above = next((each for each in _above(path) if each in written), None)
        if above is not None:
            line = written[above].place("destination").line
            summary = f"{path} replaces a part of what is copied to {above}"
            yield broken("object-copy-override", summary, row, "destination", detail=f"The copy is in line {line}.")


def _above(path: str) -> Iterator[str]:
    """The paths above one, the nearest first."""
    end = len(path)
    while (end := max(path.rfind(".", 0, end), path.rfind("[", 0, end))) > 0:
        yield path[:end]
