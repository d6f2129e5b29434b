"""Renames: the `moved` lines of flowctl.yaml, and the lockfile entries that move because of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan


class Rename(NamedTuple):
    """One line of `moved`: a document had the name `old` and has the name `new`."""

    old: str
    new: str
    span: SourceSpan | None = None


class MovedEntry(NamedTuple):
    """A lockfile entry that gets another address."""

    old: Address
    new: Address


def last_names(renames: Sequence[Rename]) -> Mapping[str, Rename]:
    """For each earlier name the line that leads to the present one; the lines form no circle."""
    by_old = {rename.old: rename for rename in renames}
    found: dict[str, Rename] = {}
    for old in by_old:
        last = by_old[old]
        while last.new in by_old:
            last = by_old[last.new]
        found[old] = last
    return found


def by_document(moved: Sequence[MovedEntry]) -> Iterator[tuple[str, str, int]]:
    """The old and the new name of each document, and how many of its entries move."""
    counts: dict[tuple[str, str], int] = {}
    for each in moved:
        key = each.old.name, each.new.name
        counts[key] = counts.get(key, 0) + 1
    yield from ((old, new, count) for (old, new), count in counts.items())
