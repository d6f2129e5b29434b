"""The documents of a workspace by kind and name."""

from bisect import bisect
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar

from flowctl.manifest.document import Document
from flowctl.manifest.pulled import NOTHING, Pulled
from flowctl.text.positions import ValuePath
from flowctl.validation.wording import nearest

T = TypeVar("T")
_MOST_COMPARED: Final = 200

Belongs: TypeAlias = Callable[[str, ValuePath, str], str]
"""Advice on where to move a key: from a kind of document, the key's path and its name; empty where there is none."""


class Named(dict[tuple[str, str], Document]):
    """Documents by kind and name."""

    @cached_property
    def namespaces(self) -> Mapping[str, str]:
        """The names of Namespace documents by their codes in lowercase, collected once for all schemas."""
        return {str(each.at("code")).lower(): name for (kind, name), each in self.items() if kind == "Namespace"}


def named(documents: Sequence[Document]) -> Named:
    """The first document of each kind and name."""
    found = Named()
    for document in documents:
        found.setdefault((document.kind, document.name), document)
    return found


class Index:
    """The first document of each kind and name; `unread` are the files that may hold more.

    `pulled` is what was read of Experience Platform's own schemas, and `belongs` advises where to move a key that is
    known at another place than the one where it is written.
    """

    def __init__(
        self, *, documents: Named, belongs: Belongs, unread: tuple[str, ...] = (), pulled: Pulled = NOTHING
    ) -> None:
        self.documents = documents
        self.belongs = belongs
        self.unread = unread
        self.pulled = pulled
        self._names: dict[str, list[str]] = {}
        self._derived: dict[object, dict[Document, Any]] = {}
        self._good: set[Hashable] = set()

    @classmethod
    def of(
        cls, documents: Sequence[Document], unread: Sequence[str], belongs: Belongs, pulled: Pulled = NOTHING
    ) -> "Index":
        """The index of these documents."""
        return cls(documents=named(documents), belongs=belongs, unread=tuple(unread), pulled=pulled)

    def get(self, kind: str, name: object) -> Document | None:
        """The document of that kind and name."""
        return self.documents.get((kind, name)) if isinstance(name, str) else None

    def once(self, derive: "Callable[[Document, Index], T]", document: Document) -> T:
        """What is derived from a document, which several checks ask for."""
        known = self._derived.setdefault(derive, {})
        if document not in known:
            known[document] = derive(document, self)
        found: T = known[document]
        return found

    def is_good(self, parts: Hashable) -> bool:
        """Whether equal parts of a document were found good before."""
        return parts in self._good

    def keep_good(self, parts: Hashable) -> None:
        """Remember that these parts of a document are good."""
        self._good.add(parts)

    def names(self, kind: str) -> Sequence[str]:
        """The names of a kind's documents, sorted."""
        if kind not in self._names:
            self._names[kind] = sorted(name for known, name in self.documents if known == kind and name)
        return self._names[kind]

    def near(self, kind: str, name: str) -> str | None:
        """The name of a document that a mistyped one is closest to.

        Of very many names only those are compared that begin or end alike: thousands of references to names that are
        not there must not take as many comparisons of thousands of names each.
        """
        names = self.names(kind)
        return nearest(name, names if len(names) <= _MOST_COMPARED else self._alike(kind, name))

    def _alike(self, kind: str, name: str) -> Sequence[str]:
        backwards = f"{kind} backwards"
        if backwards not in self._names:
            self._names[backwards] = sorted(known[::-1] for known in self.names(kind))
        ends = _around(self._names[backwards], name[::-1])
        return [*_around(self.names(kind), name), *(known[::-1] for known in ends)]


def _around(ordered: Sequence[str], word: str) -> Sequence[str]:
    """The words on both sides of the place that a word would have."""
    place = bisect(ordered, word)
    return ordered[max(0, place - _MOST_COMPARED // 4) : place + _MOST_COMPARED // 4]
