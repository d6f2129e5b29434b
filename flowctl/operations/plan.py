"""Plan: compare manifests, lockfile and live objects."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flowctl.engine.observe.readings import Readings
from flowctl.engine.observe.refresh import Refresh, is_warned_of
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.index import named
from flowctl.manifest.pulled import Pulled
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, has_errors, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.selection import Choice
from flowctl.operations.adopting import Imports
from flowctl.operations.duplicates import Permission, find_duplicates
from flowctl.operations.ignored_paths import ignored_path_problems
from flowctl.operations.live_checks import DesiredChecks, Reader, check_planned, not_asked_live
from flowctl.operations.moving import Moves, moved_entries, moves_of, pending_moves, with_kept_titles
from flowctl.operations.planning import PlannedRun, planned
from flowctl.operations.policy_documents import asks_for_runs, has_policies, policies_alone
from flowctl.operations.probable_renames import probable_renames
from flowctl.operations.quiet_plans import Replies, keep_quiet_plan, keeps_plans, quiet_plan
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.recorded_pipelines import all_gone, with_what_is_recorded
from flowctl.operations.refreshing import refresh_of
from flowctl.operations.selecting import narrowed_manifests
from flowctl.operations.session import Session
from flowctl.operations.targets import chosen_entries, chosen_part, narrowed, split_problems, users_of_replaced
from flowctl.systems import result_of

if TYPE_CHECKING:
    from flowctl.operations.policies import Known


def make_plan(
    session: Session,
    manifests: Manifests,
    *,
    targets: Sequence[str] = (),
    choice: Choice | None = None,
    max_delete: int | None = None,
    duplicates: Permission | None = None,
    is_shown_only: bool = False,
) -> PlannedRun:
    """The changes that make Experience Platform match the manifests.

    With targets or a choice, only the changes of those and of what they need.

    A plan that `is_shown_only` may be one without changes that was kept, with no desired resources: if nothing has
    moved since then. Raises ManifestError if the manifests have errors, PlatformError if Experience Platform cannot be
    read.
    """
    everything = manifests.documents
    policies = manifests if choice is None else policies_alone(manifests)  # a choice never leaves out a rule
    manifests = narrowed_manifests(manifests, choice)
    _require_no_errors(session, manifests)
    diagnostics = not_asked_live(manifests.diagnostics)
    moves = _moves(session, everything)
    if moves.problems:
        raise ManifestError(in_file_order([*diagnostics, *moves.problems]))
    replies = Replies(send_first=session.send)
    is_whole = not targets and choice is None and not moves.entries
    with_runs = asks_for_runs(policies)  # a run ends without any change that a kept plan would notice
    readings = Readings() if is_shown_only and is_whole and not with_runs and keeps_plans(session) else None
    with reading_threads(session) as pool:
        # Without a token nothing else is sent; with a wrong target, not even the request for a token.
        admission = None if targets else pool.submit(session.authenticate)
        if admission is not None and readings is not None and not diagnostics:
            quiet = quiet_plan(session, manifests, admission, replies.keep, pool)
            if quiet is not None:
                return PlannedRun(plan=quiet, desired={})
        recorded = moved_entries(session.ledger.lockfile.entries, moves.entries)
        desired = desired_graph(manifests.documents)
        wanted, entries = _part(session, desired, recorded, targets, choice)
        result_of(admission or pool.submit(session.authenticate))
        reader = Reader(KINDS, replies.send if readings is None else readings.of_answers(replies.send), pool)
        checks = DesiredChecks(wanted, reader)
        keeps = _tells_of_runs if with_runs else is_warned_of
        live = refresh_of(session, pool, send=replies.send, readings=readings, keeps=keeps)
        live.read_ahead(entries)
        diagnostics += checks.diagnostics()
        diagnostics += ignored_path_problems(manifests.documents)
        if has_errors(diagnostics):
            raise ManifestError(in_file_order(diagnostics))
        imports = Imports(session, everything, desired, live, pool, recorded, is_narrowed=choice is not None)
        run = planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        while choice is None and (users := users_of_replaced(run.plan.changes, desired, wanted)):
            # What uses a replaced object is replaced with it, whatever the targets are.
            targets = (*targets, *users)
            wanted, entries = _part(session, desired, recorded, targets, None)
            run = planned(session, live, wanted, entries, manifests.digest, diagnostics, max_delete, imports)
        run = _with_moves(run, moves, entries)
        run = _with_diagnostics(run, list(probable_renames(run.plan.changes, recorded, desired)))
        if choice is not None:
            run = _selected(run, recorded, entries, choice)
        elif not targets:
            run = _with_diagnostics(run, all_gone(run.plan.changes, recorded, desired))
        if not imports.refused:
            run = _without_duplicates(session, run, duplicates or Permission(), pool)
        known = partial(_known, session, live, recorded, pool, everything, manifests.pulled)
        run = _judged(run, manifests.documents, policies, known)
        problems = check_planned(run.plan.changes, run.desired, reader)
        if problems:
            raise ManifestError(in_file_order([*run.plan.diagnostics, *problems]))
    if readings is not None:
        keep_quiet_plan(session, manifests, run.plan, readings)
    return run


def _require_no_errors(session: Session, manifests: Manifests) -> None:
    """Raise ManifestError if the manifests have errors."""
    if has_errors(manifests.diagnostics):
        lockfile, environment = session.ledger.lockfile, session.environment.name
        raise ManifestError(with_what_is_recorded(manifests.diagnostics, lambda: lockfile.entries, environment))


def _moves(session: Session, documents: Sequence[Document]) -> Moves:
    """The renames of the workspace that the lockfile has not seen, and what is wrong with them."""
    renames = session.workspace.moved
    # A plan without changes that was kept needs nothing of the lockfile, which takes long to decode.
    recorded = session.ledger.lockfile.entries.keys() if renames else ()
    return moves_of(renames, recorded, frozenset((document.kind, document.name) for document in documents))


def _with_moves(run: PlannedRun, moves: Moves, entries: Mapping[Address, LockEntry]) -> PlannedRun:
    """The plan with the renames of these entries."""
    moved = tuple(each for each in moves.entries if each.new in entries)
    return replace(run, plan=replace(run.plan, moved=moved))


def make_destroy_plan(
    session: Session,
    manifests: Manifests | None = None,
    *,
    targets: Sequence[str] = (),
    choice: Choice | None = None,
    max_delete: int | None = None,
) -> PlannedRun:
    """A plan that deletes everything in the lockfile.

    With targets, only those and what depends on them; with a choice, only what nothing outside of it needs.
    The manifests give the rules of policies; without them no rule is checked. Raises ManifestError if the policies
    have errors; what is wrong with other manifests does not matter.
    """
    policies = policies_alone(manifests) if manifests is not None else None
    moves = pending_moves(session, manifests.documents if manifests is not None else ())
    recorded = moved_entries(session.ledger.lockfile.entries, moves)
    _, entries = narrowed({}, recorded, targets) if choice is None else ({}, chosen_entries(recorded, choice))
    with reading_threads(session) as pool:
        session.authenticate()
        live = refresh_of(session, pool)
        run = planned(session, live, {}, entries, manifests.digest if manifests is not None else "", [], max_delete)
    if choice is not None:
        run = _selected(run, recorded, entries, choice)
    if policies is not None:
        run = _judged(run, (), policies)
    moved = tuple(each for each in moves if each.new in entries)
    return replace(run, plan=replace(run.plan, destroys=True, moved=moved))


def _judged(
    run: PlannedRun,
    documents: Sequence[Document],
    policies: Manifests,
    known: "Callable[[], Known] | None" = None,
) -> PlannedRun:
    """The run with what the policies of the workspace say of its plan; `documents` are those that it is made from."""
    if not has_policies(policies):
        return run
    from flowctl.operations.policies import Known, judged  # only for a workspace that has rules

    facts = known() if known is not None else Known()
    return replace(run, plan=judged(run.plan, run.desired, documents, policies.documents, facts))


def _known(
    session: Session,
    live: Refresh,
    recorded: Mapping[Address, LockEntry],
    pool: ThreadPoolExecutor,
    documents: Sequence[Document],
    pulled: Pulled,
) -> "Known":
    """What rules may look at besides: the documents, schemas that were pulled, and last runs if a rule asks."""
    from flowctl.operations.policies import Known
    from flowctl.operations.runs.last_runs import last_runs
    from flowctl.operations.runs.listing import platform_now

    def runs() -> Mapping[str, JSONObject]:
        flows = {address: entry for address, entry in recorded.items() if KINDS[entry.kind].is_pipeline}
        return last_runs(live.found(flows), platform_now(session), session.send, pool)

    return Known(documents=named(documents), pulled=pulled, last_runs=runs)


def _tells_of_runs(kind: Kind, live: RemoteObject) -> bool:
    """Whose body is kept if a rule asks for the last run."""
    return kind.is_pipeline or is_warned_of(kind, live)


def _part(
    session: Session,
    desired: Mapping[Address, Resource],
    recorded: Mapping[Address, LockEntry],
    targets: Sequence[str],
    choice: Choice | None,
) -> tuple[Mapping[Address, Resource], Mapping[Address, LockEntry]]:
    """The desired resources and the recorded entries that a plan is about."""
    wanted, entries = (
        chosen_part(desired, recorded, choice) if choice is not None else narrowed(desired, recorded, targets)
    )
    return with_kept_titles(wanted, entries, session.workspace.moved), entries


def _selected(
    run: PlannedRun, recorded: Mapping[Address, LockEntry], entries: Mapping[Address, LockEntry], choice: Choice
) -> PlannedRun:
    """The plan with the selection that it is narrowed to, and what that tears apart."""
    problems = split_problems(run.plan.changes, recorded, entries, choice)
    return _with_diagnostics(replace(run, plan=replace(run.plan, selection=choice.selection)), problems)


def _without_duplicates(
    session: Session, run: PlannedRun, permission: Permission, pool: ThreadPoolExecutor
) -> PlannedRun:
    """The plan with what is said of duplicates."""
    found = find_duplicates(session, run.plan.changes, run.desired, permission, pool)
    run = _with_diagnostics(run, in_file_order(found.diagnostics))
    return replace(run, plan=replace(run.plan, allowed_duplicates=found.allowed))


def _with_diagnostics(run: PlannedRun, diagnostics: Sequence[Diagnostic]) -> PlannedRun:
    return replace(run, plan=replace(run.plan, diagnostics=(*run.plan.diagnostics, *diagnostics)))
