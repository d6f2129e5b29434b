"""Saved plans: what is saved of a plan, and whether the world is still as it was then."""

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from flowctl.manifest.reading.discover import ENDINGS, WORKSPACE_FILE
from flowctl.model.diagnostic import Diagnostic, has_errors
from flowctl.model.errors import StateError
from flowctl.model.plan import Plan
from flowctl.model.record import Lockfile
from flowctl.model.values import secret_digests
from flowctl.operations.session import Session
from flowctl.settings.workspace import Environment, Workspace
from flowctl.state.plan_digest import change_digest
from flowctl.state.planfile import SavedPlan, change_key, check_plan_path

_SHOWN = 12
"""Characters of a digest that are shown."""
_IN_PROCESS = "the emulator inside flowctl"


def check_out(path: str, workspace: Workspace) -> None:
    """Raise StateError unless a plan may be saved there; asked before anything is read from the platform."""
    check_plan_path(path)
    reason = _belongs_to(os.path.realpath(path), workspace)
    if reason:
        raise StateError.because(
            "plan-file-unwritable",
            f"the plan cannot be saved in {path}: flowctl would take it for {reason}",
            hint="Give --out another path, such as plan.json.",
        )


def _belongs_to(path: str, workspace: Workspace) -> str:
    """What a file at that path would be to flowctl, in words; empty where it would be nothing."""
    place, root = Path(path), Path(os.path.realpath(workspace.root))
    if place.name == WORKSPACE_FILE:
        return "a workspace file"
    if place.parent == root and place.name.startswith("flowctl.") and place.name.endswith((".lock", ".lock.journal")):
        return "a lockfile or a journal"
    if place.is_relative_to(root / ".flowctl" / "local") or place.suffix == ".runlock":
        return "a file of its own"
    if place.name.endswith(ENDINGS):
        folders = (os.path.realpath(workspace.root / entry) for entry in workspace.manifests)
        if any(place.is_relative_to(folder) for folder in folders):
            return "a manifest"
    return ""


def saved_plan(session: Session, plan: Plan, *, targets: Sequence[str], destroy: bool) -> SavedPlan:
    """What is saved of a plan. Raises StateError for a plan with errors."""
    if has_errors(plan.diagnostics):
        raise StateError.because(
            "plan-has-errors", "a plan with errors cannot be saved", hint="Correct the errors and plan again."
        )
    salt = secrets.token_hex(16)
    return SavedPlan(
        environment=plan.environment,
        endpoint=session.environment.endpoint,
        token_url=session.environment.token_url,
        organization=plan.organization,
        sandbox=plan.sandbox,
        lineage=plan.lineage,
        serial=plan.serial,
        manifest_digest=plan.manifest_digest,
        targets=tuple(targets),
        destroy=destroy,
        changes={change_key(change): change_digest(change) for change in plan.changes},
        etags={change_key(change): change.etag for change in plan.changes},
        allowed_duplicates=tuple(sorted(plan.allowed_duplicates)),
        salt=salt,
        secrets=_secrets(plan, salt),
    )


def _secrets(plan: Plan, salt: str) -> Mapping[str, Mapping[str, str]]:
    """The digests of all secrets that have a value, of what changes and of what stays as it is."""
    found: dict[str, dict[str, str]] = {}
    for change in (*plan.changes, *plan.kept):
        digests = secret_digests(change.desired, salt)
        if digests:
            found[str(change.address)] = digests
    return found


def check_same_place(saved: SavedPlan, environment: Environment, recorded: Lockfile, manifest_digest: str) -> None:
    """Raises StateError with one diagnostic for each thing that a new plan would start from and that moved.

    A plan that was applied already has a newer serial.
    """
    if saved.environment != environment.name:
        raise StateError.because(
            "plan-elsewhere",
            f"the plan was saved for environment {saved.environment}, not for {environment.name}",
            hint=f"Give -e {saved.environment}.",
        )
    moved = [
        _moved(what, before, after)
        for what, before, after in (
            ("endpoint", saved.endpoint or _IN_PROCESS, environment.endpoint or _IN_PROCESS),
            ("auth.tokenUrl", saved.token_url, environment.token_url),
            ("organization", saved.organization, recorded.organization),
            ("sandbox", saved.sandbox, recorded.sandbox),
            ("lockfile lineage", saved.lineage, recorded.lineage),
            ("lockfile serial", saved.serial, recorded.serial),
            ("manifests", saved.manifest_digest[:_SHOWN], manifest_digest[:_SHOWN]),
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
    moved += _moved_secrets(saved, plan)
    differing = [key for key, change in now.items() if saved.changes.get(key) != change_digest(change)]
    differing += [key for key in saved.changes if key not in now]
    return moved or [_differs(key) for key in sorted(set(differing))]


def _moved_secrets(saved: SavedPlan, plan: Plan) -> list[Diagnostic]:
    """One diagnostic for each secret that has another value now. One that is not set now is not sent either."""
    now = _secrets(plan, saved.salt)
    return [
        Diagnostic(
            code="plan-stale",
            summary=f"the saved plan is stale: the secret {path} of {address} has another value now",
            hint="Plan again and review the new plan; nothing was changed.",
        )
        for address, digests in saved.secrets.items()
        for path, digest in digests.items()
        if now.get(address, {}).get(path, digest) != digest
    ]


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
        summary=f"the saved plan is stale: {what} changed from {_shown(before)} to {_shown(after)}",
        detail=applied.strip(),
        hint="Plan again and review the new plan; nothing was changed.",
    )


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
