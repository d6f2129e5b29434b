"""Progress of an apply on stderr: a line for each pipeline. On a terminal the lines move; -q leaves them out."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus
from flowctl.model.step import Progress, Step, StepEnd
from flowctl.views.by_kind import MOST_LINES
from flowctl.views.lines import tell
from flowctl.views.step_groups import StepGroups
from flowctl.views.step_words import DID, OTHERWISE
from flowctl.views.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from flowctl.views.step_groups import StepGroup

_DOING = {
    Operation.CREATE: "creating",
    Operation.UPDATE: "updating",
    Operation.DELETE: "deleting",
    Operation.FORGET: "removing from the lockfile",
    Operation.IMPORT: "importing",
}
_REPLACED = {Operation.CREATE: "new object created", Operation.DELETE: "old object deleted"}
_ACTIONS = {operation: Action(str(operation)) for operation in Operation}
_BAD = frozenset({StepStatus.FAILED, StepStatus.UNKNOWN})
_LINES_OF_A_LONG_RUN = 100
_LONGEST_SILENCE = 10.0
"""Seconds without a line, after which even a thinned log gets one."""
_TICK: Final = 0.1
_NAME: Final = 40
"""Columns of a name that others are aligned to."""


@contextmanager
def progress_view(
    steps: Sequence[Step], names: Mapping[Address, str], *, live: bool, quiet: bool, whole: bool
) -> Iterator[Progress]:
    """The progress to hand to an apply of some steps.

    `names` tells the pipeline of each address. A `whole` progress has a line for each step, with its ID.
    """
    told = _Told(steps, names, whole=whole)
    if quiet:
        yield _Silent()
    elif live:
        with _live(told) as view:
            yield view
    else:
        yield _Plain(told)


def step_line(step: Step, end: StepEnd) -> str:
    """How a step ended, on one line."""
    what = step.change.address
    if end.status is StepStatus.DONE:
        suffix = f" {end.id}" if end.id and step.operation is Operation.CREATE else ""
        replaced = _REPLACED.get(step.operation) if step.change.action is Action.REPLACE and not end.kept else None
        did = replaced or DID[Action.FORGET if end.kept else _ACTIONS[step.operation]]
        return f"{what}: {did}{suffix} ({end.seconds:.1f} s)"
    why = f": {end.error.summary}" if end.error else (f": {end.note}" if end.note else "")
    return f"{what}: {OTHERWISE[end.status]}{why}"


class _Silent:
    def started(self, step: Step) -> None:
        """Say nothing."""

    def ended(self, step: Step, end: StepEnd) -> None:
        """Say nothing."""


class _Told:
    """The lines of a run: one for each pipeline that ended and each step that failed; all steps of a whole one.

    Of a run of very many pipelines about a hundred get a line. A run that is slow gives a sign of life all the same.
    """

    def __init__(self, steps: Sequence[Step], names: Mapping[Address, str], *, whole: bool) -> None:
        self.groups = StepGroups(steps, names)
        self.total = len(steps)
        self._whole = whole
        units = self.groups.count
        self._every = 1 if whole or units <= MOST_LINES else -(-units // _LINES_OF_A_LONG_RUN)
        self._steps = 0
        self._units = 0
        self._last = time.monotonic()
        self._column = min(max(map(len, self.groups.names), default=0), _NAME) + 2

    def lines(self, step: Step, end: StepEnd) -> Iterator[tuple[str, bool]]:
        """Count an end; yield the lines that it leads to, and whether each tells of a success."""
        group = self.groups.ended(step, end)
        self._steps += 1
        is_good = end.status is StepStatus.DONE
        is_bad = end.status in _BAD
        if self._whole or is_bad:
            yield self._line(step_line(step, end)), is_good
        if self._whole:
            return
        self._units += group.is_over
        is_due = group.is_over and (self._units % self._every == 0 or self._steps == self.total)
        if is_due and not (is_bad and group.total == 1):
            name = f"{group.name}: ".ljust(self._column)
            yield self._line(f"{name}{group.words()} ({group.seconds:.1f} s)"), group.is_good
        elif time.monotonic() - self._last >= _LONGEST_SILENCE:
            yield self._line(step_line(step, end)), is_good

    def _line(self, text: str) -> str:
        self._last = time.monotonic()
        width = 2 * len(str(self.total)) + 4
        return f"{f'[{self._steps}/{self.total}]':<{width}}{text}"


class _Plain:
    """Lines for a log, each with how far the run is."""

    def __init__(self, told: _Told) -> None:
        self._told = told

    def started(self, step: Step) -> None:
        """Say nothing: a log holds the ends of steps."""
        self._told.groups.started(step)

    def ended(self, step: Step, end: StepEnd) -> None:
        """Print how the step, or its pipeline, ended."""
        for line, _ in self._told.lines(step, end):
            tell(line)


@contextmanager
def _live(told: _Told) -> Iterator["_Live"]:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    console = Console(stderr=True)
    cut = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    groups = Progress(
        TextColumn(" "),
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
        TextColumn("{task.completed:.0f}/{task.total:.0f}", markup=False, justify="right"),
        TextColumn("{task.fields[doing]}", markup=False, table_column=cut),
        TimeElapsedColumn(),
        console=console,
        expand=True,
    )
    whole = Progress(
        TextColumn("applying"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with Live(Group(groups, whole), console=console, transient=True, auto_refresh=False) as shown:
        view = _Live(groups, whole, told, shown.refresh)
        over = Event()
        ticking = Thread(target=view.tick, args=(over,), name="progress", daemon=True)
        ticking.start()
        try:
            yield view
        finally:
            over.set()
            ticking.join()


class _Live:
    """A line for each pipeline that is under way and a bar for the whole run; what ended scrolls up."""

    def __init__(self, groups: "RichProgress", whole: "RichProgress", told: _Told, refresh: Callable[[], None]) -> None:
        # Two threads that draw at once would each begin where the other one has not been yet.
        self._lock = Lock()
        self._refresh = refresh
        self._told = told
        self._groups = groups
        self._whole = whole
        self._overall = whole.add_task("", total=told.total)
        self._tasks: dict[str, TaskID] = {}
        self._doing: dict[str, dict[str, str]] = {}

    def tick(self, over: Event) -> None:
        """Move the lines ten times a second until the run is over."""
        while not over.wait(_TICK):
            with self._lock:
                self._refresh()

    def started(self, step: Step) -> None:
        """Show the step in the line of its pipeline."""
        with self._lock:
            group = self._told.groups.started(step)
            address = step.change.address
            what = KINDS[address.kind].title if group.name != address else ""
            self._doing.setdefault(group.name, {})[step.key] = f"{_DOING[step.operation]} {what}".strip()
            self._show(group)

    def ended(self, step: Step, end: StepEnd) -> None:
        """Take the step out of the line of its pipeline, which scrolls up with its last one."""
        from rich.text import Text

        with self._lock:
            lines = list(self._told.lines(step, end))
            group = self._told.groups.of(step)
            self._doing.get(group.name, {}).pop(step.key, None)
            self._show(group)
            self._whole.advance(self._overall)
            for line, is_good in lines:
                self._whole.console.print(Text(visible(line), style="green" if is_good else "red"), soft_wrap=True)

    def _show(self, group: "StepGroup") -> None:
        """Bring the line of a pipeline up to date; it is there while a step of it is under way."""
        task, doing = self._tasks.get(group.name), ", ".join(self._doing.get(group.name, {}).values())
        if group.is_over:
            if task is not None:
                self._groups.remove_task(self._tasks.pop(group.name))
            return
        if task is None and doing:
            task = self._groups.add_task(visible(group.name), total=group.total, doing="")
            self._tasks[group.name] = task
        if task is not None:
            self._groups.update(task, completed=group.over, doing=visible(doing), visible=bool(doing))
