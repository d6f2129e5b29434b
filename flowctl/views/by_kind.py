"""Sums of a plan and of an apply, by action and by kind."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change
from flowctl.views.lines import Line

if TYPE_CHECKING:
    from flowctl.model.report import StepResult

MOST_LINES: Final = 250
"""How many lines a person reads; a longer output is summarized."""

_WORDS: Final = {
    Action.CREATE: "to create",
    Action.UPDATE: "to update",
    Action.REPLACE: "to replace",
    Action.DELETE: "to delete",
    Action.IMPORT: "to import",
    Action.FORGET: "to stop managing",
}


def planned_by_kind(changes: Iterable[Change]) -> Iterator[Line]:
    """One line for each kind of a plan: how many objects of it are created, updated, replaced and so on."""
    by_kind: dict[str, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change)
    yield Line("By kind:", "bold")
    for kind in KINDS:
        parts = [f"{number} {words}" for number, words in action_counts(by_kind.get(kind, ()))]
        if parts:
            yield Line(f"  {KINDS[kind].title}: {', '.join(parts)}")


def action_counts(changes: Iterable[Change]) -> Iterator[tuple[int, str]]:
    """How many of some changes there are of each action, and the words for it: `(2, "to update")`."""
    counts = Counter(change.action for change in changes)
    return ((counts[action], words) for action, words in _WORDS.items() if counts[action])


def ended_by_kind(steps: "Iterable[StepResult]") -> Iterator[Line]:
    """One line for each kind of an apply: how many steps ended in which way."""
    from flowctl.model.report import StepStatus  # a plan has no steps

    counts = Counter((step.address.kind, step.status) for step in steps)
    yield Line("By kind:", "bold")
    for kind in KINDS:
        parts = [f"{counts[kind, status]} {status.replace('_', ' ')}" for status in StepStatus if counts[kind, status]]
        if parts:
            yield Line(f"  {KINDS[kind].title}: {', '.join(parts)}")
