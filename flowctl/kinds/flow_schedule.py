"""When a dataflow is to run, by the schedule that it has on Experience Platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_ONCE: Final = "once"


@dataclass(frozen=True, slots=True)
class FlowSchedule:
    """The first run in epoch milliseconds, and the milliseconds from one to the next; 0 for a single run."""

    first: int
    every: int

    def at_or_after(self, moment: int) -> int:
        """The first run of a recurring schedule that is not before a moment."""
        if moment <= self.first:
            return self.first
        return self.first + -(-(moment - self.first) // self.every) * self.every

    def next_run(self, now: int, last_start: int | None) -> int | None:
        """The next run after now; None if none follows."""
        if self.every:
            return self.at_or_after(now + 1)
        return self.first if self.first > now and last_start is None else None

    def expected(self, last_start: int | None, created: int) -> int | None:
        """The run that follows the last one, or the first after the dataflow was created; None if none follows."""
        if not self.every:
            return max(self.first, created) if last_start is None else None
        if last_start is None:
            return self.at_or_after(created)
        return self.at_or_after(last_start + 1)


def schedule_of(flow: Mapping[str, Any]) -> FlowSchedule | None:
    """The schedule of a dataflow; None for one without, or one that cannot be read."""
    params = flow.get("scheduleParams")
    if not isinstance(params, Mapping):
        return None
    first, frequency = _integer(params.get("startTime")), str(params.get("frequency")).lower()
    if first is None:
        return None
    if frequency == _ONCE:
        return FlowSchedule(first * 1000, 0)
    interval = _integer(params.get("interval"))
    if frequency not in _SECONDS or not interval:
        return None
    return FlowSchedule(first * 1000, _SECONDS[frequency] * interval * 1000)


def _integer(value: object) -> int | None:
    """A number, which Flow Service also returns as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else None
