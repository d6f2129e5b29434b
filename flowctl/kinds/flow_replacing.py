"""How flows are replaced: stopped and started by an action, and with the schedule that `onReplace` asks for."""

from collections.abc import Mapping

from flowctl.kinds.flow_states import action_request
from flowctl.kinds.replacing import Suspension
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import NOW, OnReplace

_SCHEDULE = "scheduleParams"


SUSPENSION = Suspension(
    suspend=lambda flow_id: action_request("disable", flow_id),
    resume=lambda flow_id: action_request("enable", flow_id),
    runs=lambda live: live.body.get("state") not in ("disabled", "draft"),
)


def adapted(desired: JSONObject, rule: OnReplace, now: int) -> tuple[JSONObject, Mapping[Path, JSON]]:
    """The attributes of the new flow, and the declared values of its schedule that it does not have.

    A one-time flow has no backfill.
    """
    schedule = desired.get(_SCHEDULE)
    if not isinstance(schedule, Mapping):
        return desired, {}
    wanted: dict[str, JSON] = {}
    if rule.start_time is not None:
        wanted["startTime"] = now if rule.start_time == NOW else rule.start_time
    if rule.backfill is not None and schedule.get("frequency") != "once":
        wanted["backfill"] = rule.backfill
    other = {name: value for name, value in wanted.items() if schedule.get(name) != value}
    if not other:
        return desired, {}
    declared: dict[Path, JSON] = {(_SCHEDULE, name): schedule.get(name) for name in other}
    return {**desired, _SCHEDULE: {**schedule, **other}}, declared
