"""What a platform asks of the one that works on its runs."""

from __future__ import annotations

from typing import Protocol


class RunQueue(Protocol):
    """Runs that read files and batches that were uploaded, worked on one after another."""

    def add(self, scope: int, id_: str, *, is_upload: bool = False) -> None:
        """Work on a run, or else on an uploaded batch, as soon as the request that asked for it is answered."""

    def close(self, *, finish: bool) -> None:
        """End the work: when all runs have ended, or at once. May be called twice."""

    def forget(self) -> None:
        """Stop the run that is worked on, and remove all files: the data is reset."""
