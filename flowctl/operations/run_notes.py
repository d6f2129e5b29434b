"""Notes about runs, in a plan that changes dataflows; any other plan reads no run."""

from flowctl.operations.changed_dataflows import changes_a_dataflow
from flowctl.operations.planning import PlannedRun
from flowctl.operations.session import Session


def with_run_notes(session: Session, run: PlannedRun) -> PlannedRun:
    """The plan with notes about the runs of the dataflows that it changes."""
    if not any(map(changes_a_dataflow, run.plan.changes)):
        return run
    from flowctl.operations.runs.plan_notes import noted

    return noted(session, run)
