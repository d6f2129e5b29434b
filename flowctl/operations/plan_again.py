"""Planning again for a saved plan: only if the new plan is the saved one, it is applied."""

from collections.abc import Callable

from flowctl.manifest.document import Manifests
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.model.record import Lockfile
from flowctl.operations.duplicates import Permission
from flowctl.operations.plan import PlannedRun, make_destroy_plan, make_plan
from flowctl.operations.saved_plan import bound_secrets
from flowctl.operations.session import Session
from flowctl.settings.workspace import Environment
from flowctl.state.plan_digest import change_digest
from flowctl.state.planfile_document import SavedPlan, change_key
from flowctl.state.planfile_writing import shown_attributes

_SHOWN = 12
"""Characters of a digest that are shown."""
_IN_PROCESS = "the emulator inside flowctl"


def plan_again(
    session: Session,
    saved: SavedPlan,
    manifests: Manifests,
    *,
    max_delete: int | None = None,
    allows_duplicates: bool = False,
) -> PlannedRun:
    """Make the plan that was saved from what is there now.

    Raises StateError if anything that it was made from, or what it does, is not as it was, and what `make_plan` raises.
    """
    _check_same_place(saved, session.environment, session.ledger.lockfile, manifests.digest)
    if saved.destroy:
        run = make_destroy_plan(session, manifests.digest, targets=saved.targets, max_delete=max_delete)
    else:
        permission = Permission(everything=allows_duplicates, shown=frozenset(saved.allowed_duplicates))
        run = make_plan(session, manifests, targets=saved.targets, max_delete=max_delete, duplicates=permission)
    _check_same_changes(saved, run.plan, session.secrets.masked_value)
    return run


def _check_same_place(saved: SavedPlan, environment: Environment, recorded: Lockfile, manifest_digest: str) -> None:
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


def _check_same_changes(saved: SavedPlan, plan: Plan, masked: Callable[[JSON], JSON]) -> None:
    """Raises StateError with one diagnostic for each change that is not the saved one; `plan` is made anew."""
    moved = _moved_changes(saved, plan) or [_differs(key) for key in _shown_otherwise(saved, plan, masked)]
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


def _shown_otherwise(saved: SavedPlan, plan: Plan, masked: Callable[[JSON], JSON]) -> list[str]:
    """The changes that the file shows in another way than they are: somebody edited it after the plan was saved."""
    # Address, action and ID are in the key.
    shown = {change_key(change): shown_attributes(change) for change in saved.plan.changes}
    now = {change_key(change): change for change in plan.changes}
    differing = {key for key, change in now.items() if not _shows(shown.get(key), change, masked)}
    return sorted(differing | (shown.keys() - now.keys()))


def _shows(shown: str | None, change: Change, masked: Callable[[JSON], JSON]) -> bool:
    """Whether this is what a file shows of a change.

    The job that applies may know secrets that the job that planned did not, and the other way round.
    """
    return shown == shown_attributes(change) or shown == shown_attributes(change, masked)


def _moved_secrets(saved: SavedPlan, plan: Plan) -> list[Diagnostic]:
    """One diagnostic for each secret that has another value now. One that is not set now is not sent either."""
    now = bound_secrets(plan, saved.salt)
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
