"""Sums by kind: what ends an output that is too long to be read line by line."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change
from flowctl.model.report import StepResult, StepStatus
from flowctl.views.lines import Line

MOST_LINES: Final = 250
"""How many lines a person reads; what would be longer is summarized."""

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
    counts = Counter((change.kind, change.action) for change in changes)
    yield Line("By kind:", "bold")
    for kind in KINDS:
        parts = [f"{counts[kind, action]} {words}" for action, words in _WORDS.items() if counts[kind, action]]
        if parts:
            yield Line(f"  {KINDS[kind].title}: {', '.join(parts)}")


def ended_by_kind(steps: Iterable[StepResult]) -> Iterator[Line]:
    """One line for each kind of an apply: how many steps ended in which way."""
    counts = Counter((step.address.kind, step.status) for step in steps)
    yield Line("By kind:", "bold")
    for kind in KINDS:
        parts = [f"{counts[kind, status]} {status.replace('_', ' ')}" for status in StepStatus if counts[kind, status]]
        if parts:
            yield Line(f"  {KINDS[kind].title}: {', '.join(parts)}")
