"""Plan: compare manifests, lockfile and live objects."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from flowctl.engine import resolve
from flowctl.engine.observe.readings import Readings
from flowctl.engine.observe.refresh import Refresh
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import plan_changes
from flowctl.engine.plan.taking_back import taken_back
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, has_errors, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.plan import Plan
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.operations.adopting import Imports
from flowctl.operations.duplicates import Permission, find_duplicates
from flowctl.operations.live_checks import DesiredChecks, Reader, check_planned
from flowctl.operations.live_warnings import live_warnings
from flowctl.operations.policy_documents import has_policies, policies_alone
from flowctl.operations.quiet_plans import Replies, keep_quiet_plan, keeps_plans, quiet_plan
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.recorded_pipelines import all_gone, with_what_is_recorded
from flowctl.operations.refusals import Limit, plan_problems
from flowctl.operations.session import Session
from flowctl.operations.targets import narrowed, users_of_replaced
from flowctl.systems import result_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A plan with the desired resources that it was made from, and the entries of objects that it imports."""

    plan: Plan
    desired: Mapping[Address, Resource]
    adopted: Mapping[Address, LockEntry] = field(default_factory=dict)


def make_plan(
    session: Session,
    manifests: Manifests,
    *,
    targets: Sequence[str] = (),
    max_delete: int | None = None,
    duplicates: Permission | None = None,
    is_shown_only: bool = False,
) -> PlannedRun:
    """The changes that make Experience Platform match the manifests; with targets, only of those and what they need.

    A plan that `is_shown_only` may be one without changes that was kept, with no desired resources: if nothing has
    moved since then. Raises ManifestError if the manifests have errors, PlatformError if Experience Platform cannot be
    read.
    """
    if has_errors(manifests.diagnostics):
        lockfile, environment = session.ledger.lockfile, session.environment.name
        raise ManifestError(with_what_is_recorded(manifests.diagnostics, lambda: lockfile.entries, environment))
    diagnostics = list(manifests.diagnostics)
    replies = Replies(send_first=session.send)
    readings = Readings() if is_shown_only and not targets and keeps_plans(session) else None
    with reading_threads(session) as pool:
        # Without a token nothing else is sent; with a wrong target, not even the request for a token.
        admission = None if targets else pool.submit(session.authenticate)
        if admission is not None and readings is not None and not diagnostics:
            quiet = quiet_plan(session, manifests, admission, replies.keep, pool)
            if quiet is not None:
                return PlannedRun(plan=quiet, desired={})
        recorded = session.ledger.lockfile.entries
        desired = desired_graph(manifests.documents)
        wanted, entries = narrowed(desired, recorded, targets)
        result_of(admission or pool.submit(session.authenticate))
        reader = Reader(KINDS, replies.send if readings is None else readings.of_answers(replies.send), pool)
        checks = DesiredChecks(wanted, reader)
        live = Refresh(kinds=KINDS, send=replies.send, pool=pool, readings=readings)
        live.read_ahead(entries)
        diagnostics += checks.diagnostics()
        if has_errors(diagnostics):
            raise ManifestError(in_file_order(diagnostics))
        imports = Imports(session, manifests.documents, desired, live, pool)
        run = _planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        while users := users_of_replaced(run.plan.changes, desired, wanted):
            # What uses a replaced object is replaced with it, whatever the targets are.
            targets = (*targets, *users)
            wanted, entries = narrowed(desired, recorded, targets)
            run = _planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        if not targets:
            run = _with_diagnostics(run, all_gone(run.plan.changes, recorded, desired))
        if not imports.refused:
            run = _without_duplicates(session, run, duplicates or Permission(), pool)
        run = judged_run(run, manifests)
        problems = check_planned(run.plan.changes, run.desired, reader)
        if problems:
            raise ManifestError(in_file_order([*run.plan.diagnostics, *problems]))
    if readings is not None:
        keep_quiet_plan(session, manifests, run.plan, readings)
    return run


