"""States that no manifest names, and that live objects must get because a dataflow uses them."""

from collections.abc import Mapping

from flowctl.engine.graph import closure, reversed_edges
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.json_value import JSON


def needed_states(inputs: PlanInput) -> Mapping[Address, JSON]:
    """The state for each live object that must leave its own; most plans have none."""
    rules = {name: kind.state for name, kind in inputs.kinds.items() if kind.state and kind.state.left_for_users}
    waiting = {
        address: rule.left_for_users
        for address, live in inputs.observed.objects.items()
        if (rule := rules.get(address.kind)) is not None
        and rule.left_for_users is not None
        and value_at(live.attributes, rule.path, {}) == rule.left_for_users[0]
        and address in inputs.desired
    }
    if not waiting:
        return {}
    users = reversed_edges({address: resource.depends_on for address, resource in inputs.desired.items()})
    return {
        address: later
        for address, (first, later) in waiting.items()
        if any(_state(inputs, user) not in (None, first) for user in closure([address], users))
    }


def _state(inputs: PlanInput, user: Address) -> JSON:
    """The state in which a dataflow is to be: that of its manifest, else the present one; None of anything else."""
    kind = inputs.kinds[user.kind]
    if kind.state is None or not kind.is_pipeline:
        return None
    live = inputs.observed.objects.get(user)
    attributes = inputs.desired[user].attributes
    written = value_at(attributes, kind.state.path, {})
    if written is None and live is not None:
        written = value_at(live.attributes, kind.state.path, {})
    return kind.state.first(attributes) if written is None else written
