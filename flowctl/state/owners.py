"""The owner of each object: two addresses with the same ID would change and delete each other's object."""

from collections.abc import Iterable, Mapping

from flowctl.model.address import Address
from flowctl.model.record import LockEntry


class Owners:
    """The address of each recorded object, old objects awaiting deletion included."""

    def __init__(self, entries: Mapping[Address, LockEntry] | None = None) -> None:
        self._owners: dict[tuple[str, str], Address] = {}
        for address, entry in (entries or {}).items():
            self.claim(address, entry)

    def claim(self, address: Address, entry: LockEntry) -> Address | None:
        """Give the objects of an entry to an address; return the other address that has one of them, and
        change nothing then."""
        owners = self._owners
        if not entry.deposed:
            owner = owners.setdefault((entry.kind, entry.id), address)
            return owner if owner != address else None
        for key in _keys(entry):
            if owners.get(key, address) != address:
                return owners[key]
        for key in _keys(entry):
            owners[key] = address
        return None

    def release(self, address: Address, entry: LockEntry | None) -> None:
        """Free the objects of an entry that an address no longer has."""
        for key in _keys(entry) if entry is not None else ():
            if self._owners.get(key) == address:
                del self._owners[key]


def _keys(entry: LockEntry) -> Iterable[tuple[str, str]]:
    return ((entry.kind, object_id) for object_id in (entry.id, *entry.deposed))
