"""Backoff: how long a step waits before it checks a write of unknown outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from flowctl.engine.observe.visibility import NEW, Visibility
from flowctl.model.errors import PlatformError, Refused, UnclearReply, Unreachable
from flowctl.model.record import Intent

LATE = 10.0
RESTART = 3.0
VISIBLE = 60.0
_STEP = 1.0
"""Seconds between two values of a `Date` header."""
_GATEWAY_TIMEOUTS = frozenset({408, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Waits, in seconds.

    `pause` waits, and returns False if the run is to stop or has waited as long as it may; pauses grow from `first` to
    `longest`; `late` is how long after a time-out or an unclear reply, and `restart` how long after an interrupted run,
    the platform may still carry out a request; `visible` is how long a step waits for objects of this run to be shown.
    Such a wait is `told` in a sentence.
    """

    pause: Callable[[float], bool]
    first: float = 0.5
    longest: float = 15.0
    late: float = LATE
    restart: float = RESTART
    visible: float = VISIBLE
    told: Callable[[str], None] = lambda _sentence: None

    def after(self, error: PlatformError, tried: int) -> bool:
        """Wait after the failure of try number `tried`; False if no other try may follow."""
        retry_after = error.retry_after if isinstance(error, Refused) else None
        if retry_after is not None:
            return self.pause(retry_after)
        wait = min(self.longest, self.first * 2 ** (tried - 1))
        return self.pause(max(wait, self.late) if _may_be_at_work(error) else wait)

    def visibility(self, left: float | None = None) -> Visibility:
        """A wait until a write is shown; `left` is its length in seconds, by default `visible`."""
        seconds = self.visible if left is None else left
        return Visibility(left=seconds, pause=self.pause, told=self.told, first=self.first, longest=self.longest)

    def uncertain(self, intent: Intent | None = None, now: int | None = None) -> Visibility:
        """A wait, from now or from an intent on. A write that is not shown after it was not done.

        `now` is the platform's time in epoch milliseconds.
        """
        left = max(self.restart, min(NEW, self.visible))
        return self.visibility(left if intent is None else _left(left, intent, now))

    def since(self, intent: Intent, now: int | None) -> bool:
        """Wait until the write of an interrupted run had its time; False if it had.

        `now` is the platform's time in epoch milliseconds. Without it the clocks of two machines would be compared, so
        the whole time is waited for.
        """
        left = _left(self.restart, intent, now)
        return left > 0 and self.pause(left)


def _left(seconds: float, intent: Intent, now: int | None) -> float:
    """The seconds that remain of a wait since an intent; all of them if two clocks would have to be compared."""
    if not intent.measured or now is None:
        return seconds
    return min(seconds, seconds + _STEP + (intent.at - now) / 1000)


def _may_be_at_work(error: PlatformError) -> bool:
    if isinstance(error, UnclearReply):
        return True
    if isinstance(error, Refused):
        return error.status in _GATEWAY_TIMEOUTS
    return isinstance(error, Unreachable) and error.timed_out
