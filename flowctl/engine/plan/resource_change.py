"""Planning of one wanted resource."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flowctl.engine.plan import diff
from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.filled import filled
from flowctl.engine.plan.replacement import forced_paths
from flowctl.engine.plan.situation import Situation
from flowctl.kinds.kind import Kind
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.change import RULES, Action, AttributeChange, Change, Reason
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lifecycle, RemoteObject, Resource, Sensitive, Unknown


def resource_change(
    situation: Situation, resource: Resource, planned: Mapping[Address, Change], *, drawn_in: bool
) -> Change:
    """What to do with one wanted resource, given the changes of what it depends on.

    `drawn_in` says that a partner which it must be replaced with is made anew.
    """
    address = resource.address
    entry = situation.recorded.entries.get(address)
    live = situation.observed.objects.get(address)
    desired, uncompared = filled(resource, situation, planned)
    kind = situation.kinds[resource.kind]
    if entry is None or live is None:
        reason = Reason.NOT_RECORDED if entry is None else Reason.MISSING_REMOTELY
        return _creation(kind, resource, desired, reason, situation, planned)
    found = diff.changes(
        desired=desired,
        observed=live.attributes,
        applied=entry.applied,
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda path, secret: _secret_changed(path, secret, entry, situation.recorded.salt),
    )
    found += tuple(_removed_secrets(desired, entry, live))
    forced = forced_paths(kind, found, live, situation.now) if found else frozenset()
    rules = tuple(_changed_rules(entry.lifecycle, resource.lifecycle))
    if forced or drawn_in:
        return _replacement(kind, resource, desired, live, (*found, *rules), forced, planned)
    return Change(
        address=address,
        action=Action.UPDATE if found or rules else Action.NO_OP,
        reason=_update_reason(found, entry, live, kind) if found or rules else Reason.UP_TO_DATE,
        attributes=(*found, *rules),
        desired=desired,
        observed=live.attributes,
        remote_id=entry.id,
        etag=live.etag,
        depends_on=resource.depends_on,
        notes=(*uncompared, *_update_notes(kind, found, rules, desired)),
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
    return ("Nothing is sent: the rule is recorded in the lockfile.",) if rules else ()


def _made_anew(needed: Iterable[Address], planned: Mapping[Address, Change]) -> frozenset[str]:
    """The kinds of what is made anew among these and what they depend on, at any distance."""
    found: set[str] = set()
    for address in needed:
        if planned[address].action in (Action.CREATE, Action.REPLACE):
            found.add(address.kind)
        found |= _made_anew(planned[address].depends_on, planned)
    return frozenset(found)


def _may_have_had_a_predecessor(resource: Resource, reason: Reason, situation: Situation) -> bool:
    """Whether an object at this address may have worked: it was recorded, its needs were replaced, or data is there."""
    recorded = {need: entry for need in resource.depends_on if (entry := situation.recorded.entries.get(need))}
    if reason is Reason.MISSING_REMOTELY:
        return bool(recorded)
    return any(entry.deposed or need in situation.observed.filled for need, entry in recorded.items())


def _creation(
    kind: Kind,
    resource: Resource,
    desired: JSONObject,
    reason: Reason,
    situation: Situation,
    planned: Mapping[Address, Change],
) -> Change:
    notes: tuple[str, ...] = ()
    if reason is Reason.MISSING_REMOTELY:
        notes = (
            "The recorded object is not found: it was deleted outside flowctl, or access labels hide it from "
            "these credentials.",
        )
    if _may_have_had_a_predecessor(resource, reason, situation):
        notes = (*notes, *kind.replacement.recreation_notes((), desired, _made_anew(resource.depends_on, planned)))
    return Change(
        address=resource.address,
        action=Action.CREATE,
        reason=reason,
        attributes=diff.changes(
            desired=desired,
            observed={},
            applied={},
            keyed_lists=kind.keyed_lists,
            forms=kind.forms,
            secret_changed=lambda _path, _secret: True,
        ),
        desired=desired,
        depends_on=resource.depends_on,
        notes=notes,
    )


def _replacement(
    kind: Kind,
    resource: Resource,
    desired: JSONObject,
    live: RemoteObject,
    found: tuple[AttributeChange, ...],
    forced: frozenset[Path],
    planned: Mapping[Address, Change],
) -> Change:
    attributes = tuple(
        AttributeChange(
            steps=change.steps,
            before=change.before,
            after=change.after,
            sensitive=change.sensitive,
            forces_replacement=change.steps in forced,
        )
        for change in found
    )
    own = [change for change in attributes if change.forces_replacement and not _is_unknown(change.after)]
    return Change(
        address=resource.address,
        action=Action.REPLACE,
        reason=Reason.FORCES_REPLACEMENT if own else Reason.DEPENDENCY_REPLACED,
        attributes=attributes,
        desired=desired,
        observed=live.attributes,
        remote_id=live.id,
        etag=live.etag,
        depends_on=resource.depends_on,
        notes=kind.replacement.notes(attributes, desired, _made_anew(resource.depends_on, planned)),
    )


def _secret_changed(path: Path, secret: Sensitive, entry: LockEntry, salt: str) -> bool:
    if secret.value is None:
        return False
    return entry.secret_digests.get(dotted(path)) != secret.digest(salt)


def _removed_secrets(desired: JSONObject, entry: LockEntry, live: RemoteObject) -> Iterator[AttributeChange]:
    """Secrets that were sent once, are not declared any more and are still there."""
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


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, list) and any(_is_unknown(item) for item in value))
