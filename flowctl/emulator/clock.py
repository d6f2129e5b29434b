"""The platform's clock: real time plus an offset that tests move through the control plane."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right

_LATEST_MS = 253_370_764_800_000
"""The beginning of the year 9999: a year is left for what lies in the future of a time."""


class Clock:
    """Wall-clock milliseconds, moved by `advance`."""

    def __init__(self) -> None:
        self._offset_ms = 0
        self._moves: list[tuple[int, int]] = []
        self._last_ms = 0
        self._mutex = threading.Lock()

    def now_ms(self) -> int:
        """Return the platform's time in epoch milliseconds."""
        return time.time_ns() // 1_000_000 + self._offset_ms

    def later_ms(self) -> int:
        """Return a time later than any that this returned before: objects are told apart by when they were created.

        Experience Platform takes longer than a millisecond for an object, so two have never the same time there.
        """
        with self._mutex:
            self._last_ms = max(self.now_ms(), self._last_ms + 1)
            return self._last_ms

    def at(self, real_ns: int) -> int:
        """Return what the platform's time was, in epoch milliseconds, at a moment of real time in nanoseconds."""
        place = bisect_right(self._moves, real_ns, key=lambda move: move[0])
        return real_ns // 1_000_000 + (self._moves[place - 1][1] if place else 0)

    def advance(self, milliseconds: float) -> None:
        """Move the platform's time by `milliseconds`. Raises `ValueError` where no time of a reply can be that."""
        if not 0 <= self.now_ms() + milliseconds < _LATEST_MS:
            raise ValueError("The clock stays between the years 1970 and 9998.")
        milliseconds = int(milliseconds)
        self._offset_ms += milliseconds
        self._moves.append((time.time_ns(), self._offset_ms))
        self._last_ms = 0

    def reset(self) -> None:
        """Return to real time."""
        self._offset_ms = 0
        self._moves.clear()
        self._last_ms = 0
