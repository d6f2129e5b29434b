"""The places at which live objects differ from what is recorded, without those that manifests ignore; pure."""

from collections.abc import Container, Mapping

from flowctl.engine.plan import diff
from flowctl.engine.plan.ignoring import covers
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.plan import DriftedAttribute
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, RemoteObject, Resource


def compared(
    entries: Mapping[Address, LockEntry],
    live: Mapping[Address, RemoteObject],
    desired: Mapping[Address, Resource],
) -> list[tuple[Address, tuple[DriftedAttribute, ...]]]:
    """The addresses that differ, with their attributes; an object that is not found has none.

    What refers to a version that differs only at ignored places does not differ either.
    """
    found: list[tuple[Address, tuple[DriftedAttribute, ...]]] = []
    standing: set[Address] = set()
    for address, entry in sorted(entries.items(), key=_by_document):
        kind, observed = KINDS[entry.kind], live.get(address)
        attributes: tuple[DriftedAttribute, ...] = ()
        if observed is not None:
            resource = desired.get(address)
            differing = diff.drift(
                applied=entry.applied,
                observed=observed.attributes,
                keyed_lists=kind.keyed_lists,
                forms=kind.forms,
            )
            attributes = tuple(each for each in differing if not _is_ignored(resource, each, standing))
            if differing and not attributes and kind.versioned:
                standing.add(address)
        if observed is None or attributes:
            found.append((address, attributes))
    return found


def _is_ignored(resource: Resource | None, place: DriftedAttribute, standing: Container[Address]) -> bool:
    """Whether a place is named by `lifecycle.ignoreChanges`, or refers to a version of which all that differs is."""
    if resource is None:
        return False
    declared = value_at(resource.attributes, place.steps, KINDS[resource.kind].keyed_lists)
    refers = isinstance(declared, Reference) and declared.address in standing
    return refers or covers(resource.ignored, place.steps)


def _by_document(item: tuple[Address, LockEntry]) -> tuple[str, int, Address]:
    """Documents by name, and in each what others need before what needs it."""
    address, entry = item
    return address.name, list(KINDS).index(entry.kind), address
