"""Runs of dataflows as commands report them, and what they say about each pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from flowctl.model.diagnostic import Diagnostic


class RunStatus(StrEnum):
    """How far a run is, or how it ended. A run that succeeded with refused rows or errors is partial."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self not in (RunStatus.PENDING, RunStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunError:
    """An error of a run by its code; `records` is the number of rows that it is about, if that is known."""

    code: str
    message: str
    records: int | None = None
    cause: str = ""
    cure: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Numbers of rows; None where the run does not tell."""

    read: int | None = None
    written: int | None = None
    failed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. `pipeline` is None for a dataflow outside the lockfile; times are in epoch milliseconds.

    `note` is what the run says about its numbers: those of the emulator may be made up.
    """

    id: str
    flow_id: str
    pipeline: str | None = None
    status: RunStatus
    created_at: int | None = None
    started_at: int | None = None
    completed_at: int | None = None
    records: Records = field(default_factory=Records)
    batches: tuple[str, ...] = ()
    errors: tuple[RunError, ...] = ()
    note: str = ""

    @property
    def begun(self) -> int | None:
        """When it started, or at least when it was created."""
        return self.started_at or self.created_at

    @property
    def failed_percent(self) -> float | None:
        """Refused rows as a share of those that were read or are known of."""
        failed, read = self.records.failed, self.records.read
        if failed is None:
            return None
        return 100 * failed / max(read or 0, failed) if failed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Runs, the newest first. `since` is the beginning of the time they are from, in epoch milliseconds.

    `is_start` says that they were just started.
    """

    runs: Sequence[Run]
    environment: str
    since: int | None = None
    only_failed: bool = False
    is_start: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """One run in full."""

    run: Run
    environment: str


NOT_APPLIED: Final = "not_applied"
MISSING: Final = "missing"
"""States of a pipeline that is not in the lockfile, and of one whose dataflow is not found."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a pipeline is not healthy: a code and a clause."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStatus:
    """One pipeline. `last` is its newest run; `healthy` is None if nothing can be expected of it."""

    name: str
    state: str
    last: Run | None = None
    overdue: bool = False
    next_run: int | None = None
    healthy: bool | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelinesStatus:
    """Every pipeline of an environment by name."""

    pipelines: Sequence[PipelineStatus]
    environment: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def unhealthy(self) -> int:
        """How many are not healthy."""
        return sum(each.healthy is False for each in self.pipelines)
