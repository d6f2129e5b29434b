"""Right before an update: what is left to change, and whether someone else changed the same places."""

from collections.abc import Sequence

from flowctl.engine.plan import diff
from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.ignoring import covers
from flowctl.engine.plan.places import leaves
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import value_at
from flowctl.model.change import AttributeChange, Change
from flowctl.model.errors import PlatformError
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject, Sensitive
from flowctl.validation.wording import all_of


def remaining_changes(
    kind: Kind, change: Change, desired: JSONObject, live: RemoteObject, ignored: Sequence[str] = ()
) -> tuple[AttributeChange, ...]:
    """The planned changes that the live object does not have yet; none where an earlier try got through.

    A secret tells nothing: the platform masks it, drops it, or shows another form of it after every write, one's own
    too. Raises PlatformError where a managed place was changed to something else since the plan; `ignored` places are
    not managed.
    """
    forms = kind.forms(desired)
    wanted = dict(leaves(change.desired, kind.keyed_lists))
    managed = {path for path, value in wanted.items() if not isinstance(value, Sensitive)}
    managed |= {attribute.steps for attribute in change.attributes if not attribute.sensitive}
    managed = {path for path in managed if not covers(ignored, path)}
    moved = [
        place.path
        for place in diff.drifted_places(
            applied=change.observed, observed=live.attributes, keyed_lists=kind.keyed_lists, forms=kind.forms
        )
        if place.steps in managed
        and not alike(forms, place.steps, place.observed, value_at(desired, place.steps, kind.keyed_lists))
    ]
    if moved:
        who = kind.provenance
        by = who.updated_client(live.body) or who.updated_by(live.body) or "someone"
        raise PlatformError.because(
            "changed-since-plan",
            f"`{change.address}` was changed by {by} after the plan was made",
            detail=f"Changed: {all_of([f'`{path}`' for path in moved])}.",
            hint="Run `flowctl plan` and review the new plan.",
            address=change.address,
        )
    return unreached(kind, change.attributes, desired, live)


def unreached(
    kind: Kind, attributes: Sequence[AttributeChange], desired: JSONObject, live: RemoteObject
) -> tuple[AttributeChange, ...]:
    """The changes that the live object does not show, and those of secrets, which no read shows."""
    forms = kind.forms(desired)
    return tuple(
        attribute
        for attribute in attributes
        if attribute.sensitive
        or not alike(
            forms,
            attribute.steps,
            value_at(live.attributes, attribute.steps, kind.keyed_lists),
            value_at(desired, attribute.steps, kind.keyed_lists),
        )
    )
