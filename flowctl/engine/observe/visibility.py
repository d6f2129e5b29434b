"""Waits until Experience Platform shows what was written: its registries may be late with new objects and changes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from flowctl.model.address import Address
from flowctl.validation.wording import all_of

NEW: Final = 15.0
"""Seconds after the last record for which a missing object may be a new one."""
CLOCK_TOLERANCE: Final = 600_000
"""Milliseconds by which the clocks inside the platform may differ, that of `Date` and that of the stamps."""
_NAMED: Final = 3
"""How many objects a sentence names."""


@dataclass(slots=True, kw_only=True)
class Visibility:
    """One wait of `left` seconds at most, in pauses that grow from `first` to `longest`.

    `pause` returns False if the run is to stop or has waited as long as it may. A wait that the first pause does not
    end is `told` in a sentence. `now` is the platform's time in epoch milliseconds, None if it is not known.
    """

    left: float
    pause: Callable[[float], bool]
    told: Callable[[str], None] = lambda _sentence: None
    now: Callable[[], int | None] = lambda: None
    first: float = 0.5
    longest: float = 15.0
    waited: float = field(default=0.0, init=False)
    _is_told: bool = field(default=False, init=False)

    def wait(self, hidden: Collection[Address]) -> bool:
        """Pause before the next look at these objects; return False if no time is left."""
        seconds = min(self.first, self.longest, self.left)
        if seconds <= 0:
            return False
        if self.waited and hidden and not self._is_told:
            self._is_told = True
            self.told(f"Waiting up to {ceil(self.left)} s until Experience Platform shows {_names(hidden)}.")
        if not self.pause(seconds):
            return False
        self.first, self.left, self.waited = self.first * 2, self.left - seconds, self.waited + seconds
        return True

    def is_over(self, written: int | None) -> bool:
        """Whether a write of that time, in epoch milliseconds, must be shown by now, even if clocks differ."""
        now = self.now()
        return written is not None and now is not None and now - written > CLOCK_TOLERANCE + NEW * 1000


def _names(addresses: Collection[Address]) -> str:
    named = [f"`{address}`" for address in sorted(addresses)]
    more = len(named) - _NAMED
    return all_of(named) if more <= 1 else f"{', '.join(named[:_NAMED])} and {more} others"
