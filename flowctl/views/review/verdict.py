"""What a reviewer asks first: may I approve? Counts, what is replaced and deleted, and what becomes of data."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from flowctl.model.change import Action, Effect
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.plan import Plan
from flowctl.validation.wording import all_of
from flowctl.views.review.sections import Section

_NAMED: Final = 5
_LONGEST: Final = 80
_NOUNS: Final = {Action.REPLACE: "replacement", Action.DELETE: "deletion"}
SHARED: Final = "shared objects"


def verdict(plan: Plan, parts: Sequence[Section], name: Callable[[str], str]) -> Iterator[str]:
    """The answer in sentences; `name` writes the name of a pipeline or of an environment."""
    errors = sum(problem.severity is Severity.ERROR for problem in plan.diagnostics)
    if errors:
        yield f"This plan cannot be applied: {errors} error{'s' * (errors > 1)}."
    if plan.approvals:
        rules = [name(clipped(rule, _LONGEST)) for rule in plan.approvals]
        yield f"An approval is needed by the rule{'s' * (len(rules) > 1)} {all_of(rules)}."
    if plan.is_empty:
        return
    changing = {action: [part for part in parts if part.does(action)] for action in (Action.REPLACE, Action.DELETE)}
    for action, words in ((Action.REPLACE, "Replaced"), (Action.DELETE, "Deleted")):
        if changing[action]:
            yield f"{words}: {_named(changing[action], name, action)}."
    if not any(changing.values()):
        yield "Nothing is replaced or deleted."
    again = [part for part in parts if any(Effect.INGESTS_HISTORY in change.effects for change in part.changes)]
    yield f"History is ingested again: {_named(again, name)}." if again else "No history is ingested again."
    yield from _lost(plan, name)


def _lost(plan: Plan, name: Callable[[str], str]) -> Iterator[str]:
    """What no later apply brings back."""
    counts = [(sum(change.action is action for change in plan.changes), noun) for action, noun in _NOUNS.items()]
    steps = [f"{number} {noun}{'s' * (number > 1)}" for number, noun in counts if number]
    data = [change.address for change in plan.changes if Effect.DELETES_DATA in change.effects]
    shown = [name(clipped(address, _LONGEST)) for address in data[:_NAMED]]
    more = f" and {len(data) - _NAMED} more" if len(data) > _NAMED else ""
    if steps:
        also = f", with the data of {', '.join(shown) if more else all_of(shown)}{more}" if data else ""
        yield f"Cannot be undone: {all_of(steps)}{also}."


def problems(plan: Plan) -> Sequence[Diagnostic]:
    """The errors of a plan, then its warnings."""
    return sorted(plan.diagnostics, key=lambda problem: problem.severity is not Severity.ERROR)


def _named(parts: Sequence[Section], name: Callable[[str], str], action: Action | None = None) -> str:
    """The first few pipelines, each with the kinds of what the action touches, and how many more there are."""
    words = [_one(part, name, action) for part in parts[:_NAMED]]
    more = len(parts) - _NAMED
    return f"{', '.join(words)} and {more} more" if more > 0 else all_of(words)


def _one(part: Section, name: Callable[[str], str], action: Action | None) -> str:
    shown = name(clipped(part.pipeline, _LONGEST)) if part.pipeline is not None else SHARED
    return f"{shown} ({', '.join(part.titles(action))})" if action is not None else shown


def clipped(text: str, longest: int) -> str:
    """The text, cut at its end if it is long.

    A cut in the middle would tell more, and would leave the end of a secret that nothing can mask.
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
