"""The platform's clock: real time plus an offset that tests move through the control plane."""

from __future__ import annotations

import time
from bisect import bisect_right


class Clock:
    """Wall-clock milliseconds, moved by `advance`."""

    def __init__(self) -> None:
        self._offset_ms = 0
        self._moves: list[tuple[int, int]] = []

    def now_ms(self) -> int:
        """Return the platform's time in epoch milliseconds."""
        return time.time_ns() // 1_000_000 + self._offset_ms

    def at(self, real_ns: int) -> int:
        """Return what the platform's time was, in epoch milliseconds, at a moment of real time in nanoseconds."""
        place = bisect_right(self._moves, real_ns, key=lambda move: move[0])
        return real_ns // 1_000_000 + (self._moves[place - 1][1] if place else 0)

    def advance(self, milliseconds: int) -> None:
        """Move the platform's time by `milliseconds`."""
        self._offset_ms += milliseconds
        self._moves.append((time.time_ns(), self._offset_ms))

    def reset(self) -> None:
        """Return to real time."""
        self._offset_ms = 0
        self._moves.clear()
