"""The changes of a plan by pipeline, in the words of the manifests: what a person reads before an approval."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change, Reason
from flowctl.model.plan import Plan
from flowctl.validation.wording import all_of
from flowctl.views.action_styles import STYLES
from flowctl.views.by_kind import MOST_LINES, planned_by_kind
from flowctl.views.lines import Line
from flowctl.views.plan_fields import field_lines
from flowctl.views.plan_mappings import changed_mapping_lines
from flowctl.views.plan_new_pipeline import new_pipeline_lines, runs_lines
from flowctl.views.plan_values import value_lines
from flowctl.views.reasons import Reasons
from flowctl.views.review.field_rows import field_rows
from flowctl.views.review.mapping_rows import mapping_rows
from flowctl.views.review.sections import Section, sections
from flowctl.views.review.verdict import SHARED
from flowctl.views.review.worded import ChangedValue, changed_values, new_values
from flowctl.views.width import Width

_STEP: Final = 2
"""Columns between a line and those below it."""


def by_pipeline_lines(plan: Plan, width: Width) -> Iterator[Line]:
    """A block for each pipeline and one for what they share; of a plan that is too long, no details of new objects."""
    parts = sections(plan)
    whole = _Blocks(plan, width, brief=False)
    blocks = [list(whole.lines(part)) for part in parts]
    if sum(map(len, blocks)) + sum(1 + len(drift.attributes) for drift in plan.drift) <= MOST_LINES:
        for number, block in enumerate(blocks):
            yield from (Line() for _ in range(min(number, 1)))
            yield from block
        return
    brief = _Blocks(plan, width, brief=True)
    for part in parts:
        yield from brief.lines(part)
    yield Line()
    yield from planned_by_kind(plan.changes)
    hint = "The values of new objects are left out; add -v to see them."
    yield from (Line(text, "dim") for text in width.sentence(hint, 0, _STEP))


class _Blocks:
    """The blocks of one plan. The sign of an action stands before its line; signs end in one column."""

    def __init__(self, plan: Plan, width: Width, *, brief: bool) -> None:
        self._plan = plan
        self._width = width
        self._brief = brief
        self._reasons = Reasons(plan)
        self._changing = {change.address for change in plan.changes}
        kept = (change.address for change in plan.kept)
        self._kept = Counter(address.name for address in kept if KINDS[address.kind].in_pipeline)
        signs = max(len(change.action.symbol) for change in plan.changes) + 1
        self._indent = _STEP + signs
        self._inner = self._indent + signs

    def lines(self, part: Section) -> Iterator[Line]:
        """The block of one part: its sum, and its objects; of a new pipeline, what it is."""
        name = part.pipeline if part.pipeline is not None else SHARED
        kept = self._kept[part.pipeline] if part.pipeline is not None else 0
        unchanged, common = f"; {kept} unchanged" if kept else "", self._common_reason(part)
        summary = f"{name}: {', '.join([part.counts, *part.effects])}{unchanged}{f' ({common})' if common else ''}"
        yield from self._told(part.worst, summary, self._indent, f"bold {STYLES[part.worst]}")
        if kept or not _is_new(part):
            for change in part.changes:
                yield from self._object(change, common)
            return
        below = self._indent + _STEP
        if not self._brief:
            texts = new_pipeline_lines(part.changes, self._plan.made_at, self._width, below)
            yield from (Line(text) for text in texts)
        for change in part.changes:
            yield from self._notes(change, below)

    def _object(self, change: Change, common: str) -> Iterator[Line]:
        """An object that exists, or a new one beside such: what happens to it and why, and its values."""
        below, is_new = self._inner + _STEP, change.action is Action.CREATE
        values = [] if is_new else list(changed_values(change))
        reason = self._reason(change, values)
        because = f" ({reason})" if reason and reason != common else ""
        yield from self._told(change.action, f"{change.address} {change.action.verb}{because}", self._inner)
        if not (is_new and self._brief):
            texts = self._width.listed(new_values(change), self._width.room(below)) if is_new else ()
            yield from (Line(" " * below + text) for text in texts)
            yield from value_lines(values, self._width, below)
            yield from self._mappings(change, below)
            yield from self._fields(change, below)
            yield from (Line(" " * below + text) for text in self._runs(change, below))
        yield from self._notes(change, below)

    def _runs(self, change: Change, indent: int) -> Sequence[str]:
        return runs_lines(change, self._plan.made_at, self._width, self._width.room(indent))

    def _mappings(self, change: Change, indent: int) -> Iterator[Line]:
        rows = mapping_rows(change)
        if rows:
            yield Line(f"{' ' * indent}{KINDS[change.kind].mappings}:")
            yield from changed_mapping_lines(rows, self._width, indent + _STEP)

    def _fields(self, change: Change, indent: int) -> Iterator[Line]:
        rows, fields = field_rows(change), KINDS[change.kind].fields
        if rows and fields is not None:
            yield Line(f"{' ' * indent}{fields.attribute}:")
            is_new = change.action is Action.CREATE
            yield from field_lines(rows, self._width, indent + _STEP, with_signs=not is_new)

    def _reason(self, change: Change, values: Sequence[ChangedValue]) -> str:
        """Why an object changes, unless its action and its values tell."""
        forcing = [value.key for value in values if value.forces_replacement]
        if change.reason is Reason.FORCES_REPLACEMENT and forcing:
            return f"because {all_of(forcing)} cannot be updated in place"
        told = self._reasons.besides(change)
        causes = sorted(change.depends_on & self._changing)
        if told or change.action is not Action.UPDATE or values or _has_table(change) or not causes:
            return told
        return f"because {all_of(causes)} change{'s' * (len(causes) == 1)}"

    def _common_reason(self, part: Section) -> str:
        """Why objects are deleted, if nothing else happens in a part and all are for the same reason."""
        if not all(change.action in (Action.DELETE, Action.FORGET) for change in part.changes):
            return ""
        found = {self._reasons.besides(change) for change in part.changes if change.action is Action.DELETE}
        return found.pop() if len(found) == 1 else ""

    def _notes(self, change: Change, indent: int) -> Iterator[Line]:
        for note in change.notes:
            yield from (Line(text, "yellow") for text in self._width.sentence(f"! {note}", indent, _STEP))

    def _told(self, action: Action, sentence: str, indent: int, style: str = "") -> Iterator[Line]:
        """A sentence behind an indent, with the sign of an action before it."""
        for number, text in enumerate(self._width.sentence(sentence, indent, _STEP)):
            sign = "" if number else f"{action.symbol:>{indent - 1}} "
            yield Line(f"{sign}{text[len(sign) :]}", style or STYLES[action])


def _has_table(change: Change) -> bool:
    return bool(mapping_rows(change) or field_rows(change))


def _is_new(part: Section) -> bool:
    """Whether all of a pipeline is new, so that its objects follow from what it is."""
    return any(KINDS[change.kind].is_pipeline for change in part.changes) and all(
        change.action is Action.CREATE for change in part.changes
    )
