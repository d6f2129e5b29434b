"""Working on one run that reads files, in the thread of the worker: what it needs is read in one turn, and its end
is written in another; in between, requests are answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.services.flow_service import real_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.platform import Platform


def execute(platform: Platform, scope: int, run_id: str, is_stopped: Callable[[], bool]) -> bool:
    """Work on a run to its end; return False if it was stopped before."""
    # Imported here, because an emulator that starts for one plan runs nothing.
    from flowctl.emulator.ingestion.ingest import Stopped, ingest

    with platform.turn:
        work = real_runs.prepared(platform, scope, run_id)
    if work is None:
        return True
    try:
        ended = ingest(work, is_stopped)
    except Stopped:
        return False
    with platform.turn, platform.database.writing():
        real_runs.finish(platform, scope, run_id, work, ended)
    return True
