"""The JSON documents that scripts read; their keys are fixed by the format version."""

from collections.abc import Sequence
from typing import Any

from flowctl.model.change import AttributeChange, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.plan import FORMAT_VERSION, Plan
from flowctl.model.report import ApplyReport
from flowctl.views.values import before_and_after, shown


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document of `plan --format json`."""
    return {
        "formatVersion": FORMAT_VERSION,
        "environment": plan.environment,
        "organization": plan.organization,
        "sandbox": plan.sandbox,
        "summary": dict(plan.summary()),
        "changes": [_change(change) for change in plan.changes],
        "drift": [
            {
                "address": drift.address,
                "attributes": [
                    {"path": place.path, "recorded": shown(place.recorded), "observed": shown(place.observed)}
                    for place in drift.attributes
                ],
            }
            for drift in plan.drift
        ],
        "diagnostics": [diagnostic.to_json() for diagnostic in plan.diagnostics],
    }


def apply_document(plan: Plan, report: ApplyReport) -> dict[str, Any]:
    """The document of `apply --format json`: the plan's with the steps."""
    document = {**plan_document(plan), "steps": [step.to_json() for step in report.steps]}
    if report.problem is not None:
        document["diagnostics"].append(report.problem.to_json())
    return document


def diagnostics_document(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """The document of `validate --format json`, and of any command that fails before it has a result."""
    return {
        "formatVersion": FORMAT_VERSION,
        "diagnostics": [diagnostic.to_json() for diagnostic in diagnostics],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "kind": change.kind,
        "action": str(change.action),
        "reason": str(change.reason),
        "id": change.remote_id,
        "attributes": [_attribute(attribute) for attribute in change.attributes],
        "notes": list(change.notes),
    }


def _attribute(attribute: AttributeChange) -> dict[str, Any]:
    before, after = before_and_after(attribute)
    return {
        "path": attribute.path,
        "before": before,
        "after": after,
        "forcesReplacement": attribute.forces_replacement,
    }
