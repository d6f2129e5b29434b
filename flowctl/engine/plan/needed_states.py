"""States that no manifest declares, and that live objects need because of the objects that use them."""

from collections.abc import Mapping

from flowctl.engine.graph import closure, reversed_edges
from flowctl.engine.plan.ignoring import covers
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.change import Action, Change
from flowctl.model.json_value import JSON


def needed_states(inputs: PlanInput, planned: Mapping[Address, Change]) -> Mapping[Address, JSON]:
    """The new state of each live object whose state must change; most plans have none.

    `planned` tells what is replaced: a new object has its first state.
    """
    rules = {name: kind.state for name, kind in inputs.kinds.items() if kind.state and kind.state.left_for_users}
    members = frozenset(rule.path[0] for rule in rules.values())
    firsts = tuple({rule.left_for_users[0] for rule in rules.values() if rule.left_for_users is not None})
    waiting = {
        address: rule.left_for_users
        for member in members
        for address, live in inputs.observed.objects.items()
        if live.attributes.get(member) in firsts  # nearly none
        and (rule := rules.get(address.kind)) is not None
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
        if any(_state(inputs, planned, user) not in (None, first) for user in closure([address], users))
    }


def _state(inputs: PlanInput, planned: Mapping[Address, Change], user: Address) -> JSON:
    """The desired state of a user; None if its kind has no states, or if the user keeps its state."""
    rule = inputs.kinds[user.kind].state
    if rule is None:
        return None
    resource, live = inputs.desired[user], inputs.observed.objects.get(user)
    written = value_at(resource.attributes, rule.path, {})
    is_replaced = user in planned and planned[user].action is Action.REPLACE
    if live is None or is_replaced:
        return rule.first(resource.attributes) if written is None else written
    return None if covers(resource.ignored, rule.path) else written
