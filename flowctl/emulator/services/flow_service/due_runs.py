"""Runs that schedules ask for: when the clock of the platform moves, flows that read files run if they are due.

However far the clock moves, a flow runs once for it: what its source has does not change in between. Flows without a
source folder do not run by themselves, because their numbers would be made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.scheduler_call import scheduler_call
from flowctl.emulator.services.flow_service import real_runs
from flowctl.emulator.services.flow_service.kinds import FLOW
from flowctl.emulator.services.flow_service.runs import run_as_scheduled
from flowctl.emulator.services.flow_service.schedule import as_integer

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.platform import Platform

_SLOT: Final = "scheduledSlot"
"""The kind of what is noted of a flow: the time that its last scheduled run was for, in epoch seconds."""
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def start_due_runs(platform: Platform) -> list[str]:
    """Start the runs that are due in all sandboxes, and return the IDs of their flows."""
    started = []
    for sandbox in platform.directory.all_sandboxes() if platform.sources else ():
        call = scheduler_call(platform, sandbox)
        for stored in platform.objects.select(sandbox.scope, FLOW.name):
            flow = stored.value()
            slot = _last_slot(flow.get("scheduleParams") or {}, call.now_ms // 1000)
            if slot is None or flow["state"] != "enabled" or real_runs.source_folder(call, flow) is None:
                continue
            if _note(call, stored.id, slot):
                run_as_scheduled(call, stored.id)
                started.append(stored.id)
    return started


def _last_slot(schedule: dict[str, Any], now: int) -> int | None:
    """Return the last time at which a schedule asks for a run, or None if there is none yet."""
    start = as_integer(schedule.get("startTime"))
    if start is None or start > now:
        return None
    if schedule.get("frequency") == "once":
        return start
    seconds = _SECONDS.get(str(schedule.get("frequency")), 0) * (as_integer(schedule.get("interval")) or 1)
    return start + (now - start) // seconds * seconds if seconds else None


def _note(call: Call, flow_id: str, slot: int) -> bool:
    """Note the time that a run is for. Return False if a run was for that time, or a later one."""
    objects, scope = call.platform.objects, call.caller.scope
    found = objects.get(scope, _SLOT, flow_id)
    if found is None:
        objects.insert(scope, _SLOT, flow_id, {"slot": slot}, etag="", created=call.now_ms)
        return True
    if found.value()["slot"] >= slot:
        return False
    return objects.replace(scope, _SLOT, flow_id, {"slot": slot}, etag="")
