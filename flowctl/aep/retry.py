"""When and how long to wait before a request is sent again (Flow Service API, 11.3); pure."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from flowctl.model.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a request is repeated, and between which bounds the waits grow, in seconds."""

    attempts: int = 6
    base: float = 0.5
    cap: float = 30.0
    budget: float = 120.0
    jitter: Callable[[], float] = random.random


_THROTTLED = frozenset({429, 503})
_BROKEN = frozenset({408, 500, 502, 504})


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
    throttled request (429, 503) was not done and may be sent again whatever it is; one whose outcome is not known is
    sent again only where repeating it changes nothing. `now` is in epoch seconds, for a Retry-After that is a date.
    """
    if attempt >= policy.attempts or not _may_repeat(request, status, sent):
        return None
    wait = min(policy.cap, policy.base * 2 ** (attempt - 1)) * policy.jitter()
    if retry_after is not None:
        wait = _asked_for(retry_after, now, wait)
    return wait if waited + wait <= policy.budget else None


def _may_repeat(request: Request, status: int | None, sent: bool) -> bool:
    if status is None:
        return request.repeatable or not sent
    return status in _THROTTLED or (status in _BROKEN and request.repeatable)


def _asked_for(retry_after: str, now: float, otherwise: float) -> float:
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except ValueError:
        return otherwise
