"""One pipeline of a plan as a part of the page: its picture, its objects, its mappings, its schedule, its values."""

from collections.abc import Iterator
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change
from flowctl.model.lineage import Lineage
from flowctl.model.plan import Plan
from flowctl.views.lineage.svg import svg
from flowctl.views.lineage.text import chain_words
from flowctl.views.markup import escaped, sentence
from flowctl.views.page.table import table
from flowctl.views.reasons import Reasons
from flowctl.views.review.field_rows import field_rows
from flowctl.views.review.mapping_rows import mapping_rows
from flowctl.views.review.schedules import next_runs, schedule_words
from flowctl.views.review.sections import Section
from flowctl.views.review.verdict import SHARED, clipped
from flowctl.views.review.worded import is_of_table
from flowctl.views.values import before_and_after, manifest_key, place_value

_NAME: Final = 200
_EXPRESSION: Final = 2000
_OPEN: Final = (Action.DELETE, Action.REPLACE)
"""What is read whatever else there is."""
_PICTURES: Final = 100
"""Objects that nothing but a screen of its own could show at once."""


def section_html(part: Section, plan: Plan, picture: Lineage | None, reasons: Reasons) -> Iterator[str]:
    """The lines of one part; a pipeline has a picture of its way of data."""
    name = clipped(part.pipeline, _NAME) if part.pipeline is not None else SHARED.capitalize()
    actions = {action: words for action in Action for words in part.counted(action)}
    is_open = " open" if any(action in _OPEN for action in actions) else ""
    tags = "".join(f'<span class="tag {action}">{words}</span>' for action, words in actions.items())
    effects = "".join(f'<span class="tag effect">{words}</span>' for words in part.effects)
    yield f'<details data-actions="{" ".join(actions)}"{is_open}>'
    yield f"<summary><strong>{escaped(name)}</strong>{tags}{effects}</summary>"
    yield from _labels(part)
    if picture is not None and len(picture.nodes) <= _PICTURES:
        yield from _picture(picture, name)
    yield "<h3>Objects</h3><ul>"
    for change in part.changes:
        yield from _object(change, reasons)
    yield "</ul>"
    for change in part.changes:
        yield from _schedule(change, plan)
    rows = [
        (row.symbol, row.destination, clipped(row.before, _EXPRESSION), clipped(row.after, _EXPRESSION))
        for change in part.changes
        for row in mapping_rows(change)
    ]
    yield from table("Mappings", ("", "destination", "before", "after"), rows)
    fields = [
        (
            row.symbol,
            *(clipped(text, _EXPRESSION) for text in (f"{change.address}: {row.path}", *map(", ".join, sides))),
        )
        for change in part.changes
        for row in field_rows(change)
        for sides in [(row.before, row.after)]
    ]
    yield from table("Fields", ("", "field", "before", "after"), fields)
    values = [row for change in part.changes for row in _values(change, part)]
    yield from table("Values", ("value", "before", "after"), values)
    yield "</details>"


def _labels(part: Section) -> Iterator[str]:
    labels = part.changes[0].origin.labels if part.pipeline is not None else {}
    if labels:
        shown = ", ".join(
            f"<code>{escaped(clipped(f'{name}={value}', _NAME))}</code>" for name, value in sorted(labels.items())
        )
        yield f'<p class="dim">Labels: {shown}</p>'


def _picture(shown: Lineage, name: str) -> Iterator[str]:
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escaped(f"Way of data of {name}")}">'
    yield svg(shown, chain_words(shown), with_style=False).rstrip("\n")
    yield "</div>"


def _object(change: Change, reasons: Reasons) -> Iterator[str]:
    span = change.origin.span
    place = f' <code class="dim">{escaped(clipped(f"{span.file}:{span.line}", _NAME))}</code>' if span else ""
    reason = reasons.besides(change)
    because = f" ({escaped(clipped(reason, 3 * _NAME))})" if reason else ""
    address = f"<code>{escaped(clipped(change.address, _NAME))}</code>"
    yield f'<li>{address} <span class="{change.action}">{change.action.verb}</span>{because}{place}'
    if change.notes:
        notes = "".join(f"<li>{sentence(clipped(note, 3 * _NAME))}</li>" for note in change.notes)
        yield f"<ul>{notes}</ul>"
    yield "</li>"


def _schedule(change: Change, plan: Plan) -> Iterator[str]:
    words = schedule_words(change.schedule) if change.schedule is not None else ""
    if change.schedule is None or not words:
        return
    runs = next_runs(change.schedule, plan.made_at)
    following = f" Next runs: {', '.join(runs)}." if runs else ""
    yield f"<h3>Schedule</h3><p>{escaped(words[:1].upper() + words[1:])}.{escaped(following)}</p>"


def _values(change: Change, part: Section) -> Iterator[tuple[str, str, str]]:
    """The changed values that are not of a mapping; those of what is shared with the address of each."""
    owner = KINDS[change.kind].title if part.pipeline is not None else change.address
    for attribute in change.attributes:
        if not is_of_table(change, attribute):
            besides = "" if change.action is Action.CREATE else manifest_key(attribute.steps).replace("`", "")
            besides += " (forces replacement)" if attribute.forces_replacement else ""
            before, after = (
                "" if value is None else place_value(attribute.steps, value) for value in before_and_after(attribute)
            )
            yield f"{clipped(f'{owner}: {attribute.path}', _NAME)}{besides}", before, after
