"""Targets: a plan narrowed to some addresses or pipelines and what they depend on."""

from collections.abc import Iterable, Mapping, Sequence

from flowctl.engine.graph import closure, reversed_edges
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import ManifestError
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
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
    needs = {address: (*resource.depends_on, *resource.replaced_with) for address, resource in desired.items()}
    wanted = closure((address for address in chosen if address in desired), needs)
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
