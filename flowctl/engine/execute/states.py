"""States of new objects: a creation leads to the first one, and an action from there to the desired one."""

from dataclasses import replace

from flowctl.engine.execute.context import RunContext
from flowctl.engine.execute.update import update
from flowctl.engine.recover.pending import unknown_where_unwritable
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import value_at
from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.json_value import JSONObject
from flowctl.model.operation import Operation
from flowctl.model.step import Step


def without_state(kind: Kind, attributes: JSONObject) -> JSONObject:
    """What a creation leads to for certain: the state may be on its way when the object is looked up."""
    if kind.state is None:
        return attributes
    return {name: value for name, value in attributes.items() if name != kind.state.path[0]}


def reach_state(run: RunContext, change: Change, desired: JSONObject) -> None:
    """Bring a new object into the state that is desired, and record it. Raises FlowctlError if that fails.

    The object is in the lockfile: what is left after a failure is an update of the next run.
    """
    rule, entry = run.kinds[change.kind].state, run.ledger.entry(change.address)
    if entry is None or rule is None or (wanted := value_at(desired, rule.path, {})) is None:
        return
    first = rule.first(desired)
    if wanted == first:
        with unknown_where_unwritable():
            run.ledger.record(change.address, replace(entry, applied={**entry.applied, rule.path[0]: first}))
        return
    later = replace(
        change,
        action=Action.UPDATE,
        attributes=(AttributeChange(steps=rule.path, before=first, after=wanted),),
        desired=desired,
        observed={**desired, rule.path[0]: first},
        remote_id=entry.id,
    )
    key = str(change.address)
    update(run, Step(key=key, operation=Operation.UPDATE, change=later, remote_id=entry.id, depends_on=frozenset()))
