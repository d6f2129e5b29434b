"""Reports: what a command did, an apply step by step."""

from dataclasses import dataclass
from enum import StrEnum

from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.plan import Plan
from flowctl.model.run_report import Run


class StepStatus(StrEnum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How one step ended, with `error` if it failed and `note` if there is more to know.

    `kept` says that an object stays on Experience Platform and is no longer managed.
    """

    address: Address
    action: Action
    status: StepStatus
    id: str | None = None
    kept: bool = False
    error: Diagnostic | None = None
    note: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """All steps of an apply in the order of the plan, and the seconds it took.

    `problem` tells why the lockfile could not be written; the journal then has the entries. `moved` is the number of
    lockfile entries that got another address.
    """

    steps: tuple[StepResult, ...]
    seconds: float
    interrupted: bool = False
    problem: Diagnostic | None = None
    moved: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether every step was done and is in the lockfile."""
        return self.problem is None and all(step.status is StepStatus.DONE for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPlan:
    """A plan and the report of applying it; no report if the plan has errors.

    `runs` are the first runs of what changed, if the apply waited for them; `run_problems` tell what was wrong there.
    """

    plan: Plan
    report: ApplyReport | None
    runs: tuple[Run, ...] | None = None
    run_problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLock:
    """The run lock of an environment, and who holds it."""

    environment: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRemoval:
    """The run lock of an environment is released; `owner` held it until then, or nobody did."""

    environment: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSchemas:
    """The JSON Schema files that were written."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledSchemas:
    """The schemas, classes and field groups that were pulled, as `$id`, title and version, and what was not found."""

    file: str
    found: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The release of flowctl, and the day of its pinned specs."""

    version: str
    specs_date: str
