"""The threads in which runs and uploaded batches are worked on, while requests are answered."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flowctl.emulator.ingestion.batch_files import WORK, remove_all, remove_batch
from flowctl.emulator.ingestion.run_lock import lock_file, run_lock

if TYPE_CHECKING:
    from pathlib import Path

    from flowctl.emulator.ingestion.work import Ingested, Ingestion
    from flowctl.emulator.platform import Platform

_LOG = logging.getLogger("flowctl.emulator")


class _Job(NamedTuple):
    """A run, or the promotion of an uploaded batch: its files become records. No two jobs have the same ID.

    `generation` counts the resets before it: a later reset ends it.
    """

    scope: int
    id: str
    is_promotion: bool
    generation: int


class _Steps(Protocol):
    """What is done before and after the files of a job are read."""

    def interrupted(self, platform: Platform) -> list[tuple[int, str]]: ...

    def prepared(self, platform: Platform, scope: int, id_: str, /) -> Ingestion | None: ...

    def finish(self, platform: Platform, scope: int, id_: str, work: Ingestion, ingested: Ingested, /) -> None: ...

    def fail(self, platform: Platform, scope: int, id_: str, why: str, /) -> None: ...


class _Lane:
    """Jobs of one sort, one after another in a thread of their own: a long run keeps no uploaded batch waiting."""

    def __init__(self) -> None:
        self.waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.thread: threading.Thread | None = None


class Worker:
    """Works on the runs and promotions of one platform.

    What a crash interrupted begins again with the next start. A job whose end cannot be stored, because the disk is
    full, begins again as soon as something else has been stored.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._lanes = {is_promotion: _Lane() for is_promotion in (False, True)}
        self._stopped = threading.Event()
        self._generation = 0
        self._unstored: list[_Job] = []
        platform.database.on_stored = self._begin_again

    def add(self, scope: int, id_: str, *, is_promotion: bool = False) -> None:
        """Add a run or a promotion; work on it begins when the current request has ended."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock_file(self._folder, id_).touch()
        lane = self._lanes[is_promotion]
        lane.waiting.put(_Job(scope, id_, is_promotion, self._generation))
        if lane.thread is None:
            name = "flowctl-emulator-promotions" if is_promotion else "flowctl-emulator-runs"
            lane.thread = threading.Thread(target=self._work, args=[lane], name=name, daemon=True)
            lane.thread.start()

    def resume(self) -> None:
        """Work on what an earlier process has left in progress, unless it is still at work on it."""
        if not self._folder.is_dir():
            return
        left = [
            _Job(scope, id_, is_promotion, self._generation)
            for is_promotion in (False, True)
            for scope, id_ in _steps(is_promotion=is_promotion).interrupted(self._platform)
        ]
        for id_ in {file.stem for file in self._folder.glob("*.lock")} - {job.id for job in left}:
            self._end(id_)
        for job in left:
            self.add(job.scope, job.id, is_promotion=job.is_promotion)

    def close(self, *, finish: bool) -> None:
        """End the threads: when all jobs have ended, or at once. May be called twice."""
        if not finish:
            self._stopped.set()
        lanes = [(lane, lane.thread) for lane in self._lanes.values() if lane.thread is not None]
        for lane, _ in lanes:
            lane.waiting.put(None)
        try:
            for _, thread in lanes:
                thread.join()
        except BaseException:
            self._stopped.set()
            for _, thread in lanes:
                thread.join()
            raise
        for lane, _ in lanes:
            lane.thread = None

    def forget(self) -> None:
        """Stop what is worked on, and remove all files: the data is reset."""
        self._generation += 1
        remove_all(self._platform.data_dir)

    @property
    def _folder(self) -> Path:
        """The folder for work in progress; it is there as long as there is some."""
        return self._platform.data_dir / WORK

    def _work(self, lane: _Lane) -> None:
        while (job := lane.waiting.get()) is not None:
            if self._stopped.is_set():
                continue
            try:
                try:
                    is_ended = self._run(job)
                except Exception as error:
                    _log(error)
                    self._fail(job, error)
                    is_ended = True
                if is_ended:
                    self._end(job.id)
            except Exception as error:  # the database cannot be written
                _log(error)
                self._unstored.append(job)

    def _begin_again(self) -> None:
        while self._unstored:
            job = self._unstored.pop()
            self._lanes[job.is_promotion].waiting.put(job)

    def _fail(self, job: _Job, error: Exception) -> None:
        platform = self._platform
        with platform.turn, platform.database.writing():
            why = f"The emulator failed: {type(error).__name__}."
            _steps(is_promotion=job.is_promotion).fail(platform, job.scope, job.id, why)

    def _end(self, id_: str) -> None:
        # A request that adds a job holds the turn, and needs the folder that is removed here.
        with self._platform.turn, contextlib.suppress(OSError):
            lock_file(self._folder, id_).unlink(missing_ok=True)
            self._folder.rmdir()

    def _run(self, job: _Job) -> bool:
        """Work on a job; return False if another process does, or if it was stopped."""
        # Imported here, because an emulator that starts for one plan runs nothing.
        from flowctl.emulator.ingestion.ingest import Stopped, ingest

        platform, steps = self._platform, _steps(is_promotion=job.is_promotion)
        with platform.turn:
            if job.generation != self._generation:
                return True
        with run_lock(self._folder, job.id) as is_mine:
            if not is_mine:
                return False
            with platform.turn:
                work = steps.prepared(platform, job.scope, job.id)
            if work is None:
                return True
            try:
                ended = ingest(work, lambda: self._stopped.is_set() or job.generation != self._generation)
            except Stopped:
                return job.generation != self._generation
            try:
                with platform.turn:
                    self._finish(job, work, ended)
            finally:
                ended.files.discard()
        return True

    def _finish(self, job: _Job, work: Ingestion, ended: Ingested) -> None:
        platform = self._platform
        try:
            with platform.database.writing():
                _steps(is_promotion=job.is_promotion).finish(platform, job.scope, job.id, work, ended)
        except BaseException:  # what was placed belongs to nothing that is stored
            remove_batch(work.data, work.dataset_id, work.batch_id)
            raise


def _log(error: Exception) -> None:
    _LOG.error("A run or an uploaded batch failed: %s", type(error).__name__, exc_info=_LOG.isEnabledFor(logging.DEBUG))


def _steps(*, is_promotion: bool) -> _Steps:
    if is_promotion:
        from flowctl.emulator.services.batch_ingestion import promotion

        return promotion
    from flowctl.emulator.services.flow_service import real_runs

    return real_runs
