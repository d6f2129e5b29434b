"""Selections: which part of a workspace a command works on, as it was asked for and as what it chose."""

from typing import Final, NamedTuple, TypeAlias

from flowctl.model.address import Address

DocumentKey: TypeAlias = tuple[str, str]
"""The kind and the name of a document."""


class Selection(NamedTuple):
    """The expressions of `--select` and `--exclude`; without the first, everything is selected."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything narrows a run."""
        return bool(self.select or self.exclude)

    def __str__(self) -> str:
        """The selection as a person reads it: `shop-* without shop-orders`."""
        selected = ", ".join(self.select) or "everything"
        return f"{selected} without {', '.join(self.exclude)}" if self.exclude else selected


EVERYTHING: Final = Selection()


class Choice(NamedTuple):
    """What a selection chose.

    `documents` are the chosen ones of the manifests and `others` the rest. `gone` are the addresses in the lockfile
    that no manifest describes and that may be deleted. The problems of `files` count besides those of the documents.
    """

    selection: Selection
    documents: frozenset[DocumentKey]
    others: frozenset[DocumentKey]
    gone: frozenset[Address] = frozenset()
    files: frozenset[str] = frozenset()

    def names(self, kind: str) -> frozenset[str]:
        """The names of the chosen documents of a kind."""
        return frozenset(name for known, name in self.documents if known == kind)
