"""Adoption: the entries of live objects that are to be recorded, by their IDs."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.refresh import Refresh
from flowctl.engine.observe.versions import read_versions
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.values import assumed_digests


def adopted_entry(resource: Resource, kind: Kind, live: RemoteObject, salt: str) -> LockEntry:
    """What to record of a live object that flowctl has not made.

    What was applied last is not known, so nothing counts as applied; only a fixed version is what it is.
    """
    return LockEntry(
        kind=kind.name,
        id=live.id,
        etag=live.etag,
        applied=live.attributes if kind.versioned else {},
        secret_digests=assumed_digests(resource.attributes, salt),
        outputs=live.outputs,
        depends_on=resource.depends_on,
        lifecycle=resource.lifecycle,
    )


class Adoption:
    """Reads the objects that are to be recorded; a fixed version is that which a live object uses."""

    def __init__(
        self, live: Refresh, entries: Mapping[Address, LockEntry], kinds: Mapping[str, Kind], salt: str
    ) -> None:
        self._live = live
        self._entries = entries
        self._kinds = kinds
        self._salt = salt

    def entries(
        self,
        ids: Mapping[Address, str],
        desired: Mapping[Address, Resource],
        send: Send,
        pool: ThreadPoolExecutor,
    ) -> dict[Address, LockEntry]:
        """The entry of each address whose object is there."""
        named = {
            address: LockEntry(kind=address.kind, id=object_id)
            for address, object_id in ids.items()
            if not self._kinds[address.kind].versioned
        }
        found = self._live.found(named)
        versioned = {address: ids[address] for address in ids.keys() - named.keys()}
        if versioned:
            found |= self._versions(versioned, found, send, pool)
        return {
            address: adopted_entry(desired[address], self._kinds[address.kind], found[address], self._salt)
            for address in ids
            if address in found
        }

    def _versions(
        self,
        ids: Mapping[Address, str],
        named: Mapping[Address, RemoteObject],
        send: Send,
        pool: ThreadPoolExecutor,
    ) -> dict[Address, RemoteObject]:
        users = {**self._live.found(self._entries), **named}
        used = {
            (pin.kind, pin.id): pin.version
            for address, live in users.items()
            for pin in self._kinds[address.kind].pins(live.attributes)
        }
        wanted = {address: (one, used.get((address.kind, one), "")) for address, one in ids.items()}
        found: dict[Address, RemoteObject] = {}
        for name in {address.kind for address in ids}:
            versions = {key for address, key in wanted.items() if address.kind == name}
            live = read_versions(self._kinds[name], versions, send, pool)
            found |= {address: live[key] for address, key in wanted.items() if address.kind == name and key in live}
        return found
