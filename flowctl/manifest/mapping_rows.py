"""The mappings of a pipeline, row by row: they stand in the manifest itself or in a CSV file that it names."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flowctl.manifest.document import Document
from flowctl.manifest.mapping_file import FileRow, mapping_file
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.tenant import TENANT, with_tenant


class Row(NamedTuple):
    """One mapping, and where it stands. A source, expression or destination that is not a string, or blank, is None.

    A named tuple, because there are many and these are made in a third of the time.
    """

    document: Document
    position: int
    entry: Mapping[str, JSON]
    source: str | None
    expression: str | None
    destination: str | None
    file: str = ""
    line: FileRow | None = None

    def place(self, key: str = "", offset: int = 0) -> SourceSpan:
        """The place of a character of a key's string; of the whole mapping without a key."""
        if self.line is not None:
            return self.line.place(self.file, key, offset)
        path = ("mappings", self.position, key) if key else ("mappings", self.position)
        return self.document.span_inside(offset, *path) if key else self.document.span(*path)

    def is_shown(self, key: str) -> bool:
        """Whether messages may quote the value of a key: nothing of it comes out of the environment."""
        if self.line is not None:
            return True
        found = self.document.substitution("mappings", self.position, key)
        return found is None or not found.environment


def file_name(document: Document) -> str | None:
    """The file that the mappings of a pipeline are read from, as the manifest writes it."""
    name = document.at("mappings", "file")
    return name if isinstance(name, str) else None


@lru_cache(maxsize=8)
def rows(document: Document) -> Sequence[Row]:
    """The mappings of a pipeline; none of a file that cannot be read. Several checks ask for them in turn."""
    return list(_rows(document))


def as_sent(entry: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """A mapping as it is compared and sent; a constant is text."""
    value = entry.get("value")
    return entry if value is None or isinstance(value, str) else {**entry, "value": json.dumps(value)}


def entries(document: Document) -> Sequence[Mapping[str, JSON]]:
    """The mappings of a pipeline, wherever they are declared, with the tenant ID in their destinations."""
    declared = document.at("mappings")
    if isinstance(declared, list):
        return [
            _with_tenant(document, entry) if TENANT in str(entry.get("destination")) else entry
            for entry in declared
            if type(entry) is dict
        ]
    return [row.entry for row in rows(document)]


def destinations_of(document: Document) -> Sequence[str]:
    """The destinations of a pipeline's mappings, in their order."""
    found = (entry.get("destination") for entry in entries(document))
    return [each for each in found if isinstance(each, str)]


def _rows(document: Document) -> Iterator[Row]:
    declared = document.at("mappings")
    if isinstance(declared, list):
        for position, entry in enumerate(declared):
            if isinstance(entry, dict):
                yield _row(document, position, entry)
        return
    named = document.files.get(file_name(document) or "")
    if named is not None and isinstance(named.text, str):
        for position, line in enumerate(mapping_file(named.text).rows):
            yield _row(document, position, line.entry, named.path, line)


def _row(
    document: Document, position: int, entry: Mapping[str, JSON], file: str = "", line: FileRow | None = None
) -> Row:
    entry = _with_tenant(document, entry)
    return Row(
        document=document,
        position=position,
        entry=entry,
        source=_text(entry.get("source")),
        expression=_text(entry.get("expression")),
        destination=_text(entry.get("destination")),
        file=file,
        line=line,
    )


def _with_tenant(document: Document, entry: Mapping[str, JSON]) -> Mapping[str, JSON]:
    path = entry.get("destination")
    if isinstance(path, str) and TENANT in path:
        return {**entry, "destination": with_tenant(path, document.tenant)}
    return entry


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