def make_destroy_plan(
    session: Session,
    manifests: Manifests,
    *,
    targets: Sequence[str] = (),
    max_delete: int | None = None,
) -> PlannedRun:
    """A plan that deletes everything in the lockfile; with targets, only those and what depends on them.

    Raises ManifestError if the policies have errors; what is wrong with other manifests does not matter.
    """
    policies = policies_alone(manifests)
    _, entries = narrowed({}, session.ledger.lockfile.entries, targets)
    with reading_threads(session) as pool:
        session.authenticate()
        live = Refresh(kinds=KINDS, send=session.send, pool=pool)
        run = _planned(session, live, {}, entries, manifests.digest, [], max_delete)
    run = judged_run(run, policies)
    return replace(run, plan=replace(run.plan, destroys=True))


def judged_run(run: PlannedRun, manifests: Manifests) -> PlannedRun:
    """The run with what the policies of the workspace say of its plan."""
    if not has_policies(manifests):
        return run
    from flowctl.operations.policies import judged  # only for a workspace that has rules

    return replace(run, plan=judged(run.plan, run.desired, manifests))


def _without_duplicates(
    session: Session, run: PlannedRun, permission: Permission, pool: ThreadPoolExecutor
) -> PlannedRun:
    """The plan with what the duplicate guard says of it."""
    found = find_duplicates(session, run.plan.changes, run.desired, permission, pool)
    run = _with_diagnostics(run, in_file_order(found.diagnostics))
    return replace(run, plan=replace(run.plan, allowed_duplicates=found.allowed))


def _with_diagnostics(run: PlannedRun, diagnostics: Sequence[Diagnostic]) -> PlannedRun:
    return replace(run, plan=replace(run.plan, diagnostics=(*run.plan.diagnostics, *diagnostics)))


def _planned(
    session: Session,
    live: Refresh,
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    digest: str,
    diagnostics: Sequence[Diagnostic],
    max_delete: int | None,
    imports: Imports | None = None,
) -> PlannedRun:
    recorded = session.ledger.lockfile
    adopted = imports.entries(desired, entries) if imports is not None else {}
    entries = {**entries, **adopted}
    as_recorded = resolve.as_recorded(desired, entries)
    gaps = resolve.resource_gaps(desired, as_recorded)
    observed = live.observe(desired, entries, gaps)
    back = taken_back(desired, entries, observed.objects, live.deposed(desired, entries), observed.lookups, KINDS)
    if back:
        entries, adopted = {**entries, **back}, {**adopted, **back}
        as_recorded = resolve.as_recorded(desired, entries)
        gaps = resolve.resource_gaps(desired, as_recorded)
        observed = replace(observed, objects={**observed.objects, **live.found(back)})
    inputs = PlanInput(
        desired=desired,
        recorded=recorded.narrowed_to(entries),
        observed=observed,
        kinds=KINDS,
        now=now / 1000 if (now := session.clock.now()) is not None else time.time(),
        as_recorded=as_recorded,
        gaps=gaps,
        adopted=adopted.keys(),
    )
    outcome = plan_changes(inputs)
    workspace = session.workspace
    limit = Limit(workspace.max_delete, workspace.max_delete_place) if max_delete is None else Limit(max_delete)
    warnings = live_warnings(desired, observed)
    differing = imports.replaced(outcome.changes) if imports is not None else ()
    problems = differing or plan_problems(outcome.changes, desired, entries, limit)
    plan = Plan(
        environment=session.environment.name,
        organization=recorded.organization,
        sandbox=recorded.sandbox,
        lineage=recorded.lineage,
        serial=recorded.serial,
        manifest_digest=digest,
        changes=outcome.changes,
        kept=outcome.kept,
        drift=outcome.drift,
        diagnostics=(*diagnostics, *warnings, *problems),
        made_at=int(inputs.now),
    )
    return PlannedRun(plan=plan, desired=desired, adopted=adopted)
