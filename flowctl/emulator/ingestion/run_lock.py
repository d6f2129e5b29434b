"""Which process works on a run: the one that holds the lock of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.file_lock import file_lock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


def lock_file(folder: Path, run_id: str) -> Path:
    """Return the file of a run's lock, which is there from the beginning of the run to its end."""
    return folder / f"{run_id}.lock"


def run_lock(folder: Path, run_id: str) -> AbstractContextManager[bool]:
    """Hold the lock of a run; False if another process, or another thread, holds it."""
    return file_lock(lock_file(folder, run_id))
