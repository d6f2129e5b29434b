"""Results of a few lines in every format for people: what is recorded, moved, removed, found or written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from flowctl.model.catalogue_report import Connectors, ShownConnector
from flowctl.model.checkup import Checkup
from flowctl.model.comparison_report import ComparedRecord
from flowctl.model.drafted import DraftedFieldGroup, DraftedPipeline
from flowctl.model.environments_report import ListedEnvironments
from flowctl.model.explanation import Explainable, ExplainedCode, ExplainedDocument, ExplainedResource
from flowctl.model.exploration import ListedSource, ShownTable
from flowctl.model.formatting_report import FormattedFiles
from flowctl.model.import_report import ImportedSandbox
from flowctl.model.lineage import Lineage
from flowctl.model.mapping_report import MappingTests, PreviewedRows
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
from flowctl.model.report import HeldLock, LockRemoval, PulledSchemas, Version, WrittenSchemas
from flowctl.model.run_report import PipelinesStatus, Runs, ShownRun
from flowctl.model.started import StartedWorkspace
from flowctl.views.checkup import checkup_lines
from flowctl.views.compared import compared_lines
from flowctl.views.connectors_text import connector_lines, connectors_lines
from flowctl.views.drafted import drafted_lines, field_group_lines
from flowctl.views.environments import environments_lines
from flowctl.views.explain_text import code_lines, document_lines, explainable_lines, resource_lines
from flowctl.views.explored import listed_source_lines, shown_table_lines
from flowctl.views.formatting import formatting_lines
from flowctl.views.import_text import import_lines
from flowctl.views.lineage.text import lineage_lines
from flowctl.views.lines import Line
from flowctl.views.mapping_text import preview_lines, tested_lines
from flowctl.views.policy_text import policy_test_lines, rule_lines
from flowctl.views.record_text import entries_lines, entry_lines, finding_lines, orphan_lines
from flowctl.views.runs_text import run_error_lines, run_lines, shown_run_lines, status_lines
from flowctl.views.started import started_lines
from flowctl.views.width import UNWRAPPED, Width

if TYPE_CHECKING:
    from flowctl.model.result import Listed


def listed_lines(data: "Listed", width: Width = UNWRAPPED) -> Iterator[Line]:
    """The lines of a result; those of sentences fit the width."""
    match data:
        case RecordedObjects():
            yield from entries_lines(data, width)
        case RecordedObject():
            yield from entry_lines(data)
        case Repair():
            yield from finding_lines(data.findings, width)
        case Orphans():
            yield from orphan_lines(data.orphans, width)
        case ForgottenObjects():
            yield from (Line(f"{address} is no longer managed.") for address in data.addresses)
        case MovedObjects():
            yield from (Line(f"Moved {old} to {new}.") for old, new in data.moved.items())
        case SettledCreation():
            yield Line(f"{data.sentence}.")
        case HeldLock():
            yield Line(f"Environment {data.environment} is locked by {data.owner}.")
        case LockRemoval():
            held = data.owner is not None
            yield Line("The lock is released." if held else f"Environment {data.environment} is not locked.")
        case WrittenSchemas():
            yield from (Line(file) for file in data.files)
        case PulledSchemas():
            yield from _pulled(data)
        case Version():
            yield Line(f"flowctl {data.version} (specs of {data.specs_date})")
        case PreviewedRows():
            yield from preview_lines(data, width)
        case MappingTests():
            yield from tested_lines(data)
        case ImportedSandbox():
            yield from import_lines(data)
        case Lineage():
            yield from lineage_lines(data)
        case PolicyRules():
            yield from rule_lines(data)
        case PolicyTests():
            yield from policy_test_lines(data)
        case Runs():
            yield from run_lines(data, width)
        case ShownRun():
            yield from shown_run_lines(data)
        case RunErrors():
            yield from run_error_lines(data)
        case PipelinesStatus():
            yield from status_lines(data, width)
        case Connectors():
            yield from connectors_lines(data, width)
        case ShownConnector():
            yield from connector_lines(data, width)
        case ListedEnvironments():
            yield from environments_lines(data, width)
        case Checkup():
            yield from checkup_lines(data, width)
        case StartedWorkspace():
            yield from started_lines(data)
        case DraftedPipeline():
            yield from drafted_lines(data, width)
        case DraftedFieldGroup():
            yield from field_group_lines(data, width)
        case ComparedRecord():
            yield from compared_lines(data)
        case FormattedFiles():
            yield from formatting_lines(data)
        case ListedSource():
            yield from listed_source_lines(data, width)
        case ShownTable():
            yield from shown_table_lines(data, width)
        case Explainable():
            yield from explainable_lines(data, width)
        case ExplainedCode():
            yield from code_lines(data, width)
        case ExplainedResource():
            yield from resource_lines(data, width)
        case ExplainedDocument():
            yield from document_lines(data, width)
        case _:
            assert_never(data)


def titled(command: str, data: "Listed") -> str:
    """The heading of a result: the command, and what it was about."""
    if isinstance(data, RecordedObjects):
        return f"{command}: {data.environment}"
    return f"{command} {data.address}" if isinstance(data, RecordedObject) else command


def _pulled(data: PulledSchemas) -> Iterator[Line]:
    yield from (Line(f"{title}, version {version}") for _, title, version in data.found)
    yield from (Line(f"Not found: {name}") for name in data.missing)
    if not data.found and not data.missing:
        yield Line("No manifest refers to a schema that only Experience Platform has.")
    yield Line(f"Written to {data.file}.")
