"""Pins that moved: versions that live objects use in place of those that they were applied with.

An edit of mappings outside flowctl creates another version, or another mapping set, and lets the flow use it. The
version that was applied never changes, so that only the pin leads to what is at work.
"""

from collections.abc import Mapping

from flowctl.kinds.kind import Kind, Pin
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject


def moved_pins(
    entries: Mapping[Address, LockEntry], objects: Mapping[Address, RemoteObject], kinds: Mapping[str, Kind]
) -> dict[Address, Pin]:
    """What is used now in place of recorded objects, by the address of these."""
    owners = {(entry.kind, entry.id): address for address, entry in entries.items() if kinds[entry.kind].versioned}
    moved: dict[Address, Pin] = {}
    for address, live in objects.items():
        kind = kinds[address.kind]
        now = {pin.kind: pin for pin in kind.pins(live.attributes)}
        for applied in kind.pins(entries[address].applied):
            pin, owner = now.get(applied.kind), owners.get((applied.kind, applied.id))
            if pin is not None and owner is not None and not _is_same(pin, applied):
                moved[owner] = pin
    return moved


def _is_same(one: Pin, other: Pin) -> bool:
    """Whether two pins are one; clients write versions as numbers and as text."""
    return one.id == other.id and _number(one.version) == _number(other.version)


def _number(version: str) -> str:
    return version.lstrip("0") or "0" if version.isdecimal() else version
