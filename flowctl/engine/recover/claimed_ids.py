"""IDs that stand for an object already, so that no reply to a creation can name them again."""

import threading
from collections.abc import Iterable

from flowctl.model.record import Lockfile


class ClaimedIds:
    """The IDs of recorded and of created objects. Threads may share it."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._mutex = threading.Lock()
        self._ids = set(ids)

    @classmethod
    def of(cls, lockfile: Lockfile) -> "ClaimedIds":
        """The IDs that a lockfile records, those of old objects awaiting deletion included."""
        return cls(recorded_ids(lockfile))

    def claim(self, object_id: str) -> bool:
        """Claim an ID; False if it is claimed already."""
        with self._mutex:
            if object_id in self._ids:
                return False
            self._ids.add(object_id)
            return True


def recorded_ids(lockfile: Lockfile) -> set[str]:
    """The ID of every recorded object, and of old objects awaiting deletion."""
    return {one for entry in lockfile.entries.values() for one in (entry.id, *entry.deposed)}
