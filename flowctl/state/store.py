"""The store protocol: where the lockfile, the journal and the run lock of one environment are kept.

The ledger works over a store and knows no path and no address. Whoever writes another store makes a package beside
`local` and passes the tests in `tests/state/store_contract.py`.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from flowctl.model.errors import StateError


class RunLocked(StateError):  # noqa: N818 - reads as what happened
    """Another run holds the run lock."""


class Changed(Exception):  # noqa: N818 - reads as what happened
    """Another run, or a person, wrote the record after this store read it."""


class StateStore(Protocol):
    """The record of one environment, as one run sees it.

    A store remembers what it has read and written: `is_current` and `replace` compare with that. Threads may share a
    store. Every method that reads or writes raises OSError if that fails; the words in its `strerror` follow
    "cannot be read: " or "cannot be written: ".
    """

    @property
    def environment(self) -> str:
        """The name of the environment."""
        ...

    @property
    def lockfile_name(self) -> str:
        """The name of the lockfile in messages and places."""
        ...

    @property
    def journal_name(self) -> str:
        """The name of the journal in messages."""
        ...

    def read_journal(self) -> bytes:
        """The lines of the journal; empty if there is none.

        It is read before the lockfile: if another run replaces the lockfile in between, the newer lockfile makes the
        events of the journal old.
        """
        ...

    def read_lockfile(self) -> bytes | None:
        """The text of the lockfile; None if there is none."""
        ...

    @property
    def lockfile_digest(self) -> str:
        """SHA-256 of the lockfile as it was read or replaced last, in hexadecimal: a large one is digested once."""
        ...

    def has_journal(self) -> bool:
        """Whether a journal exists, of this run or of an interrupted one."""
        ...

    def age(self) -> float | None:
        """How many seconds ago the lockfile or the journal was written last, never less than 0; None without both."""
        ...

    def is_current(self) -> bool:
        """Whether the record is still what this store has read and written.

        Once `append` was called, the journal of this run answers: it exists unless another run has recovered it.
        """
        ...

    def append(self, line: bytes) -> None:
        """Append one line to the journal; it is durable when this returns. The first call makes a missing journal.

        Lines of several threads may be made durable together. After a failure every further call fails too, because
        nobody knows what the journal holds.
        """
        ...

    def replace(self, parts: Iterable[bytes]) -> None:
        """Replace the lockfile atomically. Raises Changed, and writes nothing, if another run has changed it.

        `parts` make up its text. They are made one by one: a lockfile may be large.
        """
        ...

    def drop_journal(self) -> None:
        """Remove the journal, whose events the lockfile now holds."""
        ...

    def lock(self, command: str, timeout: float = 0.0) -> AbstractContextManager[None]:
        """Hold the run lock; wait up to `timeout` seconds for another holder.

        Raises RunLocked, which names the holder, if the lock is not free in time, and StateError if it cannot be used.
        """
        ...

    def lock_holder(self, *, has_begun: bool = False) -> str | None:
        """Who holds the run lock, on which host, with which command and since when, in words; None if nobody does.

        With `has_begun`, a holder that has not yet said who it is does not count: it has changed nothing.
        """
        ...

    def break_lock(self) -> None:
        """Free the run lock, whoever holds it: the holder keeps a lock that no other run looks at."""
        ...
