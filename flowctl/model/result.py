"""Results: what a command found or did, as the one value that every format prints."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from flowctl.model.diagnostic import Diagnostic

if TYPE_CHECKING:
    from flowctl.model.catalogue_report import Connectors, ShownConnector
    from flowctl.model.checkup import Checkup
    from flowctl.model.comparison_report import ComparedRecord
    from flowctl.model.drafted import DraftedFieldGroup, DraftedPipeline
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.environments_report import ListedEnvironments
    from flowctl.model.explanation import Explainable, ExplainedCode, ExplainedDocument, ExplainedResource
    from flowctl.model.exploration import ListedSource, ShownTable
    from flowctl.model.formatting_report import FormattedFiles
    from flowctl.model.import_report import ImportedSandbox
    from flowctl.model.lineage import Lineage
    from flowctl.model.mapping_report import MappingTests, PreviewedRows
    from flowctl.model.plan import Plan
    from flowctl.model.policy_report import PolicyRules, PolicyTests
    from flowctl.model.record_report import (
        ForgottenObjects,
        MovedObjects,
        Orphans,
        RecordedObject,
        RecordedObjects,
        Repair,
        SettledCreation,
    )
    from flowctl.model.rejected_rows import RunErrors
    from flowctl.model.report import AppliedPlan, HeldLock, LockRemoval, PulledSchemas, Version, WrittenSchemas
    from flowctl.model.run_report import PipelinesStatus, Runs, ShownRun
    from flowctl.model.started import StartedWorkspace

FORMAT_VERSION: Final = "1"
"""The version of the documents for scripts: within one version keys may be added, and none is removed or changed."""


class Status(StrEnum):
    """How a command ended."""

    OK = "ok"
    ERROR = "error"
    CHANGES = "changes"
    DRIFT = "drift"
    UNHEALTHY = "unhealthy"
    INTERRUPTED = "interrupted"


class Validation:
    """The manifests were checked; what was found are the diagnostics of the result."""


class NoResult:
    """A command failed before it had a result; the diagnostics say why."""


class WrongUsage(NamedTuple):
    """A command line cannot be understood; `command` is the one whose help says what can."""

    command: str


Listed: TypeAlias = (
    "RecordedObjects | RecordedObject | ForgottenObjects | MovedObjects | SettledCreation | Repair | Orphans"
    " | HeldLock | LockRemoval | PulledSchemas | WrittenSchemas | Version | PreviewedRows | MappingTests"
    " | ImportedSandbox | Lineage | PolicyRules | PolicyTests | Runs | ShownRun | RunErrors | PipelinesStatus"
    " | Connectors | ShownConnector | ListedEnvironments | Checkup | StartedWorkspace | ListedSource | ShownTable"
    " | DraftedPipeline | DraftedFieldGroup | FormattedFiles | ComparedRecord"
    " | Explainable | ExplainedCode | ExplainedResource | ExplainedDocument"
)
"""What is a few lines in every format for people."""
Work: TypeAlias = "Plan | AppliedPlan | DriftReport | Listed"
"""What takes more than a validation."""
Data: TypeAlias = "Validation | NoResult | WrongUsage | Work"


class Result(NamedTuple):
    """The end of one command: its name (`state list`), how it ended, what it found or did, and what is to be said."""

    command: str
    data: Data
    status: Status = Status.OK
    diagnostics: tuple[Diagnostic, ...] = ()
