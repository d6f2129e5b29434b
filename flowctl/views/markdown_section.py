"""One pipeline of a plan as a folded block of Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, AttributeChange, Change
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.model.resource import KNOWN_LATER
from flowctl.views.markdown_text import code, html_code, sentence
from flowctl.views.reasons import Reasons
from flowctl.views.review.field_rows import field_rows
from flowctl.views.review.mapping_rows import mapping_rows
from flowctl.views.review.schedules import next_runs, schedule_words
from flowctl.views.review.sections import Section
from flowctl.views.review.verdict import SHARED, clipped
from flowctl.views.review.worded import is_of_table
from flowctl.views.values import before_and_after, manifest_key, place_value

_NAME: Final = 200
"""Characters of a name or a path."""
_EXPRESSION: Final = 600
"""Characters of what leads to a destination: a change may be at its end."""


@dataclass(frozen=True, slots=True)
class Block:
    """A pipeline with its details, and on one line without them."""

    whole: str
    short: str


def section_block(part: Section, plan: Plan, reasons: Reasons) -> Block:
    """The block of one part of a plan."""
    title = html_code(clipped(part.pipeline, _NAME)) if part.pipeline is not None else SHARED.capitalize()
    summary = ": ".join([title, ", ".join([part.counts, *(f"<b>{words}</b>" for words in part.effects)])])
    lines = "\n".join(_lines(part, plan, reasons))
    whole = f"<details><summary>{summary}</summary>\n\n{lines}\n\n</details>\n"
    return Block(whole=whole, short=f"{summary} (details left out)<br>\n")


def _lines(part: Section, plan: Plan, reasons: Reasons) -> Iterator[str]:
    labels = [code(clipped(f"{name}={value}", _NAME)) for name, value in sorted(_labels(part).items())]
    if labels:
        yield f"Labels: {', '.join(labels)}"
        yield ""
    for change in part.changes:
        yield from _change_lines(change, reasons)
    for change in part.changes:
        yield from _schedule(change, plan)
    rows = [row for change in part.changes for row in mapping_rows(change)]
    if rows:
        yield from ("", "| | destination | before | after |", "|---|---|---|---|")
    for row in rows:
        yield _table_row(row.symbol, row.destination, row.before, row.after)
    fields = [(change, row) for change in part.changes for row in field_rows(change)]
    if fields:
        yield from ("", "| | field | before | after |", "|---|---|---|---|")
    for change, field in fields:
        sides = (f"{change.address}: {field.path}", ", ".join(field.before), ", ".join(field.after))
        yield _table_row(field.symbol, *sides)
    values = [row for change in part.changes for row in _values(change)]
    if values:
        yield from ("", "| value | before | after |", "|---|---|---|", *values)


def _table_row(symbol: str, name: str, before: str, after: str) -> str:
    sides = (clipped(name, _NAME), clipped(before, _EXPRESSION), clipped(after, _EXPRESSION))
    return f"| {symbol} | {' | '.join(html_code(text) if text else '' for text in sides)} |"


def _labels(part: Section) -> dict[str, str]:
    """The labels of a pipeline; what pipelines share has labels of its own for each object, which are not shown."""
    return {**part.changes[0].origin.labels} if part.pipeline is not None else {}


def _change_lines(change: Change, reasons: Reasons) -> Iterator[str]:
    span = change.origin.span
    place = f", {code(f'{clipped(span.file, _NAME)}:{span.line}')}" if span else ""
    reason = reasons.besides(change)
    because = f" ({sentence(clipped(reason, 3 * _NAME))})" if reason else ""
    yield f"- {_SYMBOLS[change.action]} {code(clipped(change.address, _NAME))} {change.action.verb}{because}{place}"
    for note in change.notes:
        yield f"  - ⚠ {sentence(clipped(note, 3 * _NAME))}"


def _schedule(change: Change, plan: Plan) -> Iterator[str]:
    words = schedule_words(change.schedule) if change.schedule is not None else ""
    if change.schedule is None or not words:
        return
    runs = next_runs(change.schedule, plan.made_at)
    following = f" Next runs: {', '.join(runs)}." if runs else ""
    yield ""
    yield f"Schedule: {words}.{following}"


def _values(change: Change) -> Iterator[str]:
    """The changed values that are neither of a mapping nor new IDs of new objects."""
    for attribute in change.attributes:
        before, after = before_and_after(attribute)
        is_new_id = change.action is Action.CREATE and after in (KNOWN_LATER, [KNOWN_LATER])
        is_schedule = change.action is Action.CREATE and attribute.steps[0] == KINDS[change.kind].schedule
        if not (is_of_table(change, attribute) or is_new_id or is_schedule):
            yield _row(change, attribute, before, after)


def _row(change: Change, attribute: AttributeChange, before: JSON, after: JSON) -> str:
    besides = "" if change.action is Action.CREATE else manifest_key(attribute.steps)
    besides += " (forces replacement)" if attribute.forces_replacement else ""
    owner = change.kind if change.origin.pipeline is not None else change.address
    path = f"{html_code(clipped(f'{owner}.{attribute.path}', _NAME))}{besides}"
    sides = ("" if value is None else html_code(place_value(attribute.steps, value)) for value in (before, after))
    return f"| {path} | {' | '.join(sides)} |"


_SYMBOLS: Final = {action: code(action.symbol) for action in Action}
