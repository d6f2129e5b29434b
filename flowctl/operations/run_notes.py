"""Notes about runs, in a plan that changes dataflows; any other plan reads no run."""

from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Action, Change
from flowctl.operations.planning import PlannedRun
from flowctl.operations.session import Session

_CHANGING: Final = frozenset({Action.UPDATE, Action.REPLACE, Action.DELETE})


def with_run_notes(session: Session, run: PlannedRun) -> PlannedRun:
    """The plan with notes about the runs of the dataflows that it changes."""
    if not any(map(changes_a_dataflow, run.plan.changes)):
        return run
    from flowctl.operations.runs.plan_notes import noted

    return noted(session, run)


def changes_a_dataflow(change: Change) -> bool:
    """Whether a change does something to a dataflow that exists."""
    is_changing = change.action in _CHANGING and not change.is_recorded_only
    return is_changing and KINDS[change.kind].is_pipeline and change.remote_id is not None
