"""What a platform asks of the one that works on its runs."""

from __future__ import annotations

from typing import Protocol


class RunQueue(Protocol):
    """Runs that read files, worked on one after another, and beside them promotions of uploaded batches likewise."""

    def add(self, scope: int, id_: str, *, is_promotion: bool = False) -> None:
        """Work on a run, or else on a promotion, as soon as the request that asked for it has been carried out."""

    def close(self, *, finish: bool) -> None:
        """End the work: when all runs and promotions have ended, or at once. May be called twice."""

    def forget(self) -> None:
        """Stop what is worked on, and remove all files: the data is reset."""
