"""The platform's clock: real time plus an offset that tests move through the control plane."""

from __future__ import annotations

import time


class Clock:
    """Wall-clock milliseconds, moved by `advance`."""

    def __init__(self) -> None:
        self._offset_ms = 0

    def now_ms(self) -> int:
        """Return the platform's time in epoch milliseconds."""
        return time.time_ns() // 1_000_000 + self._offset_ms

    def advance(self, milliseconds: int) -> None:
        """Move the platform's time by `milliseconds`."""
        self._offset_ms += milliseconds

    def reset(self) -> None:
        """Return to real time."""
        self._offset_ms = 0
