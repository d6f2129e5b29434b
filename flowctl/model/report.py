"""Reports: what an apply did, step by step."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.diagnostic import Diagnostic


class StepStatus(StrEnum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step's end: `seconds` it took, `note` what a person should know, `error` why it failed."""

    address: Address
    action: Action
    status: StepStatus
    id: str | None = None
    error: Diagnostic | None = None
    note: str = ""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The object of the contract's `steps` list."""
        return {
            "address": self.address,
            "action": str(self.action),
            "status": str(self.status),
            "id": self.id,
            "error": self.error.to_json() if self.error else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """All steps of an apply in the order of the plan, and the seconds it took.

    `problem` tells why the lockfile could not be written; the journal then holds the record.
    """

    steps: tuple[StepResult, ...]
    seconds: float
    interrupted: bool = False
    problem: Diagnostic | None = None

    @property
    def succeeded(self) -> bool:
        """Whether every step was done and is in the lockfile."""
        return self.problem is None and all(step.status is StepStatus.DONE for step in self.steps)
