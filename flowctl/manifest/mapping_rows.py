"""The mappings of a pipeline, row by row: they stand in the manifest itself or in a CSV file that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flowctl.manifest.document import Document
from flowctl.manifest.mapping_file import FileRow, mapping_file
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mapping, and where it stands."""

    document: Document
    position: int
    entry: Mapping[str, JSON]
    file: str = ""
    line: FileRow | None = None

    def text(self, key: str) -> str | None:
        """The string of a key; None for anything else, and for a blank one."""
        return text_in(self.entry, key)

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


def text_in(entry: Mapping[str, JSON], key: str) -> str | None:
    """The string of a key of a mapping; None for anything else, and for a blank one."""
    value = entry.get(key)
    return value if isinstance(value, str) and value and not value.isspace() else None


def entries(document: Document) -> Sequence[Mapping[str, JSON]]:
    """The mappings of a pipeline without their places, which only a problem needs."""
    declared = document.content.get("mappings")
    if isinstance(declared, list):
        return [entry for entry in declared if isinstance(entry, dict)]
    return [row.entry for row in rows(document)] if declared else ()


@lru_cache(maxsize=8)
def rows(document: Document) -> Sequence[Row]:
    """The mappings of a pipeline; none of a file that cannot be read. Several checks ask for them in turn."""
    return list(_rows(document))


def _rows(document: Document) -> Iterator[Row]:
    declared = document.at("mappings")
    if isinstance(declared, list):
        for position, entry in enumerate(declared):
            if isinstance(entry, dict):
                yield Row(document=document, position=position, entry=entry)
        return
    named = document.files.get(file_name(document) or "")
    if named is not None and isinstance(named.text, str):
        for position, line in enumerate(mapping_file(named.text).rows):
            yield Row(document=document, position=position, entry=line.entry, file=named.path, line=line)
