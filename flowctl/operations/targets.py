"""A plan narrowed: to targets, which are addresses or names, or to a choice of documents; with what those need."""

from collections.abc import Container, Iterable, Mapping, Sequence

from flowctl.engine.graph import closure, reversed_edges
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import ManifestError
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.model.selection import Choice
from flowctl.operations.document_graph import owners
from flowctl.validation.wording import nearest


def narrowed(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry], targets: Sequence[str]
) -> tuple[Mapping[Address, Resource], Mapping[Address, LockEntry]]:
    """The desired resources and the recorded entries that targets select; everything without targets.

    A desired resource brings what it depends on and its replacement partners; an entry that is no longer desired
    brings what depends on it, because that must be deleted first. Raises ManifestError for a target that names nothing.
    """
    if not targets:
        return desired, entries
    known = {*desired, *entries}
    problems = [_unknown(target, known) for target in targets if not _selected(target, known)]
    if problems:
        raise ManifestError(problems)
    chosen = {address for target in targets for address in _selected(target, known)}
    wanted = closure((address for address in chosen if address in desired), _needs(desired))
    recorded = {address: entry.depends_on for address, entry in entries.items()}
    leaving = closure(
        (address for address in chosen if address not in desired),
        {
            address: [user for user in users if user not in desired]
            for address, users in reversed_edges(recorded).items()
        },
    )
    return (
        {address: resource for address, resource in desired.items() if address in wanted},
        {address: entry for address, entry in entries.items() if address in wanted | leaving},
    )


def chosen_part(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry], choice: Choice
) -> tuple[Mapping[Address, Resource], Mapping[Address, LockEntry]]:
    """The desired resources and the recorded entries of a choice, with what the desired ones depend on.

    An entry that no manifest describes belongs to it if it was chosen, or if only chosen documents may have described
    it. `desired` holds what the chosen documents and their needs describe.
    """
    chosen = (address for address in desired if owners(address, choice.documents))
    wanted = closure(chosen, _needs(desired))
    leaving = {
        address
        for address in entries.keys() - desired.keys()
        if address in choice.gone or (owners(address, choice.documents) and not owners(address, choice.others))
    }
    return (
        {address: resource for address, resource in desired.items() if address in wanted},
        {address: entry for address, entry in entries.items() if address in wanted | leaving},
    )


def chosen_entries(entries: Mapping[Address, LockEntry], choice: Choice) -> Mapping[Address, LockEntry]:
    """The recorded entries of a choice, to be deleted; if it only leaves some out, without what those need."""
    kept = {address for address in entries if address not in choice.gone and not owners(address, choice.documents)}
    if not choice.selection.select:
        kept |= closure(kept, {address: entry.depends_on for address, entry in entries.items()})
    return {address: entry for address, entry in entries.items() if address not in kept}


def selected_entries(entries: Mapping[Address, LockEntry], choice: Choice) -> Mapping[Address, LockEntry]:
    """The recorded entries that a choice may describe, and those that it would delete; nothing that they need."""
    return {
        address: entry
        for address, entry in entries.items()
        if address in choice.gone or owners(address, choice.documents)
    }


def split_problems(
    changes: Iterable[Change], entries: Mapping[Address, LockEntry], planned: Container[Address], choice: Choice
) -> list[Diagnostic]:
    """One error for each object that goes away while one that uses it is not in the plan."""
    going = {change.address: change for change in changes if change.action in (Action.DELETE, Action.REPLACE)}
    users = reversed_edges({address: entry.depends_on for address, entry in entries.items() if address not in planned})
    return [
        Diagnostic(
            code="selection-splits",
            summary=f"the plan would {change.action} `{address}`, and `{users[address][0]}`, which uses it, is not "
            "selected",
            detail=f"Selected: {choice.selection}.",
            hint=f"Add `--select {users[address][0].name}`, or remove the `--exclude` that leaves it out.",
            address=address,
        )
        for address, change in going.items()
        if users.get(address)
    ]


def narrowed_entries(entries: Mapping[Address, LockEntry], targets: Sequence[str]) -> Mapping[Address, LockEntry]:
    """The recorded entries that targets select, and what they depend on; all of them without targets.

    Raises ManifestError for a target that names nothing.
    """
    if not targets:
        return entries
    problems = [_unknown(target, entries) for target in targets if not _selected(target, entries)]
    if problems:
        raise ManifestError(problems)
    chosen = {address for target in targets for address in _selected(target, entries)}
    wanted = closure(chosen, {address: entry.depends_on for address, entry in entries.items()})
    return {address: entry for address, entry in entries.items() if address in wanted}


def users_of_replaced(
    changes: Iterable[Change], desired: Mapping[Address, Resource], wanted: Mapping[Address, Resource]
) -> list[Address]:
    """What depends on a resource that is replaced, and is not among the desired ones yet."""
    replaced = {change.address for change in changes if change.action is Action.REPLACE}
    return [
        address
        for address, resource in desired.items()
        if address not in wanted and not replaced.isdisjoint(resource.depends_on)
    ]


def _needs(desired: Mapping[Address, Resource]) -> Mapping[Address, Iterable[Address]]:
    """What each resource depends on, and its replacement partners."""
    return {address: (*resource.depends_on, *resource.replaced_with) for address, resource in desired.items()}


def _selected(target: str, known: Iterable[Address]) -> list[Address]:
    return [address for address in known if target in (address, address.name)]


def _unknown(target: str, known: Iterable[Address]) -> Diagnostic:
    names = sorted({str(address) for address in known} | {address.name for address in known})
    near = nearest(target, names)
    return Diagnostic(
        code="unknown-target",
        summary=f"`{target}` in --target is neither an address nor the name of a document",
        hint=f"Did you mean `{near}`?" if near else "Run `flowctl plan` to see the addresses.",
    )
