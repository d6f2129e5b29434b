"""Move lockfile entries to the names that their documents have now, as the `moved` lines of flowctl.yaml say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.model.address import Address
from flowctl.model.default_names import default_name
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.moves import MovedEntry, Rename, last_names
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.model.selection import DocumentKey
from flowctl.operations.document_graph import owners
from flowctl.operations.session import Session
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import code, did_you_mean, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The entries that move, and what is wrong with the lines of `moved`."""

    entries: tuple[MovedEntry, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def moves_of(renames: Sequence[Rename], recorded: Collection[Address], documents: Collection[DocumentKey]) -> Moves:
    """What the lines of `moved` do to a record; a line whose work is done, or that concerns nothing, does nothing.

    `documents` are all documents of the workspace.
    """
    lines = last_names(renames)
    moved: list[MovedEntry] = []
    problems: dict[Rename, Diagnostic] = {}
    for old in recorded:
        line = lines.get(old.name)
        if line is None:
            continue
        new = old.renamed(line.new)
        problem = _problem(line, old, new, recorded, documents)
        if problem is not None:
            problems.setdefault(line, problem)
        elif owners(new, documents) and not owners(old, documents):
            moved.append(MovedEntry(old=old, new=new))
    return Moves(entries=tuple(moved), problems=tuple(problems.values()))


def pending_moves(session: Session, documents: Iterable[Document]) -> tuple[MovedEntry, ...]:
    """The entries of a session that move, whatever is wrong with other lines of `moved`."""
    known = frozenset((document.kind, document.name) for document in documents)
    return moves_of(session.workspace.moved, session.ledger.lockfile.entries.keys(), known).entries


def addresses_now(renames: Sequence[Rename], recorded: Collection[Address], manifests: Manifests) -> frozenset[Address]:
    """The recorded addresses as they are after they moved."""
    documents = frozenset((document.kind, document.name) for document in manifests.documents)
    moved = {each.old: each.new for each in moves_of(renames, recorded, documents).entries}
    return frozenset(moved.get(address, address) for address in recorded)


def _problem(
    line: Rename, old: Address, new: Address, recorded: Collection[Address], documents: Collection[DocumentKey]
) -> Diagnostic | None:
    """Why an entry cannot move; None if it can, or need not."""
    is_described, is_wanted, is_taken = bool(owners(old, documents)), bool(owners(new, documents)), new in recorded
    if is_described and is_wanted and not is_taken:
        return _diagnostic(
            line,
            f"{code(old.name)} cannot move to {code(new.name)}: the manifests describe both",
            hint=f"Delete the manifest of {code(old.name)}, or remove this line.",
        )
    if is_wanted and is_taken and not is_described:
        return _diagnostic(
            line,
            f"{code(old)} cannot move to {code(new)}: the lockfile has both",
            detail=f"{code(new.name)} was applied as a new document before this line was written.",
            hint=f"Remove this line: then the next plan deletes {code(old.name)}. To keep the old object, run "
            f"`flowctl state rm {new}` first.",
        )
    names = {name for _, name in documents}
    if not is_described and new.name not in names:
        return _diagnostic(
            line,
            f"no document is named {code(new.name)}, and the lockfile has {code(old)}",
            hint=did_you_mean(nearest(new.name, names), "Correct the name, or remove this line."),
        )
    return None


def _diagnostic(line: Rename, summary: str, *, hint: str, detail: str = "") -> Diagnostic:
    return Diagnostic(code="moved-conflict", summary=summary, detail=detail, hint=hint, span=line.span)


def moved_entries(entries: Mapping[Address, LockEntry], moved: Iterable[MovedEntry]) -> Mapping[Address, LockEntry]:
    """The recorded entries as they are after they moved; what depends on one of them follows."""
    names = {each.old: each.new for each in moved}
    if not names:
        return entries
    return {
        names.get(address, address): replace(
            entry, depends_on=frozenset(names.get(need, need) for need in entry.depends_on)
        )
        for address, entry in entries.items()
    }


def record_moves(ledger: Ledger, moved: Iterable[MovedEntry]) -> None:
    """Move entries in a record. What a crash leaves is moved by the next run. Raises StateError."""
    for each in moved:
        entry = ledger.entry(each.old)
        if entry is not None:
            ledger.rename(each.old, each.new, entry)


def with_kept_titles(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry], renames: Sequence[Rename]
) -> Mapping[Address, Resource]:
    """The desired resources, where a title that was made of an earlier name stays: a rename sends nothing."""
    earlier: dict[str, list[str]] = {}
    for old, line in last_names(renames).items():
        earlier.setdefault(line.new, []).append(old)
    if not earlier:
        return desired
    return {
        address: _with_kept_title(resource, entries[address], earlier[address.name])
        if address.name in earlier and address in entries and not resource.has_own_title
        else resource
        for address, resource in desired.items()
    }


def _with_kept_title(resource: Resource, entry: LockEntry, earlier: Iterable[str]) -> Resource:
    label = KINDS[resource.kind].label
    title = entry.applied.get(label)
    made = {each for name in earlier for each in (name, default_name(name, resource.kind))}
    if title not in made:
        return resource
    return replace(resource, attributes={**resource.attributes, label: title})
