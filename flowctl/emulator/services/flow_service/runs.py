"""Flow runs on demand: POST, re-trigger, and the PUT of a flow provider.

Rules and codes: Adobe docs, on-demand ingestion and errors/sources-errors.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_etag, new_uuid
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import real_runs
from flowctl.emulator.services.flow_service.actions import read_operation
from flowctl.emulator.services.flow_service.bodies import find, made_by, read_object
from flowctl.emulator.services.flow_service.errors import connector_error, service_error
from flowctl.emulator.services.flow_service.kinds import FLOW, RUN
from flowctl.emulator.services.flow_service.patch import check_if_match
from flowctl.emulator.services.flow_service.run_results import empty_metrics
from flowctl.emulator.services.flow_service.schedule import as_integer
from flowctl.emulator.services.flow_service.shapes import check_members
from flowctl.emulator.services.flow_service.spec_references import flow_spec
from flowctl.emulator.services.flow_service.transformations import transformation_specs
from flowctl.emulator.services.flow_service.transitions import advance_run

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

WINDOW = ("startTime", "windowStartTime", "windowEndTime")
PROVIDER_MEMBERS = ("metrics", "activities", "params", "providerRefId", "predecessors", "recordTypes")


def create_run(call: Call) -> Reply:
    """Run a flow once: 201 with `{"id", "etag"}`.

    Refuses: no flow (FLOW-1446, 1430), a streaming flow (CONNECTOR-1385), a flow that is not scheduled once
    (1386), one that is not enabled (1388), a wrong window (1381), a delta column that is missing (1383) or
    another one than the flow's (1382).
    """
    body = read_object(call)
    stored = _flow(call, body.get("flowId"))
    flow = stored.value()
    spec = flow_spec(call, flow)
    if not spec.get("scheduleSpec"):
        raise connector_error("1385", "A run on demand is only supported for batch sources.")
    if flow.get("scheduleParams", {}).get("frequency") != "once":
        raise connector_error("1386", "A run on demand needs a flow with the frequency once.")
    params = body.get("params", {})
    if not isinstance(params, dict):
        raise connector_error("1384", "The params must be an object.")
    _check_window(params)
    if params and "Copy" in transformation_specs(spec):
        _check_delta_column(call, stored, flow, params.get("deltaColumn"))
    reply = start_run(call, flow, params, 201)
    return reply if call.platform.settings.runReply == "flat" else Reply(201, {"items": [reply.body]})


def retrigger(call: Call) -> Reply:
    """Run a failed run, or one that ingested nothing, again: `{"id", "etag"}` of the new run.

    Refuses another action (FLOW-1435), a run in another state (CONNECTOR-1387), a flow not enabled (1388).
    """
    operation = read_operation(call)
    if operation != "re-trigger":
        raise service_error("1435", f"The action {operation} is not valid for runs.")
    run = find(call, RUN).value()
    status = run["metrics"]["statusSummary"]["status"]
    empty = status == "success" and not run["metrics"]["recordSummary"]["outputRecordCount"]
    if status != "failed" and not empty:
        raise connector_error("1387", f"A run with the status {status} cannot be started again.")
    flow = _flow(call, run["flowId"]).value()
    return start_run(call, flow, run["params"], 200, predecessor=run["id"])


def start_run(
    call: Call, flow: dict[str, Any], params: dict[str, Any], status: int, predecessor: str | None = None
) -> Reply:
    """Store a new run, and let it go as far as the transitions allow at once. Refuses a flow not enabled (1388)."""
    if flow["state"] != "enabled":
        raise connector_error("1388", f"The flow {flow['id']} is in the state {flow['state']}.")
    id_, now, caller = new_uuid(), call.platform.clock.later_ms(), call.caller
    run: dict[str, Any] = {
        **made_by(call, id_, now),
        "flowId": flow["id"],
        "flowSpec": flow["flowSpec"],
        "providerRefId": new_uuid(),
        "params": params,
        "metrics": empty_metrics("scheduled"),
        "activities": [],
    }
    if predecessor is not None:
        run["predecessors"] = [{"id": predecessor, "type": "flowRun"}]
    objects = call.platform.objects
    objects.insert(caller.scope, RUN.name, id_, run, etag=new_etag(now), created=now, name="")
    objects.refer(caller.scope, RUN.name, id_, [(FLOW.name, flow["id"])])
    if real_runs.source_folder(call, flow) is not None:
        etag = new_etag(now)
        run["metrics"] = empty_metrics("inProgress")
        run["metrics"]["durationSummary"]["startedAtUTC"] = now
        objects.replace(caller.scope, RUN.name, id_, run, etag=etag, name="")
        real_runs.begin(call, run, predecessor)
        return Reply(status, {"id": id_, "etag": etag})
    advance_run(call, id_, run, "scheduled")
    stored = objects.get(caller.scope, RUN.name, id_)
    return Reply(status, {"id": id_, "etag": stored.etag if stored else ""})


def run_as_scheduled(call: Call, flow_id: str) -> Reply:
    """Run a flow as its own schedule would, whatever its frequency."""
    return start_run(call, _flow(call, flow_id).value(), {}, 201)


def update_run(call: Call) -> Reply:
    """Replace what a flow provider reports of a run; If-Match is required. Answers the run, not wrapped."""
    stored = find(call, RUN)
    check_if_match(call, stored)
    body = parse(call.incoming.body)
    if not isinstance(body, dict) or body.get("flowId", stored.value()["flowId"]) != stored.value()["flowId"]:
        raise service_error("1405", "The body must be an object with the flowId of the run.")
    check_members(RUN, body)
    changes = {key: body[key] for key in PROVIDER_MEMBERS if key in body}
    if not all(isinstance(changes.get(key, {}), dict) for key in ("metrics", "params")):
        raise service_error("1452", "The metrics and params must be objects.")
    run = stored.value()
    run["metrics"] |= changes.pop("metrics", {})
    etag, now = new_etag(call.now_ms), call.now_ms
    run |= changes | {"updatedAt": now, "updatedBy": call.caller.user}
    call.platform.objects.replace(call.caller.scope, RUN.name, stored.id, run, etag=etag, expected=stored.etag, name="")
    return Reply(body=run | {"etag": etag})


def _flow(call: Call, id_: object) -> Stored:
    if not isinstance(id_, str) or not id_:
        raise service_error("1446", "The flowId must not be null or empty.")
    stored = call.platform.objects.get(call.caller.scope, FLOW.name, id_)
    if stored is None:
        raise service_error("1430", f"The flow {id_} is not found.")
    return stored


def _check_window(params: dict[str, Any]) -> None:
    times = {name: as_integer(params[name]) for name in WINDOW if name in params}
    for name, value in times.items():
        if value is None:
            raise connector_error("1384", f"The {name} must be an integer in epoch seconds.")
    if params and len(times) < len(WINDOW):
        raise connector_error("1384", f"The params need {', '.join(WINDOW)}.")
    begin, end = times.get("windowStartTime"), times.get("windowEndTime")
    if begin is not None and end is not None and end < begin:
        raise connector_error("1381", "The windowEndTime must not be before the windowStartTime.")


def _check_delta_column(call: Call, stored: Stored, flow: dict[str, Any], given: object) -> None:
    """Check the column against the flow's Copy transformation; the first run writes it there."""
    entries = flow.setdefault("transformations", [])
    known = next((entry["params"]["deltaColumn"] for entry in entries if entry["name"] == "Copy"), None)
    known = {"name": known} if isinstance(known, str) else known
    if given is not None and (not isinstance(given, dict) or not isinstance(given.get("name"), str)):
        raise connector_error("1382", "The deltaColumn must be an object with a name.")
    if isinstance(given, dict) and known is not None and given["name"] != known["name"]:
        raise connector_error("1382", f"The deltaColumn of the flow is {known['name']}.")
    if given is None and known is None:
        raise connector_error("1383", "The deltaColumn must be given in the first run.")
    if known is None:
        entries.insert(0, {"name": "Copy", "params": {"deltaColumn": given}})
        call.platform.objects.replace(
            call.caller.scope, FLOW.name, stored.id, flow, etag=new_etag(call.now_ms), name=stored.name
        )
