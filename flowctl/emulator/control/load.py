"""Simulated latency, jitter and rate limit, reproducible by seed."""

from __future__ import annotations

import random
from typing import Any


class LoadProfile:
    """Latency per request and a rate limit over whole seconds.

    - `latency_ms`, `jitter_ms`: each request waits latency plus a random part of jitter (from `seed`).
    - `rate_per_second`: requests beyond it in one second are answered 429; 0 means no limit.
    - `retry_after`: seconds for the Retry-After header of the 429, or None to leave the header out.
    """

    def __init__(self, latency_ms: int = 0) -> None:
        self.latency_ms = latency_ms
        self.jitter_ms = 0
        self.rate_per_second = 0
        self.retry_after: int | None = 1
        self.seed = 0
        self._random = random.Random(0)
        self._second = -1
        self._served = 0

    def delay_seconds(self) -> float:
        """Return how long the next request waits."""
        if not self.jitter_ms:
            return self.latency_ms / 1000
        return (self.latency_ms + self._random.random() * self.jitter_ms) / 1000

    def admits(self, now_ms: int) -> bool:
        """Count a request and return whether the rate limit lets it pass."""
        if not self.rate_per_second:
            return True
        second = now_ms // 1000
        if second != self._second:
            self._second, self._served = second, 0
        self._served += 1
        return self._served <= self.rate_per_second

    def update(self, changes: dict[str, Any]) -> None:
        """Set the given parts. Raises `ValueError` on an unknown part or a value that is not one."""
        known = self.as_dict()
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"Unknown part `{name}` of the load profile; known: {', '.join(known)}.")
            if value is None and name == "retry_after":
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"{name} is an integer of at least 0.")
        for name, value in changes.items():
            setattr(self, name, value)
        self._random = random.Random(self.seed)

    def as_dict(self) -> dict[str, Any]:
        """Return all parts with their values."""
        return {
            "latency_ms": self.latency_ms,
            "jitter_ms": self.jitter_ms,
            "rate_per_second": self.rate_per_second,
            "retry_after": self.retry_after,
            "seed": self.seed,
        }
