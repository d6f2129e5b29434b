"""Plan some desired resources and recorded entries: read what is live, and compare."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flowctl.engine import resolve
from flowctl.engine.observe.observation import Observation
from flowctl.engine.observe.refresh import Refresh
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import plan_changes
from flowctl.engine.plan.taking_back import taken_back
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.plan import Plan
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.operations.adopting import Imports
from flowctl.operations.live_warnings import live_warnings
from flowctl.operations.refusals import Limit, plan_problems
from flowctl.operations.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A plan with the desired resources that it was made from, and the entries of objects that it imports.

    `dataflows` are the live dataflows that change: they tell their last run.
    """

    plan: Plan
    desired: Mapping[Address, Resource]
    adopted: Mapping[Address, LockEntry] = field(default_factory=dict)
    dataflows: Mapping[Address, RemoteObject] = field(default_factory=dict)


def planned(
    session: Session,
    live: Refresh,
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    digest: str,
    diagnostics: Sequence[Diagnostic],
    max_delete: int | None,
    imports: Imports | None = None,
) -> PlannedRun:
    """The plan for these resources and entries, with these diagnostics before its own."""
    imported = imports.entries(desired, entries) if imports is not None else {}
    inputs, adopted = _read(session, live, desired, entries, imported)
    entries, observed, recorded = inputs.recorded.entries, inputs.observed, session.ledger.lockfile
    outcome = plan_changes(inputs)
    differing = imports.replaced(outcome.changes) if imports is not None else ()
    problems = differing or plan_problems(outcome.changes, desired, entries, _limit(session, max_delete))
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
        diagnostics=(*diagnostics, *live_warnings(desired, observed), *problems),
        made_at=int(inputs.now),
    )
    changing = [change.address for change in plan.changes if KINDS[change.kind].is_pipeline]
    dataflows = {address: observed.objects[address] for address in changing if address in observed.objects}
    return PlannedRun(plan=plan, desired=desired, adopted=adopted, dataflows=dataflows)


def _read(
    session: Session,
    live: Refresh,
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    adopted: Mapping[Address, LockEntry],
) -> tuple[PlanInput, Mapping[Address, LockEntry]]:
    """What is desired, recorded and live, and the adopted entries with those of old objects that fit again."""
    entries = {**entries, **adopted} if adopted else entries
    as_recorded = resolve.as_recorded(desired, entries)
    gaps = resolve.resource_gaps(desired, as_recorded)
    observed = live.observe(desired, entries, gaps)
    back = taken_back(desired, entries, observed.objects, live.deposed(desired, entries), observed.lookups, KINDS)
    if back:
        entries, adopted = {**entries, **back}, {**adopted, **back}
        as_recorded = resolve.as_recorded(desired, entries)
        gaps = resolve.resource_gaps(desired, as_recorded)
        observed = replace(observed, objects={**observed.objects, **live.found(back)})
    standing = _standing(desired, entries, observed)
    if standing:
        entries = {
            address: replace(entry, outputs=observed.objects[address].outputs) if address in standing else entry
            for address, entry in entries.items()
        }
    inputs = PlanInput(
        desired=desired,
        recorded=session.ledger.lockfile.narrowed_to(entries),
        observed=observed,
        kinds=KINDS,
        now=now / 1000 if (now := session.clock.now()) is not None else time.time(),
        as_recorded=as_recorded,
        gaps=gaps,
        standing=standing,
        adopted=adopted.keys(),
    )
    return inputs, adopted


def _limit(session: Session, max_delete: int | None) -> Limit:
    """How many deletions a plan may have: what the command says, or else the workspace."""
    workspace = session.workspace
    if max_delete is None and workspace.max_delete is not None:
        return Limit(workspace.max_delete, workspace.max_delete_place())
    return Limit(max_delete)


def _standing(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry], observed: Observation
) -> frozenset[Address]:
    """The versioned resources with ignored places of which another version than the recorded one is in use."""
    versioned = {name for name, kind in KINDS.items() if kind.versioned}
    return frozenset(
        address
        for address, entry in entries.items()
        if entry.kind in versioned
        and address in desired
        and desired[address].ignored
        and address in observed.objects
        and observed.objects[address].outputs != entry.outputs
    )
