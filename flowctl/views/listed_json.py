"""The documents of commands that plan nothing: what is recorded, moved, forgotten, found or written."""

from typing import TYPE_CHECKING, Any, assert_never

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
    Finding,
    ForgottenObjects,
    MovedObjects,
    Orphan,
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
from flowctl.views.checkup import checkup_document
from flowctl.views.compared import compared_document
from flowctl.views.connectors_json import connector_document, connectors_document
from flowctl.views.drafted import drafted_document, field_group_document
from flowctl.views.envelope import envelope
from flowctl.views.environments import environments_document
from flowctl.views.explain_json import code_document, document_document, explainable_document, resource_document
from flowctl.views.explored import listed_source_document, shown_table_document
from flowctl.views.formatting import formatting_document
from flowctl.views.import_json import import_document
from flowctl.views.lineage.document import lineage_document
from flowctl.views.mapping_json import preview_document, tests_document
from flowctl.views.policy_json import policy_tests_document, rules_document
from flowctl.views.runs_json import errors_document, runs_document, status_document
from flowctl.views.started import started_document

if TYPE_CHECKING:
    from flowctl.model.result import Listed


def listed_document(data: "Listed") -> dict[str, Any]:
    """The document of a result."""
    match data:
        case RecordedObjects():
            return _entries(data)
        case RecordedObject():
            return _entry(data)
        case Repair():
            return envelope(findings=[_finding(finding) for finding in data.findings])
        case Orphans():
            return envelope(orphans=[_orphan(orphan) for orphan in data.orphans])
        case ForgottenObjects():
            return envelope(forgotten=list(data.addresses))
        case MovedObjects():
            return envelope(moved=[{"from": old, "to": new} for old, new in data.moved.items()])
        case SettledCreation():
            return envelope(settled=data.sentence)
        case HeldLock():
            return envelope(environment=data.environment, heldBy=data.owner, removed=False)
        case LockRemoval():
            return envelope(environment=data.environment, heldBy=data.owner, removed=data.owner is not None)
        case WrittenSchemas():
            return envelope(written=list(data.files))
        case PulledSchemas():
            found = [{"id": id_, "title": title, "version": version} for id_, title, version in data.found]
            return envelope(file=data.file, pulled=found, notFound=list(data.missing))
        case Version():
            return envelope(version=data.version, specsDate=data.specs_date)
        case PreviewedRows():
            return preview_document(data)
        case MappingTests():
            return tests_document(data)
        case ImportedSandbox():
            return import_document(data)
        case Lineage():
            return lineage_document(data)
        case PolicyRules():
            return rules_document(data)
        case PolicyTests():
            return policy_tests_document(data)
        case Runs():
            return runs_document(data.runs, data.diagnostics)
        case ShownRun():
            return runs_document([data.run], ())
        case RunErrors():
            return errors_document(data)
        case PipelinesStatus():
            return status_document(data)
        case Connectors():
            return connectors_document(data)
        case ShownConnector():
            return connector_document(data)
        case ListedEnvironments():
            return environments_document(data)
        case Checkup():
            return checkup_document(data)
        case StartedWorkspace():
            return started_document(data)
        case DraftedPipeline():
            return drafted_document(data)
        case DraftedFieldGroup():
            return field_group_document(data)
        case ComparedRecord():
            return compared_document(data)
        case FormattedFiles():
            return formatting_document(data)
        case ListedSource():
            return listed_source_document(data)
        case ShownTable():
            return shown_table_document(data)
        case Explainable():
            return explainable_document(data)
        case ExplainedCode():
            return code_document(data)
        case ExplainedResource():
            return resource_document(data)
        case ExplainedDocument():
            return document_document(data)
        case _:
            assert_never(data)


def _entries(recorded: RecordedObjects) -> dict[str, Any]:
    return envelope(
        environment=recorded.environment,
        organization=recorded.organization,
        sandbox=recorded.sandbox,
        entries={address: {"kind": entry.kind, "id": entry.id} for address, entry in recorded.entries.items()},
    )


def _entry(entry: RecordedObject) -> dict[str, Any]:
    return envelope(
        address=entry.address,
        kind=entry.address.kind,
        id=entry.id,
        etag=entry.etag,
        recorded=entry.recorded,
        live=entry.live,
        state=entry.state,
        lifecycle={
            "onDelete": str(entry.lifecycle.on_delete),
            "preventDestroy": entry.lifecycle.prevent_destroy,
        },
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "address": finding.address,
        "kind": finding.address.kind,
        "id": finding.entry.id if finding.entry else None,
        "whyNot": finding.why_not or None,
    }


def _orphan(orphan: Orphan) -> dict[str, Any]:
    return {
        "kind": orphan.kind,
        "id": orphan.id,
        "name": orphan.name,
        "createdAt": orphan.created_at,
        "createdClient": orphan.created_client,
    }
