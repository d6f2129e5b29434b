"""The changes of a plan as they are sent: each object with its attributes under the names of Experience Platform."""

from collections.abc import Iterator

from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.plan import Plan
from flowctl.views.action_styles import STYLES
from flowctl.views.both_values import both_values
from flowctl.views.lines import Line
from flowctl.views.reasons import Reasons
from flowctl.views.values import before_and_after, manifest_key, place_value
from flowctl.views.width import Width


def wire_lines(plan: Plan, width: Width) -> Iterator[Line]:
    """All changes, with all of their attributes and notes."""
    reasons, column = Reasons(plan), max((len(change.action.symbol) for change in plan.changes), default=0)
    for change in plan.changes:
        yield from _change_lines(change, reasons.besides(change), column, width)


def _change_lines(change: Change, reason: str, column: int, width: Width) -> Iterator[Line]:
    suffix = f" ({reason})" if reason else ""
    sign, indent = f"{change.action.symbol:>{column}}", column + 5
    yield Line(f"  {sign} {change.address} {change.action.verb}{suffix}", STYLES[change.action])
    for attribute in change.attributes:
        yield from map(Line, _attribute_texts(change.action, attribute, width, indent))
    for note in change.notes:
        yield Line(f"{' ' * indent}! {note}", "yellow")


def _attribute_texts(action: Action, attribute: AttributeChange, width: Width, indent: int) -> Iterator[str]:
    begin = " " * indent
    before, after = before_and_after(attribute)
    if attribute.sensitive and after is not None:
        yield f"{begin}{attribute.path}: {after}{'' if action is Action.CREATE else ' changed'}"
        return
    if action is Action.CREATE:
        yield f"{begin}{attribute.path}: {place_value(attribute.steps, after)}"
        return
    old = "(none)" if before is None else place_value(attribute.steps, before)
    new = "(removed)" if after is None else place_value(attribute.steps, after)
    path, mark = f"{attribute.path}{manifest_key(attribute.steps)}", "forces replacement"
    yield from both_values(path, (old, new), width, indent, mark if attribute.forces_replacement else "")
