"""How many requests run at once: fewer if Experience Platform limits the rate, more again afterwards.

Additive increase, multiplicative decrease: a throttled reply halves the limit, as many good replies as the limit raise
it by one.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_log = logging.getLogger("flowctl.http")
_CALM = 1.0
"""Seconds after a decrease in which further throttled replies belong to the same burst."""


class AdaptiveLimit:
    """A limit of requests at once that threads share; it starts at `most` and never goes below one."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._limit = float(most)
        self._running = 0
        self._decreased = -_CALM
        self._freed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may run at once now."""
        return int(self._limit)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a place and hold it."""
        with self._freed:
            while self._running >= self.limit:
                self._freed.wait()
            self._running += 1
        try:
            yield
        finally:
            with self._freed:
                self._running -= 1
                self._freed.notify()

    def throttled(self, why: str = "rate limiting") -> None:
        """Halve the limit, once for each burst."""
        with self._freed:
            if self._clock() - self._decreased < _CALM:
                return
            self._decreased = self._clock()
            self._limit = max(1.0, self._limit / 2)
            limit = self.limit
        _log.warning("Experience Platform is %s; reduced to %s", why, _requests(limit))

    def succeeded(self) -> None:
        """Raise the limit a little."""
        with self._freed:
            before = self.limit
            self._limit = min(float(self._most), self._limit + 1 / self._limit)
            risen = self.limit > before
            if risen:
                self._freed.notify()
        if risen:
            _log.info("increased to %s", _requests(self.limit))


def _requests(number: int) -> str:
    return f"{number} parallel request{'' if number == 1 else 's'}"
