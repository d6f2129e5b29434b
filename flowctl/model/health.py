"""What a pipeline's runs have to fulfill, and why one does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flowctl.model.durations import rfc3339
from flowctl.model.run_report import Problem, Run, RunStatus

DEFAULT_FAILED_PERCENT: Final = 0.5
"""The share of rejected rows above which Adobe's own alert about failed ingestion is raised."""
_LEAST_TOLERANCE: Final = 30 * 60
_MOST_TOLERANCE: Final = 150 * 60
"""Seconds after which Adobe's own alert about a delay is raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Limits for one pipeline. `tolerance` is in seconds; None stands for one that follows from the schedule."""

    max_failed_percent: float = DEFAULT_FAILED_PERCENT
    tolerance: int | None = None
    min_records: int | None = None

    def is_late(self, expected: int | None, every: int, now: int) -> bool:
        """Whether a run that was expected at a moment is overdue; `every` is the interval. All are in milliseconds."""
        if expected is None:
            return False
        tolerance = self.tolerance
        if tolerance is None:
            tolerance = min(max(every // 1000, _LEAST_TOLERANCE), _MOST_TOLERANCE) if every else _MOST_TOLERANCE
        return now > expected + tolerance * 1000


def problems_of(ended: Run | None, limits: Thresholds, *, overdue_since: int | None) -> Iterator[Problem]:
    """Why a pipeline is not healthy; `ended` is its last run that has ended."""
    if overdue_since is not None:
        yield Problem("overdue", f"the run expected at {rfc3339(overdue_since)} has not started")
    if ended is None:
        return
    if ended.status in (RunStatus.FAILED, RunStatus.CANCELED):
        codes = ", ".join(error.code for error in ended.errors)
        yield Problem(f"run_{ended.status}", f"the last run {_ENDS[ended.status]}{codes and f': {codes}'}")
        return
    percent = ended.failed_percent
    if percent is not None and percent > limits.max_failed_percent:
        counted = f"{percent:.3g}% of the rows of the last run were rejected"
        yield Problem("rejected_rows", f"{counted}; at most {limits.max_failed_percent:g}% may be")
    written = ended.records.written
    if limits.min_records is not None and written is not None and written < limits.min_records:
        wanted = f"at least {limits.min_records} are expected"
        yield Problem("few_records", f"the last run wrote {written} records; {wanted}")


_ENDS: Final = {RunStatus.FAILED: "failed", RunStatus.CANCELED: "was canceled"}
