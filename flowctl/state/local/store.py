"""The local store: lockfile and journal beside the manifests, the run lock in the folder `.flowctl`."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from flowctl.durable import remove, remove_leftovers, replace_text
from flowctl.regular_file import read_regular
from flowctl.state.local.journal_file import JournalFile
from flowctl.state.store import Changed

# The run lock is imported when it is looked at: most commands need none, and it takes as long as all the rest.


class LocalStore:
    """The record of an environment in a folder. What it has read is compared by digests.

    That of a lockfile is made when it is first asked for. Until then its bytes are kept, which a plan may never need.
    """

    def __init__(self, folder: Path, environment: str) -> None:
        self.environment = environment
        self.lockfile_name = f"flowctl.{environment}.lock"
        self.journal_name = f"{self.lockfile_name}.journal"
        self._folder = folder
        self._lockfile = folder / self.lockfile_name
        self._journal = folder / self.journal_name
        self._appending: JournalFile | None = None
        self._journal_seen = self._lockfile_seen = _digest(b"")
        self._undigested: bytes | None = None

    def read_journal(self) -> bytes:
        """The bytes of the journal; empty if there is none."""
        self._journal_seen = _digest(b"")
        try:
            content = read_regular(self._journal)
        except FileNotFoundError:
            return b""
        self._journal_seen = _digest(content)
        return content

    def read_lockfile(self) -> bytes | None:
        """The bytes of the lockfile; None if there is none."""
        self._lockfile_seen, self._undigested = _digest(b""), None
        try:
            self._undigested = read_regular(self._lockfile)
        except FileNotFoundError:
            return None
        return self._undigested

    @property
    def lockfile_digest(self) -> str:
        """SHA-256 of the lockfile as it was read or replaced last, in hexadecimal."""
        return self._seen_lockfile().hex()

    def _seen_lockfile(self) -> bytes:
        """The digest of the lockfile that was read."""
        if self._undigested is not None:
            self._lockfile_seen, self._undigested = _digest(self._undigested), None
        return self._lockfile_seen

    def has_journal(self) -> bool:
        """Whether the file of the journal exists, or is being written."""
        return self._appending is not None or self._journal.exists()

    def age(self) -> float | None:
        """How many seconds ago one of the files was written last, by the clock of this machine."""
        times = [written for file in (self._lockfile, self._journal) if (written := _written_at(file)) is not None]
        return max(0.0, time.time() - max(times)) if times else None

    def is_current(self) -> bool:
        """Whether the files are what was read; of a journal that this run writes, whether it still has its name."""
        if self._appending is not None:
            # What this run did is in it and nowhere else, unless another run has recovered and removed it.
            return not self._appending.is_removed()
        seen = (self._journal_seen, self._seen_lockfile())
        return (_digest_of(self._journal), _digest_of(self._lockfile)) == seen

    def append(self, line: bytes) -> None:
        """Append one line to the journal, flushed to disk."""
        if self._appending is None:
            self._appending = JournalFile(self._journal)
        self._appending.append(line)

    def replace(self, parts: Iterable[bytes]) -> None:
        """Replace the lockfile at once, unless the record has changed."""
        if not self.is_current():
            raise Changed
        # A link stays: what it leads to was read as a lockfile.
        target = Path(os.path.realpath(self._lockfile))
        remove_leftovers(target)
        seen = hashlib.sha256()
        replace_text(target, _taken_in(parts, seen.update))
        self._lockfile_seen, self._undigested = seen.digest(), None

    def drop_journal(self) -> None:
        """Close and remove the journal."""
        if self._appending is not None:
            self._appending.close()
            self._appending = None
        remove(self._journal)
        self._journal_seen = _digest(b"")

    def lock(self, command: str, timeout: float = 0.0) -> AbstractContextManager[None]:
        """Hold the run lock, which the system takes from a process that ends."""
        from flowctl.state.local.run_lock import run_lock

        return run_lock(self._folder, self.environment, command, timeout)

    def lock_holder(self, *, has_begun: bool = False) -> str | None:
        """Who holds the run lock, in words; None if nobody does, or if `has_begun` and it has not said who it is."""
        from flowctl.state.local.run_lock import is_signed, lock_owner

        if has_begun and not is_signed(self._folder, self.environment):
            return None
        return lock_owner(self._folder, self.environment)

    def break_lock(self) -> None:
        """Start the next file of the run lock."""
        from flowctl.state.local.run_lock import break_lock

        break_lock(self._folder, self.environment)


def _written_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _taken_in(parts: Iterable[bytes], take_in: Callable[[bytes], object]) -> Iterator[bytes]:
    for part in parts:
        take_in(part)
        yield part


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _digest_of(path: Path) -> bytes:
    """The digest of a file, to see whether it has changed; that of an empty one if it cannot be read."""
    try:
        return _digest(read_regular(path))
    except OSError:
        return _digest(b"")
