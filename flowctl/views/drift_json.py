"""Drift as a JSON document."""

from typing import Any

from flowctl.model.drift_report import DriftedObject, DriftReport
from flowctl.views.drift_words import moment
from flowctl.views.envelope import envelope
from flowctl.views.field_values import as_declared
from flowctl.views.values import shown


def drift_document(report: DriftReport) -> dict[str, Any]:
    """The document of a report; `accepted` is there if the drift was to be accepted."""
    accepted = report.accepted
    members = envelope(
        environment=report.environment,
        organization=report.organization,
        sandbox=report.sandbox,
        compared=report.compared,
        drift=[_object(drifted) for drifted in report.objects],
        notes=list(report.notes),
        diagnostics=[diagnostic.to_json() for diagnostic in report.problems],
    )
    if accepted is not None:
        members["accepted"] = {"files": list(accepted.files), "entries": list(accepted.entries)}
    return members


def _object(drifted: DriftedObject) -> dict[str, Any]:
    changed = drifted.changed
    return {
        "address": drifted.address,
        "kind": drifted.address.kind,
        "id": drifted.id,
        "missing": drifted.missing,
        "hidden": drifted.hidden,
        "attributes": [
            {
                "path": place.path,
                "recorded": as_declared(place.steps, shown(place.recorded)),
                "observed": as_declared(place.steps, shown(place.observed)),
            }
            for place in drifted.attributes
        ],
        "changedBy": changed.by,
        "changedAt": moment(changed.at) if changed.at is not None else None,
        "changedWith": changed.client,
        "file": drifted.span.file if drifted.span else None,
        "line": drifted.span.line if drifted.span else None,
    }
