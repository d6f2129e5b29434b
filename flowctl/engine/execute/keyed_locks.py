"""Locks by key: threads that hold different keys do not wait for each other."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class KeyedLocks:
    """Gives one lock for each key, made at first use."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locks: dict[Hashable, threading.Lock] = {}

    @contextmanager
    def hold(self, key: Hashable) -> Iterator[None]:
        """Holds the lock of a key."""
        with self._mutex:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            yield
