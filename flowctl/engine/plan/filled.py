"""The attributes of a wanted resource, with what its references, look-ups and secrets are by now."""

from collections.abc import Mapping
from typing import Any

from flowctl.engine.plan.plan_input import PlanInput
from flowctl.model.address import Address
from flowctl.model.attribute_path import dotted
from flowctl.model.change import Action, Change
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Lookup, Reference, Resource, Sensitive, Unknown
from flowctl.model.values import transform, walk


def filled(
    resource: Resource, inputs: PlanInput, planned: Mapping[Address, Change]
) -> tuple[JSONObject, tuple[str, ...]]:
    """The attributes with what is known by now, and a note for each secret that cannot be compared."""
    expected = inputs.expected.get(resource.address)
    if expected is not None and all(planned[needed].action is Action.NO_OP for needed in resource.depends_on):
        return expected, ()
    unset: list[Sensitive] = []

    def fill(value: Any) -> Any:
        if isinstance(value, Reference):
            return _referred(value, inputs, planned)
        if isinstance(value, Lookup):
            return inputs.observed.lookups[value]
        if isinstance(value, Sensitive) and value.value is None:
            unset.append(value)
        return value

    known: JSONObject = transform(resource.attributes, fill)
    return known, _uncompared_secrets(known) if unset else ()


def _referred(reference: Reference, inputs: PlanInput, planned: Mapping[Address, Change]) -> Any:
    change = planned[reference.address]
    kind = inputs.kinds[reference.address.kind]
    entry = inputs.recorded.entries.get(reference.address)
    is_sent = change.action is Action.UPDATE and not change.is_recorded_only
    changes_output = is_sent and reference.output in kind.volatile_outputs
    if entry is None or change.action in (Action.CREATE, Action.REPLACE) or changes_output:
        return Unknown(reference.address, reference.output)
    return entry.output(reference.output)


def _uncompared_secrets(desired: JSONObject) -> tuple[str, ...]:
    return tuple(
        f"{dotted(path)} is not compared: the environment variable {secret.variable} is not set."
        for path, secret in walk(desired)
        if isinstance(secret, Sensitive) and secret.value is None
    )
