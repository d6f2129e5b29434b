"""Plan: compare manifests, lockfile and live objects."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from flowctl.engine import resolve
from flowctl.engine.observe.observation import Observation
from flowctl.engine.observe.refresh import Refresh
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import plan_changes
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, has_errors, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.plan import Plan
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.model.selection import Choice
from flowctl.operations.adopting import Imports
from flowctl.operations.duplicates import Permission, find_duplicates
from flowctl.operations.ignored_paths import ignored_path_problems
from flowctl.operations.live_checks import DesiredChecks, Reader, check_planned
from flowctl.operations.live_warnings import live_warnings
from flowctl.operations.moving import moved_entries, moves_of, with_kept_titles
from flowctl.operations.probable_renames import probable_renames
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.recorded_pipelines import all_gone, with_what_is_recorded
from flowctl.operations.refusals import plan_problems
from flowctl.operations.selecting import narrowed_manifests
from flowctl.operations.session import Session
from flowctl.operations.targets import chosen_entries, chosen_part, narrowed, split_problems, users_of_replaced
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
    choice: Choice | None = None,
    max_delete: int | None = None,
    duplicates: Permission | None = None,
) -> PlannedRun:
    """The changes that make Experience Platform match the manifests.

    With targets or a choice, only the changes of those and of what they need.

    Raises ManifestError if the manifests have errors, PlatformError if Experience Platform cannot be read.
    """
    everything = manifests.documents
    documents = frozenset((document.kind, document.name) for document in everything)
    manifests = narrowed_manifests(manifests, choice)
    if has_errors(manifests.diagnostics):
        lockfile, environment = session.ledger.lockfile, session.environment.name
        raise ManifestError(with_what_is_recorded(manifests.diagnostics, lambda: lockfile.entries, environment))
    diagnostics = list(manifests.diagnostics)
    moves = moves_of(session.workspace.moved, session.ledger.lockfile.entries.keys(), documents)
    if moves.problems:
        raise ManifestError(in_file_order([*diagnostics, *moves.problems]))
    recorded = moved_entries(session.ledger.lockfile.entries, moves.entries)
    with reading_threads(session) as pool:
        # Without a token nothing else is sent; with a wrong target, not even the request for a token.
        admission = None if targets else pool.submit(session.authenticate)
        desired = desired_graph(manifests.documents)
        wanted, entries = (
            chosen_part(desired, recorded, choice) if choice is not None else narrowed(desired, recorded, targets)
        )
        wanted = with_kept_titles(wanted, entries, session.workspace.moved)
        result_of(admission or pool.submit(session.authenticate))
        reader = Reader(KINDS, session.send, pool)
        checks = DesiredChecks(wanted, reader)
        live = Refresh(kinds=KINDS, send=session.send, pool=pool)
        live.read_ahead(entries)
        diagnostics += checks.diagnostics()
        diagnostics += ignored_path_problems(manifests.documents)
        if has_errors(diagnostics):
            raise ManifestError(in_file_order(diagnostics))
        imports = Imports(session, everything, desired, live, pool, recorded, is_narrowed=choice is not None)
        run = _planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        while choice is None and (users := users_of_replaced(run.plan.changes, desired, wanted)):
            # What uses a replaced object is replaced with it, whatever the targets are.
            targets = (*targets, *users)
            wanted, entries = narrowed(desired, recorded, targets)
            wanted = with_kept_titles(wanted, entries, session.workspace.moved)
            run = _planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        moved = tuple(each for each in moves.entries if each.new in entries)
        run = replace(run, plan=replace(run.plan, moved=moved))
        run = _with_diagnostics(run, list(probable_renames(run.plan.changes, recorded, desired)))
        if choice is not None:
            run = _selected(run, split_problems(run.plan.changes, recorded, entries, choice), choice)
        elif not targets:
            run = _with_diagnostics(run, all_gone(run.plan.changes, recorded, desired))
        if not imports.refused:
            run = _without_duplicates(session, run, duplicates or Permission(), pool)
        problems = check_planned(run.plan.changes, run.desired, reader)
        if problems:
            raise ManifestError(in_file_order([*run.plan.diagnostics, *problems]))
    return run


def make_destroy_plan(
    session: Session,
    manifests_digest: str = "",
    *,
    targets: Sequence[str] = (),
    choice: Choice | None = None,
    max_delete: int | None = None,
) -> PlannedRun:
    """A plan that deletes everything in the lockfile.

    With targets, only those and what depends on them; with a choice, only what nothing outside of it needs.
    """
    recorded = session.ledger.lockfile.entries
    _, entries = narrowed({}, recorded, targets) if choice is None else ({}, chosen_entries(recorded, choice))
    with reading_threads(session) as pool:
        session.authenticate()
        live = Refresh(kinds=KINDS, send=session.send, pool=pool)
        run = _planned(session, live, {}, entries, manifests_digest, [], max_delete)
    if choice is not None:
        run = _selected(run, split_problems(run.plan.changes, recorded, entries, choice), choice)
    return replace(run, plan=replace(run.plan, destroys=True))


def _selected(run: PlannedRun, problems: Sequence[Diagnostic], choice: Choice) -> PlannedRun:
    """The plan with the selection that it is narrowed to."""
    return _with_diagnostics(replace(run, plan=replace(run.plan, selection=choice.selection)), problems)


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
    gaps = resolve.resource_gaps(desired)
    baselines = resolve.baselines(desired, entries, gaps)
    observed = live.observe(desired, entries, gaps)
    standing = _standing(desired, entries, observed)
    if standing:
        entries = {
            address: replace(entry, outputs=observed.objects[address].outputs) if address in standing else entry
            for address, entry in entries.items()
        }
        baselines = resolve.baselines(desired, entries, gaps)
    inputs = PlanInput(
        desired=desired,
        recorded=recorded.narrowed_to(entries),
        observed=observed,
        kinds=KINDS,
        now=now / 1000 if (now := session.clock.now()) is not None else time.time(),
        baselines=baselines,
        gaps=gaps,
        standing=standing,
        adopted=adopted.keys(),
    )
    outcome = plan_changes(inputs)
    most = session.workspace.max_delete if max_delete is None else max_delete
    warnings = live_warnings(desired, observed)
    differing = imports.replaced(outcome.changes) if imports is not None else ()
    problems = differing or plan_problems(outcome.changes, desired, entries, most)
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
        ignored=outcome.ignored,
        diagnostics=(*diagnostics, *warnings, *problems),
        made_at=int(inputs.now),
    )
    return PlannedRun(plan=plan, desired=desired, adopted=adopted)


def _standing(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry], observed: Observation
) -> frozenset[Address]:
    """The versioned resources with ignored places of which another version than the recorded one is in use."""
    return frozenset(
        address
        for address, entry in entries.items()
        if KINDS[entry.kind].versioned
        and address in desired
        and desired[address].ignored
        and address in observed.objects
        and observed.objects[address].outputs != entry.outputs
    )
