"""Planning of one desired resource: kept, updated, replaced or created."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from flowctl.engine import resolve
from flowctl.engine.plan import diff
from flowctl.engine.plan.creation import creation
from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.ignoring import with_live_values
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.replacement import creators_first, forced_paths, replacement
from flowctl.engine.plan.substituted import as_sent
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.change import RULES, STATE, Action, AttributeChange, Change, Effect, Note, Reason
from flowctl.model.containment import holds
from flowctl.model.json_value import JSONObject
from flowctl.model.record import UNKNOWN_SECRET, LockEntry
from flowctl.model.resource import Lifecycle, RemoteObject, Resource, Sensitive
from flowctl.model.values import walk

_NO_OUTPUTS: Final[Mapping[str, str]] = {}
"""Shared by the changes of all resources that stay as they are."""
_RESUMED = AttributeChange(steps=(STATE,), before="disabled", after="enabled")
_SECRETS_KEPT = (
    "Experience Platform does not return secrets, so they are not compared. flowctl sends one after its value in "
    "your environment changes."
)


def resource_change(
    inputs: PlanInput, resource: Resource, planned: Mapping[Address, Change], drawn_in: frozenset[Address]
) -> Change:
    """What to do with one desired resource, given the changes of what it depends on.

    `drawn_in` holds the resources that must be replaced because a partner is created or replaced.
    """
    change = _change(inputs, resource, planned, drawn_in)
    if resource.address not in inputs.adopted:
        return change
    # A predecessor that is taken back still has its successor to delete.
    is_taken_back = bool(inputs.recorded.entries[resource.address].deposed)
    return _import(change, Reason.TAKEN_BACK if is_taken_back else Reason.ADOPTED)


def is_unchanged(inputs: PlanInput, resource: Resource) -> bool:
    """Whether the live object of a resource that is as it is recorded is too; false if that is not known at once.

    All that it depends on has to stay as it is.
    """
    entry, live = inputs.recorded.entries[resource.address], inputs.observed.objects.get(resource.address)
    if live is None or entry.suspended:
        return False
    return live.known is entry.applied or holds(live.attributes, entry.applied)


def as_it_is(inputs: PlanInput, resource: Resource) -> Change:
    """The change of a resource that is unchanged, which does nothing."""
    entry, live = inputs.recorded.entries[resource.address], inputs.observed.objects[resource.address]
    return _kept(resource, entry, live, entry.applied)


def _import(change: Change, reason: Reason) -> Change:
    """The change that records a live object, and updates what differs; a replacement stays one, and is refused."""
    if change.action not in (Action.NO_OP, Action.UPDATE):
        return change
    has_secrets = any(isinstance(value, Sensitive) for _, value in walk(change.desired))
    notes = (_SECRETS_KEPT,) if has_secrets else ()
    return replace(change, action=Action.IMPORT, reason=reason, notes=(*notes, *change.notes))


def _change(
    inputs: PlanInput, resource: Resource, planned: Mapping[Address, Change], drawn_in: frozenset[Address]
) -> Change:
    address = resource.address
    is_drawn_in = address in drawn_in
    entry = inputs.recorded.entries.get(address)
    live = inputs.observed.objects.get(address)
    declared = _desired(resource, inputs, planned)
    if entry is None or live is None:
        reason = Reason.NOT_RECORDED if entry is None else Reason.MISSING_REMOTELY
        return creation(resource, declared, reason, inputs, planned)
    kind = inputs.kinds[resource.kind]
    if kind.state is not None and address in inputs.needed_states:
        declared = {**declared, kind.state.path[0]: inputs.needed_states[address]}
    if resource.ignored:
        declared = with_live_values(declared, live.attributes, resource.ignored, kind.keyed_lists)
    desired = as_sent(declared, entry)
    found = _differences(kind, desired, entry, live, inputs.recorded.salt)
    forced = forced_paths(kind, found, live, inputs.now) if found else frozenset()
    rules = tuple(_changed_rules(entry.lifecycle, resource.lifecycle))
    resumed = _resumed(entry, desired, kind)
    found = tuple(each for each in found if not (resumed and each.steps == _RESUMED.steps))
    if not (found or rules or is_drawn_in or resumed):
        kept = _kept(resource, entry, live, desired, tuple(_uncompared_secrets(desired)))
        return replace(kept, outputs=live.outputs) if address in inputs.standing else kept
    if forced or is_drawn_in:
        if kind.state is not None and kind.state.left_for_users:
            # No manifest names this state: a new object is made in the first one.
            declared = {name: value for name, value in declared.items() if name != kind.state.path[0]}
            found = tuple(each for each in found if each.steps != kind.state.path)
        users = tuple(sorted(creators_first(inputs.desired.values(), address))) if is_drawn_in else ()
        return replacement(
            kind, resource, declared, live, (*found, *rules), forced, planned, drawn_in, users, inputs.now
        )
    return Change(
        address=address,
        action=Action.UPDATE,
        reason=Reason.INTERRUPTED if resumed and not found else _update_reason(found, entry, live, kind),
        attributes=(*found, *rules, *resumed),
        desired=desired,
        observed=live.attributes,
        remote_id=entry.id,
        etag=live.etag,
        depends_on=resource.depends_on,
        resumes=bool(resumed),
        notes=(*_uncompared_secrets(desired), *_update_notes(kind, found, () if resumed else rules, desired)),
    )


def _differences(
    kind: Kind, desired: JSONObject, entry: LockEntry, live: RemoteObject, salt: str
) -> tuple[AttributeChange, ...]:
    """What of a live object is not as desired."""
    found = diff.changes(
        desired=desired,
        observed=live.attributes,
        applied=entry.applied,
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda path, secret: _secret_changed(path, secret, entry, salt),
    )
    found += tuple(_removed_secrets(desired, entry, live))
    if kind.state is None:
        return found
    # A state counts only where it is written: no action takes one away.
    return tuple(each for each in found if each.steps != kind.state.path or each.after is not None)


def _resumed(entry: LockEntry, desired: JSONObject, kind: Kind) -> tuple[AttributeChange, ...]:
    """The change that starts an object again which an interrupted replacement stopped, unless it is to be stopped."""
    if not entry.suspended or kind.replacement.suspension is None:
        return ()
    return (_RESUMED,) if value_at(desired, _RESUMED.steps, {}) in (None, _RESUMED.after) else ()


def _desired(resource: Resource, inputs: PlanInput, planned: Mapping[Address, Change]) -> JSONObject:
    return resolve.planned(
        resource,
        inputs.gaps_of(resource),
        changes=planned,
        lookups=inputs.observed.lookups,
        entries=inputs.recorded.entries,
        kinds=inputs.kinds,
    )


def _uncompared_secrets(desired: JSONObject) -> Iterator[str]:
    for path, secret in resolve.unset_secrets(desired):
        words = f"`{secret.variable}` is not set, so changes to `{path}` cannot be detected."
        yield Note(words, Effect.NOT_COMPARED)


def _kept(
    resource: Resource, entry: LockEntry, live: RemoteObject, desired: JSONObject, notes: tuple[str, ...] = ()
) -> Change:
    return Change(
        address=resource.address,
        action=Action.NO_OP,
        reason=Reason.UP_TO_DATE,
        desired=desired,
        observed=live.attributes,
        remote_id=entry.id,
        etag=live.etag,
        depends_on=resource.depends_on,
        notes=notes,
        outputs=_NO_OUTPUTS,
    )


def _changed_rules(recorded: Lifecycle, wanted: Lifecycle) -> Iterator[AttributeChange]:
    """What the lockfile has to remember of `lifecycle`: it holds after the manifest is gone."""
    if wanted.on_delete is not recorded.on_delete:
        before, after = str(recorded.on_delete), str(wanted.on_delete)
        yield AttributeChange(steps=(RULES, "onDelete"), before=before, after=after)
    if wanted.prevent_destroy is not recorded.prevent_destroy:
        yield AttributeChange(
            steps=(RULES, "preventDestroy"), before=recorded.prevent_destroy, after=wanted.prevent_destroy
        )


def _update_notes(
    kind: Kind, found: tuple[AttributeChange, ...], rules: tuple[AttributeChange, ...], desired: JSONObject
) -> tuple[str, ...]:
    if found:
        return kind.update_notes(found, desired, frozenset())
    return ("Only the lockfile changes: nothing is sent to Experience Platform.",) if rules else ()


def _secret_changed(path: Path, secret: Sensitive, entry: LockEntry, salt: str) -> bool:
    if secret.value is None:
        return False
    recorded = entry.secret_digests.get(dotted(path))
    return recorded != UNKNOWN_SECRET and recorded != secret.digest(salt)


def _removed_secrets(desired: JSONObject, entry: LockEntry, live: RemoteObject) -> Iterator[AttributeChange]:
    """Secrets that were sent once, are no longer declared and are still there."""
    for path in entry.secret_digests:
        steps = tuple(path.split("."))
        if value_at(desired, steps, {}) is None and value_at(live.attributes, steps, {}) is not None:
            yield AttributeChange(steps=steps, sensitive=True)


def _update_reason(found: tuple[AttributeChange, ...], entry: LockEntry, live: RemoteObject, kind: Kind) -> Reason:
    """Drift, where every changed place goes back to what was applied before."""
    if not found:
        return Reason.RULES_CHANGED
    drift = diff.drift(applied=entry.applied, observed=live.attributes, keyed_lists=kind.keyed_lists, forms=kind.forms)
    recorded = {change.steps: change.recorded for change in drift}
    forms = kind.forms(entry.applied)
    back = all(
        change.steps in recorded and alike(forms, change.steps, recorded[change.steps], change.after)
        for change in found
    )
    return Reason.DRIFTED if back else Reason.ATTRIBUTES_CHANGED
