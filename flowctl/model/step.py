"""Steps: the single writes of an apply, how each ended, and who is told of it."""

from dataclasses import dataclass
from typing import Protocol

from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write. `key` is the address, or the address with the ID of an object that is deleted or forgotten.

    `replaced` is the ID of the live object that a CREATE replaces.
    """

    key: str
    operation: Operation
    change: Change
    remote_id: str | None
    depends_on: frozenset[str]
    replaced: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnd:
    """How one step ended; `id` is that of the object it created, changed or removed.

    `kept` says that an object stays on Experience Platform and is no longer managed.
    """

    status: StepStatus
    id: str | None = None
    kept: bool = False
    note: str = ""
    error: Diagnostic | None = None
    seconds: float = 0.0


class Progress(Protocol):
    """Told by the coordinator's thread what happens, for a person to watch."""

    def started(self, step: Step) -> None:
        """A step begins."""

    def ended(self, step: Step, end: StepEnd) -> None:
        """A step ended, or was skipped."""
