"""How steps and objects end, in words: the same in the progress and in the report of an apply."""

from collections.abc import Mapping
from typing import Final

from flowctl.model.change import Action
from flowctl.model.report import StepStatus

DID: Final[Mapping[Action, str]] = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
    Action.IMPORT: "imported",
    Action.FORGET: "no longer managed",
}
OTHERWISE: Final[Mapping[StepStatus, str]] = {
    StepStatus.FAILED: "failed",
    StepStatus.UNKNOWN: "outcome unknown",
    StepStatus.SKIPPED: "skipped",
    StepStatus.NOT_STARTED: "not started",
}
