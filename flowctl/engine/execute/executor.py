"""Execution: steps run in threads under one coordinator; a failed step skips only what depends on it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeAlias

from flowctl.model.errors import FlowctlError, OutcomeUnknown, bug
from flowctl.model.report import StepStatus
from flowctl.model.step import Progress, Step, StepEnd
from flowctl.systems import TURN

_AFTER_A_BUG = "The journal records what was done; the next run finds out the rest. Please report this error."
_NOT_STARTED = StepEnd(status=StepStatus.NOT_STARTED)

_Event: TypeAlias = tuple[Step, StepEnd | BaseException | None]
_AHEAD = 2
"""Steps handed to the threads beyond those that run, so that none waits for the coordinator to find it work."""


def execute(
    steps: Sequence[Step],
    run: Callable[[Step], StepEnd],
    *,
    parallelism: int,
    progress: Progress,
    stop: Event,
) -> Mapping[str, StepEnd]:
    """Run every step when all that it depends on is done, and return how each ended, by key.

    After `stop` is set nothing new starts, and what is in flight ends and is recorded.
    """
    schedule = _Schedule(steps, progress)
    events: SimpleQueue[_Event] = SimpleQueue()

    def work(step: Step) -> None:
        if stop.is_set():
            events.put((step, _NOT_STARTED))
            return
        events.put((step, None))
        try:
            events.put((step, _ended(run, step)))
        except BaseException as error:
            events.put((step, error))

    with _pool(parallelism) as pool:
        handed_out = 0
        while True:
            while (
                not stop.is_set() and handed_out < parallelism + _AHEAD and (step := schedule.next_ready()) is not None
            ):
                pool.submit(work, step)
                handed_out += 1
            if not handed_out:
                break
            step, event = _next(events)
            if event is None:
                progress.started(step)
                continue
            if isinstance(event, BaseException):
                raise event
            handed_out -= 1
            if event is not _NOT_STARTED:
                schedule.ended(step, event)
    return schedule.ends()


def _next(events: "SimpleQueue[_Event]") -> _Event:
    """The next event; a signal is heard between two turns."""
    while True:
        with suppress(Empty):
            return events.get(timeout=TURN)


@contextmanager
def _pool(parallelism: int) -> Iterator[ThreadPoolExecutor]:
    """Threads; where the coordinator fails, what is in flight ends and nothing else starts."""
    pool = ThreadPoolExecutor(max_workers=parallelism, thread_name_prefix="apply")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class _Schedule:
    """Which steps are ready, and how the others ended."""

    def __init__(self, steps: Sequence[Step], progress: Progress) -> None:
        self._steps = {step.key: step for step in steps}
        self._progress = progress
        self._waits = {
            step.key: {key for key in step.depends_on if key in self._steps and key != step.key} for step in steps
        }
        self._users: dict[str, list[str]] = {}
        for key, needed in self._waits.items():
            for dependency in needed:
                self._users.setdefault(dependency, []).append(key)
        self._ready = [key for key, needed in reversed(self._waits.items()) if not needed]
        self._ends: dict[str, StepEnd] = {}

    def next_ready(self) -> Step | None:
        return self._steps[self._ready.pop()] if self._ready else None

    def ended(self, step: Step, end: StepEnd) -> None:
        self._ends[step.key] = end
        self._progress.ended(step, end)
        for user in self._users.get(step.key, ()):
            if end.status is StepStatus.DONE:
                self._waits[user].discard(step.key)
                if not self._waits[user] and user not in self._ends:
                    self._ready.append(user)
            elif user not in self._ends:
                note = _skipped_for(step, end)
                self.ended(self._steps[user], StepEnd(status=StepStatus.SKIPPED, note=note))

    def ends(self) -> Mapping[str, StepEnd]:
        return {key: self._ends.get(key, _NOT_STARTED) for key in self._steps}


def _skipped_for(step: Step, end: StepEnd) -> str:
    """Why a step is skipped: the first step of the chain that was not done."""
    if end.status is StepStatus.SKIPPED:
        return end.note
    failed = end.status is StepStatus.FAILED
    return f"{step.change.address} failed" if failed else f"the outcome of {step.change.address} is unknown"


def _ended(run: Callable[[Step], StepEnd], step: Step) -> StepEnd:
    started = time.monotonic()
    try:
        end = run(step)
    except OutcomeUnknown as error:
        end = StepEnd(status=StepStatus.UNKNOWN, error=error.diagnostics[0])
    except FlowctlError as error:
        end = StepEnd(status=StepStatus.FAILED, error=error.diagnostics[0])
    except Exception as error:
        end = StepEnd(status=StepStatus.UNKNOWN, error=bug(error, hint=_AFTER_A_BUG, address=step.change.address))
    return replace(end, seconds=time.monotonic() - started)
