"""A plan as text for a terminal: by pipeline in the words of the manifests, or whole in those of the platform."""

from collections.abc import Iterator
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action
from flowctl.model.diagnostic import has_errors
from flowctl.model.moves import by_document
from flowctl.model.plan import DriftedAttribute, Plan
from flowctl.views.by_kind import action_counts
from flowctl.views.lines import Line
from flowctl.views.values import manifest_key, place_value, shown
from flowctl.views.width import Width

_NO_TERMINAL: Final = Width()
_LEGEND = {
    Action.CREATE: "create",
    Action.UPDATE: "update in place",
    Action.REPLACE: "replace",
    Action.DELETE: "delete",
    Action.IMPORT: "import",
    Action.FORGET: "stop managing",
}


def plan_lines(plan: Plan, *, whole: bool = True, width: Width = _NO_TERMINAL) -> Iterator[Line]:
    """The plan: environment, legend, drift, changes and the sum.

    The changes of a `whole` plan have the names of Experience Platform and all values; else those of the manifests.
    """
    begin = f"Environment {plan.environment}: organization {plan.organization}, sandbox {plan.sandbox}"
    yield from _sentence(begin, width, "bold")
    if plan.selection:
        yield from _sentence(f"Selected: {plan.selection}. The rest of the workspace is not planned.", width)
    if plan.changes:
        yield from _sentence(legend(plan), width, "dim")
    yield Line()
    if plan.moved:
        yield from _moved_lines(plan, width)
        yield Line()
    if plan.drift:
        yield from _drift_lines(plan, width, whole=whole)
        yield Line()
    if plan.changes:
        yield from _change_lines(plan, width, whole=whole)
        yield Line()
    if plan.ignored:
        yield from _ignored_lines(plan, width, whole=whole)
    yield from _sentence(summary_text(plan), width, "bold")
    if has_errors(plan.diagnostics):
        yield from _sentence("This plan cannot be applied until its errors are fixed.", width, "bold red")


def _change_lines(plan: Plan, width: Width, *, whole: bool) -> Iterator[Line]:
    """The changes of a plan; imported here, because a plan without changes does not need them."""
    if whole:
        from flowctl.views.plan_wire import wire_lines

        return wire_lines(plan, width)
    from flowctl.views.plan_by_pipeline import by_pipeline_lines

    return by_pipeline_lines(plan, width)


def _sentence(text: str, width: Width, style: str = "", indent: int = 0) -> Iterator[Line]:
    return (Line(line, style) for line in width.sentence(text, indent, 2))


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


def _moved_lines(plan: Plan, width: Width) -> Iterator[Line]:
    yield from _sentence("Renamed; only the lockfile changes, nothing is sent:", width, "bold")
    for old, new, count in by_document(plan.moved):
        yield from _sentence(f"{old} -> {new} ({count} resource{'' if count == 1 else 's'})", width, "cyan", 2)


def _drift_lines(plan: Plan, width: Width, *, whole: bool) -> Iterator[Line]:
    from flowctl.views.plan_values import value_lines
    from flowctl.views.review.worded import drifted_values

    yield from _sentence("Changed outside flowctl since the last apply:", width, "bold")
    pipelines = {change.origin.pipeline for change in plan.changes}
    pipelines |= {change.address.name for change in plan.kept if KINDS[change.kind].is_pipeline}
    for drift in plan.drift:
        if drift.missing:
            gone = f"{drift.address}: not found (deleted, or hidden by access labels)"
            yield from _sentence(gone, width, "yellow", 2)
        elif whole:
            yield from (Line(f"  {drift.address}: {_drift_on_the_wire(place)}", "yellow") for place in drift.attributes)
        else:
            yield Line(f"  {drift.address}", "yellow")
            values = list(drifted_values(drift, in_pipeline=drift.address.name in pipelines))
            yield from value_lines(values, width, 4, "yellow")


def _drift_on_the_wire(place: DriftedAttribute) -> str:
    sides = (place_value(place.steps, shown(value)) for value in (place.recorded, place.observed))
    return f"{place.path}{manifest_key(place.steps)}: {' -> '.join(sides)}"


def _ignored_lines(plan: Plan, width: Width, *, whole: bool) -> Iterator[Line]:
    if not whole:
        number = len(plan.ignored)
        differences = f"{number} differences are" if number > 1 else "1 difference is"
        words = f"{differences} ignored (lifecycle.ignoreChanges); add -v to see what differs."
        yield from _sentence(words, width, "dim")
        return
    yield Line("Ignored (lifecycle.ignoreChanges), live value and manifest:", "dim")
    for each in plan.ignored:
        live = "(none)" if each.observed is None else place_value(each.steps, shown(each.observed))
        desired = "(none)" if each.desired is None else place_value(each.steps, shown(each.desired))
        yield Line(f"  {each.address}: {each.path}: {live}, manifest {desired}", "dim")
