"""A plan as a JSON document, and what an apply did of it."""

from typing import Any

from flowctl.model.change import AttributeChange, Change
from flowctl.model.plan import IgnoredAttribute, Plan
from flowctl.model.report import AppliedPlan, StepResult
from flowctl.model.selection import Selection
from flowctl.views.envelope import envelope
from flowctl.views.field_values import as_declared
from flowctl.views.runs_json import run_members
from flowctl.views.values import before_and_after, shown


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document of a plan, with the digest by which it is approved."""
    members = _plan(plan)
    if not plan.digest:
        return envelope(**members)
    place = {name: members.pop(name) for name in ("environment", "organization", "sandbox")}
    return envelope(**place, digest=plan.digest, **members)


def apply_document(applied: AppliedPlan) -> dict[str, Any]:
    """The document of an apply: the plan's with the steps, none if the plan was refused, and the runs waited for."""
    report = applied.report
    members = _plan(applied.plan)
    if report is not None and report.problem is not None:
        members["diagnostics"].append(report.problem.to_json())
    members["diagnostics"].extend(problem.to_json() for problem in applied.run_problems)
    if applied.runs is not None:
        members["runs"] = [run_members(run) for run in applied.runs]
    return envelope(**members, steps=[_step(step) for step in report.steps] if report is not None else [])


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "environment": plan.environment,
        "organization": plan.organization,
        "sandbox": plan.sandbox,
        **({"selection": _selection(plan.selection)} if plan.selection else {}),
        "summary": dict(plan.summary()),
        "changes": [_change(change) for change in plan.changes],
        **({"moved": [{"from": each.old, "to": each.new} for each in plan.moved]} if plan.moved else {}),
        "drift": [
            {
                "address": drift.address,
                "attributes": [
                    {
                        "path": place.path,
                        "recorded": as_declared(place.steps, shown(place.recorded)),
                        "observed": as_declared(place.steps, shown(place.observed)),
                    }
                    for place in drift.attributes
                ],
            }
            for drift in plan.drift
        ],
        **({"ignored": [_ignored(each) for each in plan.ignored]} if plan.ignored else {}),
        **({"approvals": list(plan.approvals)} if plan.approvals else {}),
        "diagnostics": [diagnostic.to_json() for diagnostic in plan.diagnostics],
    }


def _selection(selection: Selection) -> dict[str, Any]:
    return {"select": list(selection.select), "exclude": list(selection.exclude)}


def _ignored(ignored: IgnoredAttribute) -> dict[str, Any]:
    return {
        "address": ignored.address,
        "path": ignored.path,
        "live": as_declared(ignored.steps, shown(ignored.observed)),
        "manifest": as_declared(ignored.steps, shown(ignored.desired)),
    }


def _change(change: Change) -> dict[str, Any]:
    origin = change.origin
    return {
        "address": change.address,
        "kind": change.kind,
        "action": str(change.action),
        "reason": str(change.reason),
        "id": change.remote_id,
        "attributes": [_attribute(attribute) for attribute in change.attributes],
        "notes": list(change.notes),
        "pipeline": origin.pipeline,
        "labels": dict(origin.labels),
        "file": origin.span.file if origin.span else None,
        "line": origin.span.line if origin.span else None,
    }


def _attribute(attribute: AttributeChange) -> dict[str, Any]:
    before, after = (as_declared(attribute.steps, value) for value in before_and_after(attribute))
    return {
        "path": attribute.path,
        "before": before,
        "after": after,
        "forcesReplacement": attribute.forces_replacement,
    }


def _step(step: StepResult) -> dict[str, Any]:
    return {
        "address": step.address,
        "action": str(step.action),
        "status": str(step.status),
        "id": step.id,
        "error": step.error.to_json() if step.error else None,
    }
