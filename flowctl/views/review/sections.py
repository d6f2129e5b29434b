"""The parts of a plan: one for each pipeline, and one for what pipelines share; the most dangerous first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change, Effect
from flowctl.model.plan import Plan
from flowctl.views.by_kind import action_counts

_WORST_FIRST: Final = (
    *(Action.DELETE, Action.REPLACE, Action.FORGET, Action.UPDATE, Action.IMPORT, Action.CREATE),
    Action.NO_OP,
)
_WORDS: Final = {
    Effect.DELETES_DATA: "data is deleted",
    Effect.INGESTS_HISTORY: "history is ingested again",
    Effect.IRREVERSIBLE: "cannot be undone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The changes of one pipeline, in the order of the plan; without a name, those of what pipelines share."""

    pipeline: str | None
    changes: Sequence[Change]

    @property
    def counts(self) -> str:
        """How many objects each action touches: `1 to update, 2 to delete`."""
        return ", ".join(f"{number} {words}" for number, words in action_counts(self.changes))

    @property
    def worst(self) -> Action:
        """The action that a reviewer looks at first."""
        return _WORST_FIRST[_rank(self.changes)]

    @property
    def effects(self) -> Sequence[str]:
        """What becomes of data, in words."""
        found = frozenset[Effect]().union(*(change.effects for change in self.changes))
        return [words for effect, words in _WORDS.items() if effect in found]

    def counted(self, action: Action) -> Sequence[str]:
        """How many objects an action touches, if any: `2 to delete`."""
        touched = (change for change in self.changes if change.action is action)
        return [f"{number} {words}" for number, words in action_counts(touched)]

    def does(self, action: Action) -> bool:
        """Whether an object of it has this action."""
        return any(change.action is action for change in self.changes)

    def titles(self, action: Action) -> Sequence[str]:
        """The kinds of the objects that have this action, in words; each once."""
        return list(dict.fromkeys(KINDS[change.kind].title for change in self.changes if change.action is action))


def sections(plan: Plan) -> Sequence[Section]:
    """The parts of a plan; those that delete or replace come first, else the order of the plan holds."""
    found: dict[str | None, list[Change]] = {}
    for change in plan.changes:
        found.setdefault(change.origin.pipeline, []).append(change)
    parts = [Section(pipeline=name, changes=tuple(changes)) for name, changes in found.items()]
    return sorted(parts, key=lambda part: _rank(part.changes))


def _rank(changes: Iterable[Change]) -> int:
    return min(_WORST_FIRST.index(change.action) for change in changes)
