"""Progress of an apply on stderr: live lines on a terminal, plain lines elsewhere, nothing with -q."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flowctl.model.change import Action
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus
from flowctl.model.step import Progress, Step, StepEnd
from flowctl.views.by_kind import MOST_LINES
from flowctl.views.lines import tell
from flowctl.views.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_DOING = {
    Operation.CREATE: "creating",
    Operation.UPDATE: "updating",
    Operation.DELETE: "deleting",
    Operation.FORGET: "removing from the lockfile",
    Operation.IMPORT: "importing",
}
_DID = {
    Operation.CREATE: "created",
    Operation.UPDATE: "updated",
    Operation.DELETE: "deleted",
    Operation.FORGET: "no longer managed",
    Operation.IMPORT: "imported",
}

_REPLACED = {Operation.CREATE: "new object created", Operation.DELETE: "old object deleted"}
_ENDED = {StepStatus.UNKNOWN: "outcome unknown", StepStatus.NOT_STARTED: "not started"}
_LINES_OF_A_LONG_RUN = 100
_LONGEST_SILENCE = 10.0
"""Seconds without a line, after which even a thinned log gets one."""


@contextmanager
def progress_view(total: int, *, live: bool, quiet: bool, whole: bool) -> Iterator[Progress]:
    """The progress to hand to an apply of `total` steps; unless it is wanted whole, a long one is thinned."""
    told = _Told(total, whole=whole)
    if quiet:
        yield _Silent()
    elif live:
        with _live(total, told) as view:
            yield view
    else:
        yield _Plain(total, told)


def step_line(step: Step, end: StepEnd) -> str:
    """How a step ended, on one line."""
    what = step.change.address
    if end.status is StepStatus.DONE:
        suffix = f" {end.id}" if end.id and step.operation is Operation.CREATE else ""
        replaced = _REPLACED.get(step.operation) if step.change.action is Action.REPLACE and not end.kept else None
        did = replaced or _DID[Operation.FORGET if end.kept else step.operation]
        return f"{what}: {did}{suffix} ({end.seconds:.1f} s)"
    why = f": {end.error.summary}" if end.error else (f": {end.note}" if end.note else "")
    return f"{what}: {_ENDED.get(end.status, end.status)}{why}"


class _Silent:
    def started(self, step: Step) -> None:
        """Say nothing."""

    def ended(self, step: Step, end: StepEnd) -> None:
        """Say nothing."""


class _Told:
    """Which ends of steps get a line: all of a short run; of a long one about a hundred, and whatever failed."""

    def __init__(self, total: int, *, whole: bool) -> None:
        self._total = total
        self._every = 1 if whole or total <= MOST_LINES else -(-total // _LINES_OF_A_LONG_RUN)
        self._ended = 0
        self._last = time.monotonic()

    def tells(self, end: StepEnd) -> bool:
        """Count an end; say whether it gets a line. A run that is slow gives a sign of life all the same."""
        self._ended += 1
        now = time.monotonic()
        due = self._ended % self._every == 0 or self._ended == self._total or now - self._last >= _LONGEST_SILENCE
        if due or end.status in (StepStatus.FAILED, StepStatus.UNKNOWN):
            self._last = now
            return True
        return False


class _Plain:
    """A line for an end of a step, with how far the run is."""

    def __init__(self, total: int, told: _Told) -> None:
        self._total = total
        self._told = told
        self._done = 0

    def started(self, step: Step) -> None:
        """Say nothing: a log holds the ends of steps."""

    def ended(self, step: Step, end: StepEnd) -> None:
        """Print how the step ended."""
        self._done += 1
        if self._told.tells(end):
            tell(f"[{self._done}/{self._total}] {step_line(step, end)}")


@contextmanager
def _live(total: int, told: _Told) -> Iterator["_Live"]:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    steps = Progress(
        TextColumn(" "),
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )
    whole = Progress(
        TextColumn("applying"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with Live(Group(steps, whole), console=console, transient=True, refresh_per_second=10):
        yield _Live(steps, whole, total, told)


class _Live:
    """A line for each step under way and a bar for the whole run; ended steps scroll up."""

    def __init__(self, steps: "RichProgress", whole: "RichProgress", total: int, told: _Told) -> None:
        self._told = told
        self._steps = steps
        self._whole = whole
        self._overall = whole.add_task("", total=total)
        self._tasks: dict[str, TaskID] = {}

    def started(self, step: Step) -> None:
        """Show the step's line."""
        doing = visible(f"{step.change.address}: {_DOING[step.operation]}")
        self._tasks[step.key] = self._steps.add_task(doing, total=None)

    def ended(self, step: Step, end: StepEnd) -> None:
        """Replace the step's line by its end."""
        from rich.text import Text

        task = self._tasks.pop(step.key, None)
        if task is not None:
            self._steps.remove_task(task)
        if self._told.tells(end):
            style = "green" if end.status is StepStatus.DONE else "red"
            self._whole.console.print(Text(visible(step_line(step, end)), style=style), soft_wrap=True)
        self._whole.advance(self._overall)
