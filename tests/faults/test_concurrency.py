"""How many requests run at once: halved once for each burst of throttling, and one more after each calm round."""

import threading

import pytest

from flowctl.aep.concurrency import AdaptiveLimit


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_throttled_replies_halves_the_limit_once() -> None:
    clock = Clock()
    limit = AdaptiveLimit(16, clock)
    for _ in range(16):
        limit.throttled()
    assert limit.limit == 8
    clock.now += 1.0
    limit.throttled()
    assert limit.limit == 4


def test_the_limit_never_goes_below_one() -> None:
    clock = Clock()
    limit = AdaptiveLimit(4, clock)
    for _ in range(10):
        clock.now += 1.0
        limit.throttled()
    assert limit.limit == 1


def test_as_many_good_replies_as_the_limit_raise_it_by_one() -> None:
    limit = AdaptiveLimit(16, Clock())
    limit.throttled()
    rounds = []
    for _ in range(3):
        before = limit.limit
        replies = 0
        while limit.limit == before:
            limit.succeeded()
            replies += 1
        rounds.append((before, replies))
    assert [before for before, _ in rounds] == [8, 9, 10]
    assert all(before <= replies <= before + 1 for before, replies in rounds)


def test_the_limit_rises_to_where_it_began_and_no_further() -> None:
    limit = AdaptiveLimit(4, Clock())
    limit.throttled()
    for _ in range(100):
        limit.succeeded()
    assert limit.limit == 4


def test_changes_are_told(caplog: pytest.LogCaptureFixture) -> None:
    limit = AdaptiveLimit(2, Clock())
    with caplog.at_level("INFO", logger="flowctl.http"):
        limit.throttled()
        for _ in range(5):
            limit.succeeded()
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "Experience Platform is rate limiting; reduced to 1 parallel request",
        "increased to 2 parallel requests",
    ]


@pytest.mark.parametrize("throttled", [False, True])
def test_no_more_than_the_limit_run_at_once(throttled: bool) -> None:
    limit = AdaptiveLimit(4, Clock())
    if throttled:
        limit.throttled()
    running, most, mutex = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal running, most
        for _ in range(50):
            with limit.slot():
                with mutex:
                    running += 1
                    most = max(most, running)
                with mutex:
                    running -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= limit.limit
