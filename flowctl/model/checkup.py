"""What `doctor` shows: one finding for each part that a run needs, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a part is: usable, usable with a warning, not usable, or not looked at because of another part."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part that was looked at. `found` is a clause, `action` a sentence; empty if there is nothing to do."""

    part: str
    health: Health
    found: str
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """Everything that was looked at for one environment, in the order in which a run needs it."""

    environment: str
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> int:
        """How many parts cannot be used."""
        return sum(finding.health is Health.FAILED for finding in self.findings)
