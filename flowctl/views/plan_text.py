"""A plan as text for a terminal."""

from collections.abc import Iterator

from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.diagnostic import has_errors
from flowctl.model.moves import by_document
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.views.by_kind import MOST_LINES, action_counts, planned_by_kind
from flowctl.views.lines import Line
from flowctl.views.reasons import Reasons
from flowctl.views.values import before_and_after, manifest_key, place_value, shown

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
_LEGEND = {
    Action.CREATE: "create",
    Action.UPDATE: "update in place",
    Action.REPLACE: "replace",
    Action.DELETE: "delete",
    Action.IMPORT: "import",
    Action.FORGET: "stop managing",
}


def plan_lines(plan: Plan, *, whole: bool = True) -> Iterator[Line]:
    """The plan: environment, legend, drift, changes with their attributes and notes, and the sum.

    Unless `whole`, a plan that is too long leaves out the attributes of new objects and has a sum for each kind.
    """
    long = not whole and _length(plan) > MOST_LINES
    yield Line(f"Environment {plan.environment}: organization {plan.organization}, sandbox {plan.sandbox}", "bold")
    if plan.selection:
        yield Line(f"Selected: {plan.selection}. The rest of the workspace is not planned.")
    if plan.changes:
        yield Line(legend(plan), "dim")
    yield Line()
    if plan.moved:
        yield from _moved_lines(plan)
        yield Line()
    if plan.drift:
        yield from _drift_lines(plan)
        yield Line()
    reasons, width = Reasons(plan), max((len(change.action.symbol) for change in plan.changes), default=0)
    for change in plan.changes:
        whole_change = not long or change.action in _IN_FULL
        yield from _change_lines(change, reasons.besides(change), width=width, attributes=whole_change)
    if plan.changes:
        yield Line()
    if plan.ignored:
        yield from _ignored_lines(plan, whole=whole)
    if long:
        yield from planned_by_kind(plan.changes)
        yield Line("The attributes of new objects are left out; add -v to see them.", "dim")
    yield Line(summary_text(plan), "bold")
    if has_errors(plan.diagnostics):
        yield Line("This plan cannot be applied until its errors are fixed.", "bold red")


def legend(plan: Plan) -> str:
    """What the signs of a plan mean, only those that it uses."""
    used = {change.action for change in plan.changes}
    parts = [f"{action.symbol} {words}" for action, words in _LEGEND.items() if action in used]
    if any(change.notes for change in plan.changes):
        parts.append("! note")
    return f"Signs: {', '.join(parts)}"


def summary_text(plan: Plan) -> str:
    """The sum of a plan in one sentence."""
    if plan.is_empty and plan.destroys:
        return f"Nothing to delete: the lockfile of environment {plan.environment} has no entries."
    if plan.is_empty:
        return f"No changes. {_unchanged(plan)}"
    unchanged = f"; {plan.unchanged} unchanged" if plan.unchanged else ""
    number = len(plan.irreversible())
    final = f" ({number} cannot be undone)" if number else ""
    return f"Plan: {counted(plan)}{final}{unchanged}."


def counted(plan: Plan) -> str:
    """How many resources each action of a plan touches, in words: `2 to update, 1 to delete`."""
    moves = [_counted_moves(plan)] if plan.moved else []
    return ", ".join([*moves, *(f"{number} {words}" for number, words in action_counts(plan.changes))])


def _counted_moves(plan: Plan) -> str:
    return f"{len(plan.moved)} to rename in the lockfile"


def _unchanged(plan: Plan) -> str:
    resources, selected = plan.unchanged, "selected " if plan.selection else ""
    if not resources:
        return "The selection has no resources." if plan.selection else "The manifests describe no resources."
    if resources == 1:
        return f"The {selected}resource matches the manifest."
    return f"All {resources} {selected}resources match the manifests."


def _moved_lines(plan: Plan) -> Iterator[Line]:
    yield Line("Renamed; only the lockfile changes, nothing is sent:", "bold")
    for old, new, count in by_document(plan.moved):
        yield Line(f"  {old} -> {new} ({count} resource{'' if count == 1 else 's'})", "cyan")


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
        yield Line(f"  {drift.address}: {_path(place)}: {recorded} -> {observed}", "yellow")


def _ignored_lines(plan: Plan, *, whole: bool) -> Iterator[Line]:
    if not whole:
        number = len(plan.ignored)
        differences = f"{number} differences are" if number > 1 else "1 difference is"
        yield Line(f"{differences} ignored (lifecycle.ignoreChanges); add -v to see what differs.", "dim")
        return
    yield Line("Ignored (lifecycle.ignoreChanges), live value and manifest:", "dim")
    for each in plan.ignored:
        live = "(none)" if each.observed is None else place_value(each.steps, shown(each.observed))
        desired = "(none)" if each.desired is None else place_value(each.steps, shown(each.desired))
        yield Line(f"  {each.address}: {each.path}: {live}, manifest {desired}", "dim")


def _length(plan: Plan) -> int:
    drift = sum(drift.missing + len(drift.attributes) for drift in plan.drift)
    return drift + sum(1 + len(change.attributes) + len(change.notes) for change in plan.changes)


def _change_lines(change: Change, reason: str, *, width: int, attributes: bool) -> Iterator[Line]:
    suffix = f" ({reason})" if reason else ""
    sign, indent = f"{change.action.symbol:>{width}}", " " * (width + 5)
    yield Line(f"  {sign} {change.address} {change.action.verb}{suffix}", _STYLES[change.action])
    for attribute in change.attributes if attributes else ():
        yield Line(f"{indent}{_attribute_text(change.action, attribute)}")
    for note in change.notes:
        yield Line(f"{indent}! {note}", "yellow")


def _attribute_text(action: Action, attribute: AttributeChange) -> str:
    before, after = before_and_after(attribute)
    if attribute.sensitive and after is not None:
        text = f"{attribute.path}: {after}"
        return text if action is Action.CREATE else f"{text} changed"
    if action is Action.CREATE:
        return f"{attribute.path}: {place_value(attribute.steps, after)}"
    old = "(none)" if before is None else place_value(attribute.steps, before)
    new = "(removed)" if after is None else place_value(attribute.steps, after)
    text = f"{_path(attribute)}: {old} -> {new}"
    return f"{text}   forces replacement" if attribute.forces_replacement else text


def _path(attribute: AttributeChange | DriftedAttribute) -> str:
    return f"{attribute.path}{manifest_key(attribute.steps)}"
