"""The thread in which runs read files, one after another, while requests are answered."""

from __future__ import annotations

import contextlib
import logging
import queue
import shutil
import threading
from typing import TYPE_CHECKING

from flowctl.emulator.ingestion.batch_files import DATASETS, DIAGNOSTICS, UPLOADS, WORK
from flowctl.emulator.ingestion.run_lock import lock_file, run_lock

if TYPE_CHECKING:
    from pathlib import Path

    from flowctl.emulator.platform import Platform

_LOG = logging.getLogger("flowctl.emulator")


class Worker:
    """Works on the runs of one platform. A run that a crash interrupted begins again with the next start."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._waiting: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._generation = 0

    def add(self, scope: int, run_id: str) -> None:
        """Work on a run as soon as the request that created it is answered."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock_file(self._folder, run_id).touch()
        self._waiting.put((scope, run_id))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="flowctl-emulator-runs", daemon=True)
            self._thread.start()

    def resume(self) -> None:
        """Work on the runs that an earlier process has left in progress, unless it is still at work on them."""
        if not self._folder.is_dir():
            return
        from flowctl.emulator.services.flow_service import real_runs

        left = real_runs.interrupted(self._platform)
        for run_id in {file.stem for file in self._folder.glob("*.lock")} - {run_id for _, run_id in left}:
            self._end(run_id)
        for scope, run_id in left:
            self.add(scope, run_id)

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
        while (item := self._waiting.get()) is not None:
            if self._stopped.is_set():
                continue
            try:
                if self._run(*item):
                    self._end(item[1])
            except Exception as error:
                _LOG.error("A run failed: %s", type(error).__name__, exc_info=_LOG.isEnabledFor(logging.DEBUG))

    def _end(self, run_id: str) -> None:
        with contextlib.suppress(OSError):
            lock_file(self._folder, run_id).unlink(missing_ok=True)
            self._folder.rmdir()

    def _run(self, scope: int, run_id: str) -> bool:
        """Work on a run; return False if another process does, or if it was stopped."""
        # Imported here, because an emulator that starts for one plan runs nothing.
        from flowctl.emulator.ingestion.ingest import Stopped, ingest
        from flowctl.emulator.services.flow_service import real_runs

        platform = self._platform
        with platform.turn:
            generation = self._generation
        with run_lock(self._folder, run_id) as is_mine:
            if not is_mine:
                return False
            with platform.turn:
                work = real_runs.prepared(platform, scope, run_id)
            if work is None:
                return True
            try:
                ended = ingest(work, lambda: self._stopped.is_set() or generation != self._generation)
            except Stopped:
                return generation != self._generation
            with platform.turn, platform.database.writing():
                real_runs.finish(platform, scope, run_id, work, ended)
        return True
