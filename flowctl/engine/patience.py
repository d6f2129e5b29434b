"""Patience: how long a step waits before it looks what became of a write whose outcome is not known."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from flowctl.model.errors import PlatformError, Refused, Unreachable

LATE = 10.0
RESTART = 3.0
_GATEWAY_TIMEOUTS = frozenset({408, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits in seconds.

    `pause` waits, and answers False where the run is to stop or may not wait any longer; pauses grow from `first` to
    `longest`; `late` is how long after a time-out, and `restart` how long after an interrupted run, the platform may
    still do what it was asked; `clock` answers epoch seconds.
    """

    pause: Callable[[float], bool]
    first: float = 0.5
    longest: float = 15.0
    late: float = LATE
    restart: float = RESTART
    clock: Callable[[], float] = time.time

    def after(self, error: PlatformError, tried: int) -> bool:
        """Waits after the failure of try number `tried`; False where no other try may follow."""
        asked = error.retry_after if isinstance(error, Refused) else None
        if asked is not None:
            return self.pause(asked)
        wait = min(self.longest, self.first * 2 ** (tried - 1))
        return self.pause(max(wait, self.late) if _timed_out(error) else wait)

    def since(self, at: int) -> bool:
        """Waits until what was sent at `at` (epoch milliseconds) had its time; False where there is nothing to wait."""
        left = at / 1000 + self.restart - self.clock()
        return 0 < left <= self.restart and self.pause(left)


def _timed_out(error: PlatformError) -> bool:
    if isinstance(error, Refused):
        return error.status in _GATEWAY_TIMEOUTS
    return isinstance(error, Unreachable) and error.timed_out
