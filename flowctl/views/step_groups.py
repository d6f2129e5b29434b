"""The steps of an apply by pipeline: how far each is, and how it ended."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.report import StepStatus
from flowctl.model.step import Step, StepEnd
from flowctl.views.step_words import DID, OTHERWISE


class StepGroup:
    """The steps of one pipeline, or of one object that pipelines share."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0
        self.over = 0
        self._begin: float | None = None
        self._end = 0.0
        self._ends: dict[Address, tuple[Action, StepStatus]] = {}

    @property
    def is_over(self) -> bool:
        """Whether all of its steps ended."""
        return self.over >= self.total

    @property
    def is_good(self) -> bool:
        """Whether all of its steps are done."""
        return all(status is StepStatus.DONE for _, status in self._ends.values())

    @property
    def seconds(self) -> float:
        """How long it took from its first step to its last."""
        return self._end - self._begin if self._begin is not None else 0.0

    def started(self) -> None:
        """A step begins."""
        if self._begin is None:
            self._begin = time.monotonic()

    def ended(self, step: Step, end: StepEnd) -> None:
        """Count a step; an object that took several ended as the worst of them."""
        self.over += 1
        self._end = time.monotonic()
        address = step.change.address
        known = self._ends.get(address)
        if known is None or known[1] is StepStatus.DONE:
            action = Action.FORGET if end.kept and step.change.action is Action.DELETE else step.change.action
            self._ends[address] = (action, end.status)

    def words(self) -> str:
        """How many objects ended in which way, `3 created, 1 failed`; of a single one, how."""
        told = Counter(
            DID[action] if status is StepStatus.DONE else OTHERWISE[status] for action, status in self._ends.values()
        )
        if len(self._ends) == 1:
            return next(iter(told))
        return ", ".join(f"{told[word]} {word}" for word in _ORDER if told[word])


_ORDER: Final = tuple(dict.fromkeys((*DID.values(), *OTHERWISE.values())))


class StepGroups:
    """All steps of an apply by pipeline; `names` tells the pipeline of each address."""

    def __init__(self, steps: Sequence[Step], names: Mapping[Address, str]) -> None:
        self._names = names
        self._groups: dict[str, StepGroup] = {}
        for step in steps:
            self.of(step).total += 1

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._groups)

    @property
    def names(self) -> Collection[str]:
        """What they are called."""
        return self._groups.keys()

    def of(self, step: Step) -> StepGroup:
        """The group of a step; what is not of a pipeline is one for itself."""
        name = self._names.get(step.change.address) or str(step.change.address)
        return self._groups.setdefault(name, StepGroup(name))

    def started(self, step: Step) -> StepGroup:
        """Note that a step begins; return its group."""
        group = self.of(step)
        group.started()
        return group

    def ended(self, step: Step, end: StepEnd) -> StepGroup:
        """Note how a step ended; return its group."""
        group = self.of(step)
        group.ended(step, end)
        return group
