"""A plan as Markdown for a pull request comment."""

import shlex
from collections.abc import Iterator

from flowctl.model.attribute_path import Path
from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.moves import by_document
from flowctl.model.plan import Plan
from flowctl.validation.wording import counted
from flowctl.views.markdown_block import LIMIT
from flowctl.views.markdown_text import code, html_code, sentence
from flowctl.views.plan_text import summary_text
from flowctl.views.reasons import Reasons
from flowctl.views.values import before_and_after, place_value, shown

_ROWS = tuple(f"| {action.symbol} | " for action in Action)
_ACTIONS = {Action.FORGET: "stop managing"}
"""Actions whose word in JSON is not the one for people."""


def plan_markdown(plan: Plan, limit: int = LIMIT) -> str:
    """The plan as one comment: the sum, a table of changes, details folded.

    What does not fit is cut, and the text says so first of all.
    """
    head = "\n".join(_head(plan))
    blocks = ["\n".join(_details(change)) for change in plan.changes]
    text = head + "\n" + "\n".join(blocks)
    if len(text) <= limit:
        return text.rstrip() + "\n"
    return _cut(head, blocks, limit, plan.environment)


def _head(plan: Plan) -> Iterator[str]:
    yield f"### flowctl plan: {sentence(plan.environment)} (sandbox {sentence(plan.sandbox)})"
    yield ""
    yield f"**{sentence(summary_text(plan))}**"
    if plan.selection:
        yield ""
        yield f"Selected: {code(str(plan.selection))}. The rest of the workspace is not planned."
    for diagnostic in plan.diagnostics:
        yield ""
        yield f"> **{diagnostic.severity}**: {_words(diagnostic)}"
    if plan.moved:
        yield ""
        yield "Renamed; only the lockfile changes, nothing is sent:"
        yield ""
        for old, new, count in by_document(plan.moved):
            yield f"- {code(old)} → {code(new)} ({counted(count, 'resource')})"
    if plan.drift:
        yield ""
        yield "Changed outside flowctl since the last apply:"
        yield ""
        for drift in plan.drift:
            if drift.missing:
                yield f"- {code(drift.address)}: not found (deleted, or hidden by access labels)"
            for place in drift.attributes:
                values = f"{_value(place.steps, shown(place.recorded))} → {_value(place.steps, shown(place.observed))}"
                yield f"- {code(drift.address)} {html_code(place.path)}: {values}"
    if plan.changes:
        yield ""
        yield "| | resource | action | reason |"
        yield "|---|---|---|---|"
        reasons = Reasons(plan)
        for change in plan.changes:
            action = _ACTIONS.get(change.action, str(change.action))
            yield f"| {change.action.symbol} | {code(change.address)} | {action} | {sentence(reasons.of(change))} |"
    yield ""


def _words(diagnostic: Diagnostic) -> str:
    """Summary, detail and hint as sentences after each other."""
    summary = diagnostic.summary if diagnostic.summary.endswith(".") else f"{diagnostic.summary}."
    return " ".join(sentence(text) for text in (summary, diagnostic.detail, diagnostic.hint) if text)


def _details(change: Change) -> Iterator[str]:
    if not change.attributes and not change.notes:
        return
    yield f"<details><summary>{html_code(change.address)} {change.action.verb}</summary>"
    yield ""
    for note in change.notes:
        yield f"- ⚠ {sentence(note)}"
    if change.attributes:
        yield ""
        yield "| attribute | before | after |"
        yield "|---|---|---|"
        yield from (_row(attribute) for attribute in change.attributes)
    yield ""
    yield "</details>"
    yield ""


def _row(attribute: AttributeChange) -> str:
    before, after = before_and_after(attribute)
    forced = " (forces replacement)" if attribute.forces_replacement else ""
    cells = (f"{html_code(attribute.path)}{forced}", _value(attribute.steps, before), _value(attribute.steps, after))
    return f"| {' | '.join(cells)} |"


def _value(path: Path, value: JSON) -> str:
    return "" if value is None else html_code(place_value(path, value))


def _cut(head: str, blocks: list[str], limit: int, environment: str) -> str:
    total = len(blocks)
    room = limit - len(_notice(total, total, total, environment)) - 2
    if len(head) > room:
        head = head[: head.rfind("\n", 0, room)]
    kept: list[str] = []
    room -= len(head)
    for block in blocks:
        if len(block) + 1 > room:
            break
        kept.append(block)
        room -= len(block) + 1
    rows = sum(line.startswith(_ROWS) for line in head.split("\n"))
    return _notice(rows, total, len(kept), environment) + head + "\n" + "\n".join(kept).rstrip() + "\n"


def _notice(rows: int, total: int, shown: int, environment: str) -> str:
    return (
        f"> **This comment is cut: it shows {rows} of {total} changes, and the details of {shown}.** "
        f"Run {code(shlex.join(['flowctl', 'plan', '-e', environment]))} to see all of them.\n\n"
    )
