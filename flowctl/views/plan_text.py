"""A plan as text for a terminal."""

from collections.abc import Iterator

from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.diagnostic import has_errors
from flowctl.model.plan import Drift, Plan
from flowctl.views.by_kind import MOST_LINES, planned_by_kind
from flowctl.views.lines import Line
from flowctl.views.values import before_and_after, place_value, shown

_STYLES = {
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.REPLACE: "magenta",
    Action.DELETE: "red",
    Action.FORGET: "dim",
    Action.IMPORT: "cyan",
}
_IN_FULL = frozenset(Action) - {Action.CREATE}
"""What a person checks value by value, however long the plan is."""
_BECAUSE = {
    "missing_remotely": "it is recorded but not found on the platform",
    "drifted": "it was changed outside flowctl",
    "dependency_replaced": "what it depends on, or serves together with, is replaced",
    "not_in_manifest": "it is not wanted any more",
}


def plan_lines(plan: Plan, *, whole: bool = True) -> Iterator[Line]:
    """The plan: where, drift, changes with their attributes and notes, and the sum.

    Unless it is wanted whole, a plan that is too long leaves out the attributes of what is created, and has a sum for
    each kind.
    """
    long = not whole and _length(plan) > MOST_LINES
    yield Line(f"Environment {plan.environment}: organization {plan.organization}, sandbox {plan.sandbox}", "bold")
    yield Line()
    if plan.drift:
        yield from _drift_lines(plan)
        yield Line()
    for change in plan.changes:
        yield from _change_lines(change, destroys=plan.destroys, attributes=not long or change.action in _IN_FULL)
    if plan.changes:
        yield Line()
    if long:
        yield from planned_by_kind(plan.changes)
        yield Line("Attributes of what is created are left out; -v shows them.", "dim")
    yield Line(summary_text(plan), "bold")
    if has_errors(plan.diagnostics):
        yield Line("This plan is refused: its errors say why.", "bold red")


def summary_text(plan: Plan) -> str:
    """The sum of a plan in one sentence."""
    if plan.is_empty and plan.destroys:
        return f"Nothing to destroy: nothing is recorded in environment {plan.environment}."
    if plan.is_empty:
        return f"Nothing to do: {plan.unchanged} resources are as the manifests say."
    counts = plan.summary()
    parts = [f"{counts['create']} to create", f"{counts['update']} to update", f"{counts['replace']} to replace"]
    parts.append(f"{counts['delete']} to delete")
    if counts["import"]:
        parts.append(f"{counts['import']} to import")
    if plan.forgotten:
        parts.append(f"{plan.forgotten} to leave on the platform and forget")
    return f"Plan: {', '.join(parts)}; {plan.unchanged} unchanged."


def _drift_lines(plan: Plan) -> Iterator[Line]:
    yield Line("Changed outside flowctl since the last apply:", "bold")
    for drift in plan.drift:
        yield from _drift_of(drift)


def _drift_of(drift: Drift) -> Iterator[Line]:
    if drift.missing:
        yield Line(f"  {drift.address}: not found (deleted, or hidden by access labels)", "yellow")
    for place in drift.attributes:
        recorded = place_value(place.steps, shown(place.recorded))
        observed = place_value(place.steps, shown(place.observed))
        yield Line(f"  {drift.address}: {place.path} was {recorded}, is {observed}", "yellow")


def _length(plan: Plan) -> int:
    drift = sum(drift.missing + len(drift.attributes) for drift in plan.drift)
    return drift + sum(1 + len(change.attributes) + len(change.notes) for change in plan.changes)


def _change_lines(change: Change, *, destroys: bool, attributes: bool) -> Iterator[Line]:
    because = "" if destroys else _BECAUSE.get(str(change.reason), "")
    suffix = f" ({because})" if because else ""
    yield Line(f"  {change.action.symbol} {change.address} {change.action.verb}{suffix}", _STYLES[change.action])
    for attribute in change.attributes if attributes else ():
        yield Line(f"      {_attribute_text(change.action, attribute)}")
    for note in change.notes:
        yield Line(f"      ! {note}", "yellow")


def _attribute_text(action: Action, attribute: AttributeChange) -> str:
    before, after = before_and_after(attribute)
    if attribute.sensitive and after is not None:
        text = f"{attribute.path}: {after}"
        return text if action is Action.CREATE else f"{text} changed"
    if action is Action.CREATE:
        return f"{attribute.path}: {place_value(attribute.steps, after)}"
    old = "(none)" if before is None else place_value(attribute.steps, before)
    new = "(removed)" if after is None else place_value(attribute.steps, after)
    text = f"{attribute.path}: {old} -> {new}"
    return f"{text}   forces replacement" if attribute.forces_replacement else text
