"""The interface of the worker: it reads the files of runs and of uploaded batches."""

from __future__ import annotations

from typing import Protocol


class RunQueue(Protocol):
    """Two queues: runs that read files, and promotions of uploaded batches. Each works on one job at a time."""

    def add(self, scope: int, id_: str, *, is_promotion: bool = False) -> None:
        """Add a run or a promotion; work on it begins when the current request has ended."""

    def close(self, *, finish: bool) -> None:
        """End the work: when all runs and promotions have ended, or at once. May be called twice."""

    def forget(self) -> None:
        """Stop what is worked on, and remove all files: the data is reset."""
