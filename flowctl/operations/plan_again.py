"""Plan again for a saved plan: it is applied only if the new plan is the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from flowctl.manifest.document import Manifests
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.operations.compared_attributes import compared_digests
from flowctl.operations.duplicates import Permission
from flowctl.operations.manifest_files import changed_files, file_digests
from flowctl.operations.plan import make_destroy_plan, make_plan
from flowctl.operations.planning import PlannedRun
from flowctl.operations.saved_plan import bound_secrets, saved_choice
from flowctl.operations.session import Session
from flowctl.state.plan_digest import change_digest
from flowctl.state.planfile_document import SavedPlan, change_key
from flowctl.state.planfile_writing import shown_attributes

_PLAN_AGAIN = "Nothing was changed. Run `flowctl plan --out FILE` and review the new plan."
_LOCKFILE, _ANOTHER_LOCKFILE, _MANIFESTS = "the lockfile", "the history of the lockfile", "a manifest or a variable"
_STORIES = {
    _LOCKFILE: "Another apply has run since, perhaps of this plan.",
    _ANOTHER_LOCKFILE: "The lockfile was deleted or replaced by another one.",
    _MANIFESTS: "The saved plan was made from other manifests, or from other values of `--var` or `variables`.",
}
_EDITED = "An attribute that flowctl compares has another value now. A run alone does not make a plan stale."
_IN_PROCESS = "the emulator inside flowctl"


def plan_again(
    session: Session,
    saved: SavedPlan,
    manifests: Manifests,
    *,
    max_delete: int | None = None,
    allows_duplicates: bool = False,
) -> PlannedRun:
    """Make the saved plan again from the present manifests, lockfile and live objects.

    Raises StateError if anything that it was made from, or its changes, differ, and what `make_plan` raises.
    """
    _check_same_place(saved, session, manifests)
    choice = saved_choice(saved, manifests)
    if saved.destroy:
        run = make_destroy_plan(session, manifests, targets=saved.targets, choice=choice, max_delete=max_delete)
    else:
        permission = Permission(everything=allows_duplicates, shown=frozenset(saved.allowed_duplicates))
        run = make_plan(
            session,
            manifests,
            targets=saved.targets,
            choice=choice,
            max_delete=max_delete,
            duplicates=permission,
        )
    _check_same_changes(saved, run.plan, session.secrets.masked_value)
    _check_same_approvals(saved, run.plan)
    return run


def check_environment(saved: SavedPlan, environment: str) -> None:
    """Raise StateError for a plan of another environment: the settings of this one do not matter then."""
    if saved.environment != environment:
        raise StateError.because(
            "plan-elsewhere",
            f"the plan was saved for environment {saved.environment}, not for {environment}",
            hint=f"Run `flowctl -e {saved.environment} apply` with this file, or plan again for {environment}.",
        )


def _check_same_place(saved: SavedPlan, session: Session, manifests: Manifests) -> None:
    """Raise StateError with one diagnostic for each thing that a new plan would start from and that changed.

    A plan that was applied already has a newer serial.
    """
    environment, recorded = session.environment, session.ledger.lockfile
    check_environment(saved, environment.name)
    moved = [
        _moved(what, before, after)
        for what, before, after in (
            ("`endpoint`", saved.endpoint or _IN_PROCESS, environment.endpoint or _IN_PROCESS),
            ("`auth.tokenUrl`", saved.token_url, environment.token_url),
            ("`organization`", saved.organization, recorded.organization),
            ("`sandbox`", saved.sandbox, recorded.sandbox),
            (_ANOTHER_LOCKFILE, saved.lineage if saved.serial else recorded.lineage, recorded.lineage),
            (_LOCKFILE, saved.serial, recorded.serial),
            (_MANIFESTS, saved.manifest_digest, manifests.digest),
        )
        if before != after
    ]
    changed = changed_files(saved.files, file_digests(session.workspace.root, manifests, saved.salt))
    if saved.files and changed and saved.manifest_digest != manifests.digest:
        moved = [*moved[:-1], *(_moved(file, None, None) for file in changed)]
    if moved:
        raise StateError(moved)


def _check_same_changes(saved: SavedPlan, plan: Plan, masked: Callable[[JSON], JSON]) -> None:
    """Raise StateError with one diagnostic for each change that is not the saved one; `plan` is the new plan."""
    moved = [_differs("what `moved` does to the lockfile")] if saved.plan.moved != plan.moved else []
    moved += _moved_changes(saved, plan) or [_differs(key) for key in _shown_otherwise(saved, plan, masked)]
    if moved:
        raise StateError(moved)


def _check_same_approvals(saved: SavedPlan, plan: Plan) -> None:
    """Raise StateError with one diagnostic for each rule that did not ask for an approval when the plan was saved."""
    moved = [_asks(rule) for rule in plan.approvals if rule not in saved.approvals]
    if moved:
        raise StateError(moved)


def _asks(rule: str) -> Diagnostic:
    return Diagnostic(
        code="plan-stale",
        summary=f"the rule `{rule}` asks for an approval, and did not when the plan was saved",
        detail="A waiver may have expired.",
        hint=_PLAN_AGAIN,
    )


def _moved_changes(saved: SavedPlan, plan: Plan) -> list[Diagnostic]:
    now = {change_key(change): change for change in plan.changes}
    moved = [*_moved_objects(saved, plan), *_moved_secrets(saved, plan)]
    differing = [key for key, change in now.items() if saved.changes.get(key) != change_digest(change)]
    differing += [key for key in saved.changes if key not in now]
    return moved or [_differs(key) for key in sorted(set(differing))]


def _moved_objects(saved: SavedPlan, plan: Plan) -> Iterator[Diagnostic]:
    """One diagnostic for each live object that was edited. A run changes the etag of its dataflow, and no attribute."""
    compared = compared_digests(plan, saved.salt)
    for change in plan.changes:
        key, what = change_key(change), f"the live object `{change.address}`"
        if key not in saved.changes:
            continue
        if key not in saved.compared:
            if saved.etags.get(key) != change.etag:
                yield _moved(what, saved.etags.get(key), change.etag)
        elif saved.compared[key] != compared.get(key):
            yield replace(_moved(what, None, None), detail=_EDITED)


def _shown_otherwise(saved: SavedPlan, plan: Plan, masked: Callable[[JSON], JSON]) -> list[str]:
    """The changes that the file shows in another way than they are: it was edited after the plan was saved."""
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
            summary=f"the value of the secret `{path}` of `{address}` changed after the plan was saved",
            hint=_PLAN_AGAIN,
        )
        for address, digests in saved.secrets.items()
        for path, digest in digests.items()
        if now.get(address, {}).get(path, digest) != digest
    ]


def _differs(change: str) -> Diagnostic:
    return Diagnostic(
        code="plan-stale",
        summary=f"a new plan would make other changes than the saved one: {change}",
        hint=_PLAN_AGAIN,
    )


def _moved(what: str, before: object, after: object) -> Diagnostic:
    return Diagnostic(
        code="plan-stale",
        summary=f"{what} changed after the plan was saved",
        detail=_story(what, before, after),
        hint=_PLAN_AGAIN,
    )


def _story(what: str, before: object, after: object) -> str:
    """What happened, if there is more to say than that something changed."""
    told = f"It was {_shown(before)} and is {_shown(after)} now." if before != after else ""
    return _STORIES.get(what, told)


def _shown(value: object) -> str:
    return "unset" if value is None else str(value)
