"""Planning of one resource without a live object: it is created."""

from collections.abc import Mapping

from flowctl.engine.plan import diff
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.replacement import recreated_kinds, rule_notes, state_note
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Effect, Note, Reason
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import AS_DECLARED, Resource


def creation(
    resource: Resource, desired: JSONObject, reason: Reason, inputs: PlanInput, planned: Mapping[Address, Change]
) -> Change:
    """The change that creates an object of these attributes."""
    kind = inputs.kinds[resource.kind]
    succeeds = _may_have_had_a_predecessor(resource, reason, inputs)
    rule = resource.on_replace if succeeds else AS_DECLARED
    notes: tuple[str, ...] = ()
    if reason is Reason.MISSING_REMOTELY:
        notes = (
            "The object in the lockfile is not found: it was deleted outside flowctl, or access labels hide it from "
            "this credential.",
        )
    if succeeds:
        adapted, _ = kind.replacement.adapted(desired, rule, int(inputs.now))
        recreated = recreated_kinds(resource.depends_on, planned)
        notes = (
            *notes,
            *rule_notes(rule._replace(order=None)),
            *kind.replacement.recreation_notes((), adapted, recreated),
        )
    if kind.irreversible:
        notes = (*notes, Note(f"Irreversible: {kind.irreversible}.", Effect.IRREVERSIBLE))
    notes = (*notes, *state_note(kind, desired))
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
        on_replace=rule,
        notes=notes,
    )


def _may_have_had_a_predecessor(resource: Resource, reason: Reason, inputs: PlanInput) -> bool:
    """Whether an object at this address may have worked: it was recorded, its needs were replaced, or data is there."""
    recorded = {need: entry for need in resource.depends_on if (entry := inputs.recorded.entries.get(need))}
    if reason is Reason.MISSING_REMOTELY:
        return bool(recorded)
    return any(entry.deposed or need in inputs.observed.filled for need, entry in recorded.items())
