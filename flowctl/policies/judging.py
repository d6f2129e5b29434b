"""Which rules the entries of a policy input break, and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowctl.foreign_pattern import SlowPattern
from flowctl.model.json_value import JSON
from flowctl.model.policy_path import MISSING, values_at
from flowctl.policies.policy_input import Entry
from flowctl.policies.rule import Demand, Rule, Weight
from flowctl.validation.check import matches

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One entry that breaks one rule, at one path of its body; the path is empty if it is of the entry itself.

    `slow` is a pattern of the rule if a search for it takes too long: nobody knows whether the rule is broken.
    """

    rule: Rule
    entry: Entry
    demand: Demand
    path: Place
    value: JSON
    slow: str = ""


def breaches(rules: Sequence[Rule], entries: Sequence[Entry]) -> Iterator[Breach]:
    """Every breach, by entry and then by rule; of each demand only the first place.

    A rule with a pattern that takes too long is not tried again.
    """
    slow: set[str] = set()
    for entry in entries:
        whole = None
        for rule in rules:
            if rule.id not in slow and is_about(rule, entry):
                whole = entry.to_json() if whole is None else whole
                for found in (each for demand in rule.demands for each in _broken(rule, entry, demand, whole)):
                    if found.slow:
                        slow.add(rule.id)
                    yield found


def is_about(rule: Rule, entry: Entry) -> bool:
    """Whether a rule looks at an entry."""
    if entry.is_document if not rule.kinds else entry.kind not in rule.kinds:
        return False
    if entry.is_going if not rule.actions else entry.actions.isdisjoint(rule.actions):
        return False
    if rule.weight is Weight.APPROVAL and not rule.actions and entry.actions == {"noop"}:
        return False  # nothing is done that could be approved
    if rule.environments and not any(fnmatchcase(entry.environment, name) for name in rule.environments):
        return False
    return all(name in entry.labels and fnmatchcase(entry.labels[name], value) for name, value in rule.labels.items())


def _broken(rule: Rule, entry: Entry, demand: Demand, whole: dict[str, JSON]) -> Iterator[Breach]:
    """The first place at which an entry breaks a demand."""
    # A path begins with a member of the entry, or is below its body.
    steps = demand.steps if demand.steps[0] in whole else (entry.body_name, *demand.steps)
    for path, value in values_at(whole, steps):
        is_there, slow = value is not MISSING, ""
        try:
            holds = is_there and matches(demand.schema, value)
        except SlowPattern as error:
            holds, slow = demand.denies, error.pattern
        if holds == demand.denies:
            inside = path[1:] if path[0] == entry.body_name else ()
            yield Breach(rule=rule, entry=entry, demand=demand, path=inside, value=value, slow=slow)
            return
