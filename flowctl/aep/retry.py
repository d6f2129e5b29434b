"""When and how long to wait before a request is sent again; pure."""

import math
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from flowctl.model.request import Request

_ATTEMPTS = 6
_BASE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a request is repeated, and between which bounds the waits grow, in seconds.

    `budget` is what one request may wait in all, `run_budget` what all requests of a run may.
    """

    attempts: int = _ATTEMPTS
    base: float = _BASE
    cap: float = 30.0
    budget: float = 120.0
    run_budget: float = 1800.0
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How often a request was sent, and the seconds that it waited in between."""

    times: int
    waited: float

    @property
    def words(self) -> str:
        """A sentence about the retries; empty if there were none."""
        return f"The request was sent {self.times} times within {self.waited:.0f} s." if self.times > 1 else ""


class Budget:
    """The seconds that all requests of a run together may wait for retries. Threads may share it."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._mutex = threading.Lock()

    def take(self, seconds: float) -> bool:
        """Take seconds out of the budget; False if it has not that many left."""
        with self._mutex:
            if seconds > self._left:
                return False
            self._left -= seconds
            return True


_THROTTLED = 429
_TIMED_OUT = 408


def retry_policy(budget: float, run_budget: float) -> RetryPolicy:
    """The policy of these budgets: where little may be waited, the first waits are short, so that all attempts fit."""
    base = min(_BASE, max(budget, 0.001) / (2 ** (_ATTEMPTS - 1) - 1))
    return RetryPolicy(base=base, budget=budget, run_budget=run_budget)


def is_broken(status: int) -> bool:
    """Whether a status tells that the platform failed, so that the work may have been done or not."""
    return status >= 500 or status == _TIMED_OUT


def wait_before_retry(
    request: Request,
    policy: RetryPolicy,
    *,
    attempt: int,
    waited: float,
    status: int | None,
    retry_after: str | None,
    sent: bool,
    now: float,
) -> float | None:
    """Seconds to wait before attempt `attempt + 1`, or None where the failure stands.

    `status` is None where no reply came; `sent` says whether the platform may have received the request then. A
    request that was throttled (429) was not done and may be sent again whatever it is; one whose outcome is not known
    is sent again only where repeating it changes nothing. `now` is the platform's time in epoch seconds, for a
    Retry-After that is a date.
    """
    if attempt >= policy.attempts or not _may_repeat(request, status, sent):
        return None
    wait = min(policy.cap, policy.base * 2 ** (attempt - 1)) * policy.jitter()
    stated = retry_after_seconds(retry_after, now)
    if stated is not None:
        wait = stated
    return wait if waited + wait <= policy.budget else None


def _may_repeat(request: Request, status: int | None, sent: bool) -> bool:
    if status is None:
        return request.repeatable or not sent
    return status == _THROTTLED or (is_broken(status) and request.repeatable)


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, given as seconds or as a date; None where it says nothing."""
    if header is None:
        return None
    with suppress(ValueError):
        seconds = float(header)
        return None if math.isnan(seconds) else max(0.0, seconds)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
