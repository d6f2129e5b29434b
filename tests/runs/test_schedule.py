"""When a run is expected, when the next one is, and when one is late."""

from typing import Any

import pytest

from flowctl.kinds.flow_schedule import FlowSchedule, schedule_of
from flowctl.model.health import Thresholds

HOUR = 3_600_000
DAILY = FlowSchedule(first=100 * HOUR, every=24 * HOUR)
ONCE = FlowSchedule(first=100 * HOUR, every=0)


@pytest.mark.parametrize(
    ("params", "schedule"),
    [
        ({"startTime": 360000, "frequency": "day", "interval": 1}, DAILY),
        ({"startTime": "360000", "frequency": "hour", "interval": "24"}, DAILY),
        ({"startTime": 360000, "frequency": "minute", "interval": 15}, FlowSchedule(100 * HOUR, HOUR // 4)),
        ({"startTime": 360000, "frequency": "week", "interval": 1}, FlowSchedule(100 * HOUR, 168 * HOUR)),
        ({"startTime": 360000, "frequency": "once"}, ONCE),
        ({"startTime": 360000, "frequency": "day", "interval": 0}, None),
        ({"startTime": 360000, "frequency": "year", "interval": 1}, None),
        ({"startTime": "soon", "frequency": "day", "interval": 1}, None),
        ({"startTime": True, "frequency": "day", "interval": 1}, None),
        (None, None),
    ],
)
def test_schedules_as_flows_have_them(params: Any, schedule: FlowSchedule | None) -> None:
    assert schedule_of({"scheduleParams": params}) == schedule


def test_the_next_run_of_a_recurring_schedule() -> None:
    assert DAILY.next_run(0, None) == 100 * HOUR
    assert DAILY.next_run(100 * HOUR, None) == 124 * HOUR
    assert DAILY.next_run(101 * HOUR, 100 * HOUR) == 124 * HOUR


def test_a_single_run_is_next_only_until_it_ran() -> None:
    assert ONCE.next_run(0, None) == 100 * HOUR
    assert ONCE.next_run(0, 50 * HOUR) is None
    assert ONCE.next_run(100 * HOUR, None) is None


def test_the_run_that_is_expected_follows_the_last_start() -> None:
    assert DAILY.expected(None, 0) == 100 * HOUR
    assert DAILY.expected(None, 110 * HOUR) == 124 * HOUR
    assert DAILY.expected(100 * HOUR + 5, 0) == 124 * HOUR
    assert DAILY.expected(100 * HOUR, 0) == 124 * HOUR
    assert ONCE.expected(None, 0) == 100 * HOUR
    assert ONCE.expected(None, 110 * HOUR) == 110 * HOUR
    assert ONCE.expected(101 * HOUR, 0) is None


@pytest.mark.parametrize(
    ("every", "minutes"),
    [(15 * 60_000, 30), (HOUR, 60), (24 * HOUR, 150), (0, 150)],
    ids=["15 min", "1 h", "1 d", "once"],
)
def test_the_tolerance_is_an_interval_within_bounds(every: int, minutes: int) -> None:
    limit = 1000 * HOUR + minutes * 60_000
    assert not Thresholds().is_late(1000 * HOUR, every, limit)
    assert Thresholds().is_late(1000 * HOUR, every, limit + 1)
    assert not Thresholds().is_late(None, every, limit + 1)


def test_a_tolerance_that_is_given_counts_alone() -> None:
    limits = Thresholds(tolerance=60)
    assert not limits.is_late(0, 24 * HOUR, 60_000)
    assert limits.is_late(0, 24 * HOUR, 60_001)
