"""The documents of a workspace by kind and name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowctl.manifest.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The first document of each kind and name; `unread` are the files that may hold more."""

    documents: Mapping[tuple[str, str], Document]
    unread: tuple[str, ...] = ()

    @classmethod
    def of(cls, documents: Sequence[Document], unread: Sequence[str]) -> "Index":
        """The index of these documents."""
        found: dict[tuple[str, str], Document] = {}
        for document in documents:
            found.setdefault((document.kind, document.name), document)
        return cls(documents=found, unread=tuple(unread))

    def get(self, kind: str, name: object) -> Document | None:
        """The document of that kind and name."""
        return self.documents.get((kind, name)) if isinstance(name, str) else None

    def names(self, kind: str) -> list[str]:
        """The names of a kind's documents, sorted."""
        return sorted(name for known, name in self.documents if known == kind and name)
