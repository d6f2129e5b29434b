"""Old objects that are taken back: a replacement has not deleted them yet, and the manifest describes them again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowctl.engine.graph import in_dependency_order
from flowctl.engine.plan.diff import is_as_sent
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lookup, Reference, RemoteObject, Resource, Sensitive
from flowctl.model.values import gaps, with_gaps_filled


def taken_back(
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    objects: Mapping[Address, RemoteObject],
    deposed: Mapping[Address, Sequence[RemoteObject]],
    lookups: Mapping[Lookup, str],
    kinds: Mapping[str, Kind],
) -> dict[Address, LockEntry]:
    """The entries of old objects that are as desired where the present ones are not.

    The present object becomes the one to delete. What was replaced with it is taken back with it. What holds a secret
    cannot be compared, and is left as it is.
    """
    found: dict[Address, LockEntry] = {}

    def take(address: Address, *, as_partner: bool) -> None:
        wanted = _wanted(desired[address], {**entries, **found}, lookups)
        kind, present = kinds[address.kind], objects.get(address)
        if wanted is None or (not as_partner and present is not None and is_as_sent(kind, wanted, present)):
            return
        old = next((live for live in deposed[address] if is_as_sent(kind, wanted, live)), None)
        if old is not None:
            found[address] = _entry(entries[address], old, wanted, kind)

    if not deposed:
        return found
    for address in in_dependency_order({address: resource.depends_on for address, resource in desired.items()}):
        if address in deposed and address not in found:
            take(address, as_partner=False)
            for partner in desired[address].replaced_with if address in found else ():
                if partner in deposed and partner not in found:
                    take(partner, as_partner=True)
    return found


def _wanted(
    resource: Resource, entries: Mapping[Address, LockEntry], lookups: Mapping[Lookup, str]
) -> JSONObject | None:
    """The desired attributes; None if they hold a secret, or refer to what is not recorded."""
    found = gaps(resource.attributes)
    for _, gap in found:
        if isinstance(gap, Sensitive) or (isinstance(gap, Reference) and gap.address not in entries):
            return None

    def fill(gap: Any) -> Any:
        return lookups[gap] if isinstance(gap, Lookup) else entries[gap.address].output(gap.output)

    wanted: JSONObject = with_gaps_filled(resource.attributes, found, fill)
    return wanted


def _entry(entry: LockEntry, old: RemoteObject, wanted: JSONObject, kind: Kind) -> LockEntry:
    """The entry with the old object in place of the present one. A stopped one was stopped for the replacement."""
    suspension = kind.replacement.suspension
    others = tuple(one for one in (entry.id, *entry.deposed) if one != old.id)
    return replace(
        entry,
        id=old.id,
        etag=old.etag,
        outputs=old.outputs,
        applied=wanted,
        deposed=others,
        suspended=suspension is not None and not suspension.runs(old),
        instead_of={},
    )
