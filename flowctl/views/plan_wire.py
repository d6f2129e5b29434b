"""The changes of a plan as they are sent: each object with its attributes under the names of Experience Platform."""

from collections.abc import Iterator

from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.plan import Plan
from flowctl.views.action_styles import STYLES
from flowctl.views.lines import Line
from flowctl.views.reasons import Reasons
from flowctl.views.values import before_and_after, manifest_key, place_value


def wire_lines(plan: Plan) -> Iterator[Line]:
    """All changes, with all of their attributes and notes."""
    reasons, width = Reasons(plan), max((len(change.action.symbol) for change in plan.changes), default=0)
    for change in plan.changes:
        yield from _change_lines(change, reasons.besides(change), width=width)


def _change_lines(change: Change, reason: str, *, width: int) -> Iterator[Line]:
    suffix = f" ({reason})" if reason else ""
    sign, indent = f"{change.action.symbol:>{width}}", " " * (width + 5)
    yield Line(f"  {sign} {change.address} {change.action.verb}{suffix}", STYLES[change.action])
    for attribute in change.attributes:
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
    text = f"{attribute.path}{manifest_key(attribute.steps)}: {old} -> {new}"
    return f"{text}   forces replacement" if attribute.forces_replacement else text
