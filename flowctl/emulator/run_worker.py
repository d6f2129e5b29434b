"""The thread in which runs and uploaded batches are worked on, one after another, while requests are answered."""

from __future__ import annotations

import contextlib
import logging
import queue
import shutil
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flowctl.emulator.ingestion.batch_files import DATASETS, DIAGNOSTICS, UPLOADS, WORK
from flowctl.emulator.ingestion.run_lock import lock_file, run_lock, upload_key

if TYPE_CHECKING:
    from pathlib import Path

    from flowctl.emulator.ingestion.work import Ingested, Ingestion
    from flowctl.emulator.platform import Platform

_LOG = logging.getLogger("flowctl.emulator")


class _Job(NamedTuple):
    """A run, or else a batch that was uploaded. `key` names its lock."""

    scope: int
    id: str
    is_upload: bool

    @property
    def key(self) -> str:
        return upload_key(self.scope, self.id) if self.is_upload else self.id


class _Steps(Protocol):
    """What is done before and after the files of a job are read."""

    def interrupted(self, platform: Platform) -> list[tuple[int, str]]: ...

    def prepared(self, platform: Platform, scope: int, id_: str, /) -> Ingestion | None: ...

    def finish(self, platform: Platform, scope: int, id_: str, work: Ingestion, ingested: Ingested, /) -> None: ...


class Worker:
    """Works on the runs and uploaded batches of one platform.

    What a crash interrupted begins again with the next start.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._generation = 0

    def add(self, scope: int, id_: str, *, is_upload: bool = False) -> None:
        """Work on a run, or else on an uploaded batch, as soon as the request that asked for it is answered."""
        job = _Job(scope, id_, is_upload)
        self._folder.mkdir(parents=True, exist_ok=True)
        lock_file(self._folder, job.key).touch()
        self._waiting.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="flowctl-emulator-runs", daemon=True)
            self._thread.start()

    def resume(self) -> None:
        """Work on what an earlier process has left in progress, unless it is still at work on it."""
        if not self._folder.is_dir():
            return
        left = [
            _Job(scope, id_, is_upload)
            for is_upload in (False, True)
            for scope, id_ in _steps(is_upload=is_upload).interrupted(self._platform)
        ]
        for key in {file.stem for file in self._folder.glob("*.lock")} - {job.key for job in left}:
            self._end(key)
        for job in left:
            self.add(job.scope, job.id, is_upload=job.is_upload)

    def close(self, *, finish: bool) -> None:
        """End the thread: when all runs have ended, or at once. May be called twice."""
        if not finish:
            self._stopped.set()
        if self._thread is not None:
            self._waiting.put(None)
            try:
                self._thread.join()
            except BaseException:
                self._stopped.set()
                self._thread.join()
                raise
            self._thread = None

    def forget(self) -> None:
        """Stop the run that is worked on, and remove all files: the data is reset."""
        self._generation += 1
        for name in (DATASETS, DIAGNOSTICS, UPLOADS, WORK):
            shutil.rmtree(self._platform.data_dir / name, ignore_errors=True)

    @property
    def _folder(self) -> Path:
        """The folder for work in progress; it is there as long as there is some."""
        return self._platform.data_dir / WORK

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            if self._stopped.is_set():
                continue
            try:
                if self._run(job):
                    self._end(job.key)
            except Exception as error:
                _LOG.error("A run failed: %s", type(error).__name__, exc_info=_LOG.isEnabledFor(logging.DEBUG))

    def _end(self, key: str) -> None:
        with contextlib.suppress(OSError):
            lock_file(self._folder, key).unlink(missing_ok=True)
            self._folder.rmdir()

    def _run(self, job: _Job) -> bool:
        """Work on a job; return False if another process does, or if it was stopped."""
        # Imported here, because an emulator that starts for one plan runs nothing.
        from flowctl.emulator.ingestion.ingest import Stopped, ingest

        platform, steps = self._platform, _steps(is_upload=job.is_upload)
        with platform.turn:
            generation = self._generation
        with run_lock(self._folder, job.key) as is_mine:
            if not is_mine:
                return False
            with platform.turn:
                work = steps.prepared(platform, job.scope, job.id)
            if work is None:
                return True
            try:
                ended = ingest(work, lambda: self._stopped.is_set() or generation != self._generation)
            except Stopped:
                return generation != self._generation
            with platform.turn, platform.database.writing():
                steps.finish(platform, job.scope, job.id, work, ended)
        return True


def _steps(*, is_upload: bool) -> _Steps:
    if is_upload:
        from flowctl.emulator.services.batch_ingestion import promotion

        return promotion
    from flowctl.emulator.services.flow_service import real_runs

    return real_runs
