"""The proof: what the documents would send is compared with every member of what was read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.engine import resolve
from flowctl.engine.observe.adoption import adopted_entry
from flowctl.engine.observe.observation import Observation
from flowctl.engine.plan.equivalence import alike, equivalent
from flowctl.engine.plan.places import leaves
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import plan_changes
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import begins_with, dotted, value_at
from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry, Lockfile
from flowctl.model.resource import Lookup, RemoteObject, Resource, Sensitive
from flowctl.model.values import revealed
from flowctl.operations.importing.matching import looked_up
from flowctl.operations.importing.sandbox import Part, Sandbox

_LONGEST: Final = 60


def unproven(
    desired: Mapping[Address, Resource],
    parts: Mapping[Address, Part],
    lockfile: Lockfile,
    sandbox: Sandbox,
    now: float,
) -> dict[Address, str]:
    """Why the resource at an address does not describe its live object exactly, for those where that is so.

    `desired` are the resources to be imported and all that they depend on; `parts` the live objects of the former.
    """
    adopted = {
        address: adopted_entry(desired[address], part.kind, part.live, lockfile.salt) for address, part in parts.items()
    }
    recorded = {address: entry for address, entry in lockfile.entries.items() if address in desired}
    entries: Mapping[Address, LockEntry] = {**recorded, **adopted}
    gaps = resolve.resource_gaps(desired)
    lookups = {
        gap: value
        for found in gaps.values()
        for _, gap in found
        if isinstance(gap, Lookup) and (value := looked_up(gap, sandbox)) is not None
    }
    outcome = plan_changes(
        PlanInput(
            desired=desired,
            recorded=lockfile.narrowed_to(entries),
            observed=Observation(
                objects={
                    **{address: _as_recorded(entry) for address, entry in recorded.items()},
                    **{address: part.live for address, part in parts.items()},
                },
                lookups=lookups,
            ),
            kinds=KINDS,
            now=now,
            as_recorded=resolve.as_recorded(desired, entries),
            gaps=gaps,
            adopted=adopted.keys(),
        )
    )
    changes = {change.address: change for change in outcome.changes if change.address in parts}
    found = {address: why for address, part in parts.items() if (why := _why(changes.get(address), part)) is not None}
    # Of what follows from another difference, the cause is enough.
    return {
        address: why
        for address, why in found.items()
        if address not in changes or found.keys().isdisjoint(changes[address].because_of)
    }


def _as_recorded(entry: LockEntry) -> RemoteObject:
    """What is recorded already is planned elsewhere: here it stays as it is."""
    return RemoteObject(id=entry.id, etag=entry.etag, attributes=entry.applied, body={}, outputs=entry.outputs)


def _why(change: Change | None, part: Part) -> str | None:
    if change is None:
        return f"its {part.kind.title} is not planned"
    if change.action is not Action.IMPORT or change.attributes:
        return _differs(change.attributes, part)
    lost = next(_lost(change, part), None)
    return f"no key of a manifest describes `{lost}` of its {part.kind.title}" if lost is not None else None


def _differs(attributes: Sequence[AttributeChange], part: Part) -> str:
    if not attributes:
        return f"its {part.kind.title} could only be replaced"
    first = attributes[0]
    return (
        f"`{first.path}` of its {part.kind.title} cannot be reproduced: it is {_shown(first.before)}, "
        f"and a manifest can say {_shown(first.after)}"
    )


def _lost(change: Change, part: Part) -> Iterator[str]:
    """The places of live values that neither the manifest says nor the request that would create the object."""
    kind = part.kind
    sent = kind.create(revealed(change.desired)).body
    forms = kind.forms(change.desired)
    unmanaged = tuple(kind.unmanaged(part.live.attributes))
    for path, live in leaves(part.live.attributes, kind.keyed_lists):
        if isinstance(live, Sensitive) or equivalent(live, None) or any(begins_with(path, each) for each in unmanaged):
            continue
        said = (value_at(body, path, kind.keyed_lists) for body in (change.desired, sent) if isinstance(body, Mapping))
        if not any(alike(forms, path, live, value) for value in said):
            yield dotted(path)


def _shown(value: JSON) -> str:
    text = "(none)" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
