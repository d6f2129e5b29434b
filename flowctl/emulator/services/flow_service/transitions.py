"""States that pass: a table of what follows what, driven by the platform's clock or by the number of reads.

At once by default. With the setting `transitions` an object stays in its passing state for `transitionCount`
seconds of the platform's clock, or for that many reads of it. The end of a transition changes the etag, as the
service does by itself. States: Flow Service API (StateActionDTO, error texts) and the tutorials' samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_etag
from flowctl.emulator.services.flow_service.errors import service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION, RUN, Kind
from flowctl.emulator.services.flow_service.run_results import finish_run

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

CHANGEABLE = frozenset({"enabled", "disabled", "draft"})
GONE = "gone"
FINISHED = "finished"
# Passing state -> the state that follows; `updating` goes back to where it came from.
FOLLOWING = {
    "initializing": "enabled",
    "enabled-finalizing": "enabled",
    "disabled-finalizing": "disabled",
    "delete-finalizing": GONE,
    "scheduled": "inProgress",
    "inProgress": FINISHED,
}


def check_changeable(document: dict[str, Any]) -> None:
    """Refuse a PATCH or DELETE in a passing state: FLOW-1417 initializing, 1458 being deleted, else 1416."""
    state = document["state"]
    if state not in CHANGEABLE:
        code = {"initializing": "1417", "delete-finalizing": "1458"}.get(state, "1416")
        raise service_error(code, f"The operation is not allowed in the state {state}.")


def begin(call: Call, kind: Kind, id_: str, passing: str, following: str | None = None) -> bool:
    """Schedule the end of a passing state. Return False where transitions happen at once."""
    settings = call.platform.settings
    if settings.transitions == "immediate" or settings.transitionCount == 0:
        return False
    timed = settings.transitions == "seconds"
    due = call.now_ms + settings.transitionCount * 1000 if timed else None
    reads = None if timed else settings.transitionCount
    call.platform.database.connection.execute(
        "INSERT OR REPLACE INTO transition (scope, kind, id, following, due, reads) VALUES (?,?,?,?,?,?)",
        (call.caller.scope, kind.name, id_, following or FOLLOWING[passing], due, reads),
    )
    return True


def end_due_transitions(call: Call, kind: Kind, id_: str | None = None) -> None:
    """End the transitions that are due, of one object or of all of a kind; a look at them counts as a read."""
    connection = call.platform.database.connection
    rows = connection.execute(
        "SELECT id, following, due, reads FROM transition WHERE scope = ? AND kind = ? AND (? IS NULL OR id = ?)",
        (call.caller.scope, kind.name, id_, id_),
    ).fetchall()
    if not rows:
        return
    now = call.now_ms
    with call.platform.database.writing():
        for found, following, due, reads in rows:
            if (due is not None and due <= now) or (reads is not None and reads <= 0):
                _end(call, kind, found, following)
            elif reads is not None:
                connection.execute(
                    "UPDATE transition SET reads = reads - 1 WHERE scope = ? AND kind = ? AND id = ?",
                    (call.caller.scope, kind.name, found),
                )


def _end(call: Call, kind: Kind, id_: str, following: str) -> None:
    connection, objects, scope = call.platform.database.connection, call.platform.objects, call.caller.scope
    connection.execute("DELETE FROM transition WHERE scope = ? AND kind = ? AND id = ?", (scope, kind.name, id_))
    if following == GONE:
        objects.delete(scope, kind.name, id_)
        return
    stored = objects.get(scope, kind.name, id_)
    if stored is None:
        return
    if kind is RUN:
        advance_run(call, id_, stored.value(), following)
        return
    document = stored.value() | {"state": following}
    objects.replace(scope, kind.name, id_, document, etag=new_etag(call.now_ms), name=stored.name)


def advance_run(call: Call, id_: str, run: dict[str, Any], status: str) -> None:
    """Put a run into its next status, and on to the end where nothing makes it wait."""
    while True:
        if status == FINISHED:
            finish_run(call, run)
        else:
            run["metrics"]["statusSummary"]["status"] = status
        run["updatedAt"] = call.now_ms
        call.platform.objects.replace(call.caller.scope, RUN.name, id_, run, etag=new_etag(call.now_ms), name="")
        if status == FINISHED or begin(call, RUN, id_, status):
            return
        status = FOLLOWING[status]


def first_state(call: Call, kind: Kind, id_: str, *, draft: bool) -> str:
    """Return the state of a new object; a base connection may be initializing for a while (AWS-hosted orgs)."""
    if draft:
        return "draft"
    return "initializing" if kind is CONNECTION and begin(call, kind, id_, "initializing") else "enabled"
