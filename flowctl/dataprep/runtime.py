"""What an evaluation needs from outside, and how long it may take."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowctl.dataprep import patterns
from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.types import Value

MOST_STEPS = 1_000_000
SECONDS = 5.0
MOST_KEPT = 10_000_000
"""Characters and items in the results of lambdas, which are kept until their array ends."""


def _now() -> datetime:
    return datetime.now(UTC)


def _random_id() -> str:
    return str(uuid.uuid4())


@dataclass(slots=True)
class Runtime:
    """Clock, random IDs and budget of evaluations that run one after another."""

    now: Callable[[], datetime] = _now
    new_id: Callable[[], str] = _random_id
    # The values of the parameters of lambdas, each in its own place.
    frame: list[Value] = field(default_factory=list)
    _steps: int = 0
    _kept: int = 0
    _deadline: float = 0.0

    def begin(self) -> None:
        """Start the budget of one evaluation."""
        patterns.begin()
        self._steps = self._kept = 0
        self._deadline = time.monotonic() + SECONDS

    def spend(self) -> None:
        """Count one call of a lambda. Raises `ExpressionError` when the budget is used up."""
        self._steps += 1
        if self._steps > MOST_STEPS or (self._steps % 64 == 0 and time.monotonic() > self._deadline):
            raise ExpressionError(
                f"The evaluation takes more than {MOST_STEPS} steps or {SECONDS:.0f} seconds.", "expression-budget"
            )

    def keep(self, size: int) -> None:
        """Count the characters or items of a lambda's result. Raises `ExpressionError` when there are too many."""
        self._kept += size
        if self._kept > MOST_KEPT:
            raise ExpressionError(f"The lambdas return more than {MOST_KEPT} characters or items.", "expression-budget")
