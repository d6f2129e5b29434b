"""When a request is sent again and after how long; jitter and time are given."""

from email.utils import formatdate
from typing import Any

import pytest

from flowctl.aep.retry import RetryPolicy, retry_policy, wait_before_retry
from flowctl.model.request import Request

NOW = 1_800_000_000.0
READ = Request(method="GET", path="/x")
CREATION = Request(method="POST", path="/x", repeatable=False)
FULL = RetryPolicy(attempts=4, base=1.0, cap=5.0, budget=60.0, jitter=lambda: 1.0)


def _wait(request: Request = READ, policy: RetryPolicy = FULL, **given: Any) -> float | None:
    defaults: dict[str, Any] = {
        "attempt": 1,
        "waited": 0.0,
        "status": 500,
        "retry_after": None,
        "sent": True,
        "now": NOW,
    }
    return wait_before_retry(request, policy, **{**defaults, **given})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_read_is_repeated_after_a_failure_of_the_platform(status: int) -> None:
    assert _wait(status=status) is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 415, 422])
def test_a_refusal_stands(status: int) -> None:
    assert _wait(status=status, retry_after="1") is None


def test_a_throttled_creation_is_repeated_because_nothing_was_done() -> None:
    assert _wait(CREATION, status=429) is not None


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_a_creation_whose_outcome_is_not_known_is_not_repeated(status: int) -> None:
    assert _wait(CREATION, status=status) is None


def test_a_creation_whose_reply_was_lost_is_not_repeated() -> None:
    assert _wait(CREATION, status=None, sent=True) is None


def test_a_creation_that_never_left_is_repeated() -> None:
    assert _wait(CREATION, status=None, sent=False) is not None


def test_a_read_whose_reply_was_lost_is_repeated() -> None:
    assert _wait(READ, status=None, sent=True) is not None


@pytest.mark.parametrize(("attempt", "wait"), [(1, 1.0), (2, 2.0), (3, 4.0)])
def test_waits_double(attempt: int, wait: float) -> None:
    assert _wait(attempt=attempt) == wait


def test_waits_grow_to_a_cap() -> None:
    policy = RetryPolicy(attempts=20, base=1.0, cap=5.0, budget=60.0, jitter=lambda: 1.0)
    assert _wait(policy=policy, attempt=10) == 5.0


def test_the_last_attempt_is_the_last() -> None:
    assert _wait(attempt=4) is None


@pytest.mark.parametrize(("jitter", "wait"), [(0.0, 0.0), (0.25, 1.0), (1.0, 4.0)])
def test_jitter_takes_any_part_of_the_wait(jitter: float, wait: float) -> None:
    policy = RetryPolicy(attempts=4, base=1.0, cap=5.0, budget=60.0, jitter=lambda: jitter)
    assert _wait(policy=policy, attempt=3) == wait


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW - 30, usegmt=True), 0.0),
        ("soon", 1.0),
        ("", 1.0),
        ("Wed, 99 Foo 2026 00:00:00 GMT", 1.0),
    ],
)
def test_the_platform_may_say_how_long(retry_after: str, wait: float) -> None:
    assert _wait(status=429, retry_after=retry_after) == wait


def test_what_the_platform_asks_for_is_not_cut_by_the_cap() -> None:
    assert _wait(status=429, retry_after="30") == 30.0


@pytest.mark.parametrize(
    ("waited", "retry_after", "wait"),
    [(59.0, None, 1.0), (59.5, None, None), (0.0, "60", 60.0), (0.0, "61", None), (0.0, "inf", None)],
)
def test_waits_stay_within_the_budget(waited: float, retry_after: str | None, wait: float | None) -> None:
    assert _wait(status=429, waited=waited, retry_after=retry_after) == wait


def test_a_retry_after_that_is_no_number_waits_no_longer_than_the_budget() -> None:
    assert _wait(status=429, retry_after="nan") in (0.0, 1.0)


@pytest.mark.parametrize(("budget", "base"), [(1.0, 1 / 31), (15.5, 0.5), (120.0, 0.5)])
def test_all_attempts_fit_into_a_small_budget(budget: float, base: float) -> None:
    policy = retry_policy(budget, 60.0)
    assert policy.base == pytest.approx(base)
    assert sum(policy.base * 2**attempt for attempt in range(policy.attempts - 1)) <= budget + 1e-9
