"""Saved plans: whether the world is still as it was when the plan was made."""

from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import StateError
from flowctl.model.plan import Plan
from flowctl.model.record import Lockfile
from flowctl.state.plan_digest import change_digest
from flowctl.state.planfile import SavedPlan, change_key


def check_same_place(saved: SavedPlan, environment: str, recorded: Lockfile, manifest_digest: str) -> None:
    """Raises StateError with one diagnostic for each thing that a new plan would start from and that moved.

    A plan that was applied already has a newer serial.
    """
    if saved.environment != environment:
        raise StateError.because(
            "plan-elsewhere",
            f"the plan was saved for environment {saved.environment}, not for {environment}",
            hint=f"Give -e {saved.environment}.",
        )
    moved = [
        _moved(what, before, after)
        for what, before, after in (
            ("organization", saved.organization, recorded.organization),
            ("sandbox", saved.sandbox, recorded.sandbox),
            ("lockfile lineage", saved.lineage, recorded.lineage),
            ("lockfile serial", saved.serial, recorded.serial),
            ("manifests", saved.manifest_digest[:12], manifest_digest[:12]),
        )
        if before != after and not (what == "lockfile lineage" and saved.serial == 0)
    ]
    if moved:
        raise StateError(moved)


def check_same_changes(saved: SavedPlan, plan: Plan) -> None:
    """Raises StateError with one diagnostic for each change that is not the saved one; `plan` is made anew."""
    moved = _moved_changes(saved, plan)
    if moved:
        raise StateError(moved)


def _moved_changes(saved: SavedPlan, plan: Plan) -> list[Diagnostic]:
    now = {change_key(change): change for change in plan.changes}
    moved = [
        _moved("live etag of " + change.address, saved.etags.get(key), change.etag)
        for key, change in now.items()
        if key in saved.changes and saved.etags.get(key) != change.etag
    ]
    differing = [key for key, change in now.items() if saved.changes.get(key) != change_digest(change)]
    differing += [key for key in saved.changes if key not in now]
    return moved or [_differs(key) for key in sorted(set(differing))]


def _differs(change: str) -> Diagnostic:
    return Diagnostic(
        code="plan-stale",
        summary=f"the saved plan is stale: what it does to {change} is not what would be planned now",
        hint="Plan again and review the new plan; nothing was changed.",
    )


def _moved(what: str, before: object, after: object) -> Diagnostic:
    applied = " An apply has run since, perhaps of this very plan." if what == "lockfile serial" else ""
    return Diagnostic(
        code="plan-stale",
        summary=f"the saved plan is stale: {what} changed from {before} to {after}",
        detail=applied.strip(),
        hint="Plan again and review the new plan; nothing was changed.",
    )
