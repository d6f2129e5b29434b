"""Newness: recorded objects may be so new that Experience Platform does not show them yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 15.0
"""Seconds after the last record for which a missing object may be a new one."""


@dataclass(slots=True, kw_only=True)
class Newness:
    """The time, in seconds, that is `left` to what was recorded last until it must be shown.

    `pause` waits, and returns False if the run is to stop or has waited as long as it may; pauses grow from `first`.
    """

    left: float
    pause: Callable[[float], bool]
    first: float = 0.5

    def wait(self) -> bool:
        """Wait for a part of the time; False if there is none left."""
        seconds = min(self.first, self.left)
        self.first, self.left = self.first * 2, self.left - seconds
        return seconds > 0 and self.pause(seconds)
