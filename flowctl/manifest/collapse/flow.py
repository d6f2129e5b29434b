"""The members of a Pipeline document that come of its flow: flow spec, transformations, schedule and options."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from flowctl.manifest.collapse.subject import without_nothing
from flowctl.manifest.collapse.typed import typed, without_defaults
from flowctl.manifest.times import epoch_seconds
from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.flow_specs import FlowSpec, pinned_by_id, serving

_ONCE: Final = "once"
_ENABLED: Final = "enabled"
"""The state of a flow whose manifest says nothing of it."""
_NOT_WITH_ONCE: Final = frozenset({"interval", "backfill"})
_SCHEDULE_TYPES: Final = {"properties": {"interval": {"type": "integer"}, "backfill": {"type": "boolean"}}}
_ORDER: Final = ("startTime", "frequency", "interval", "backfill")


def flow_members(attributes: JSONObject, spec_id: str) -> dict[str, JSON]:
    """What a pipeline says about its flow; `spec_id` is the connection spec of its source."""
    flow_spec = pinned_by_id(str((attributes.get("flowSpec") or {}).get("id")).lower())
    return {
        **_transformations(attributes),
        **_schedule(attributes.get("scheduleParams")),
        **({"state": attributes["state"]} if attributes.get("state", _ENABLED) != _ENABLED else {}),
        **_options(attributes.get("options"), flow_spec),
        **({"flowSpec": flow_spec.name} if flow_spec is not None and not _is_default(flow_spec, spec_id) else {}),
    }


def _transformations(attributes: JSONObject) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    for transformation in attributes.get("transformations") or ():
        params = transformation.get("params") or {}
        column = params.get("deltaColumn")
        if transformation.get("name") == "Copy" and column:
            members = column if isinstance(column, Mapping) else {"name": column}
            rest = {name: value for name, value in without_nothing(members).items() if name != "name"}
            found["incremental"] = {"column": members.get("name"), **rest}
        elif transformation.get("name") == "Encryption":
            found["encryption"] = without_nothing(params)
    return found


def _schedule(params: JSON) -> dict[str, JSON]:
    """The schedule; the default of `backfill` is left out, and what a one-time flow does not use."""
    if not isinstance(params, Mapping) or not without_nothing(params):
        return {}
    members = dict(_ordered(typed(without_nothing(params), _SCHEDULE_TYPES)))
    if members.get("frequency") == _ONCE:
        members = {name: value for name, value in members.items() if name not in _NOT_WITH_ONCE}
    elif members.get("backfill") is True:
        del members["backfill"]
    return {"schedule": members}


def _ordered(params: JSONObject) -> Iterator[tuple[str, JSON]]:
    for name in (*(name for name in _ORDER if name in params), *(name for name in params if name not in _ORDER)):
        yield name, _moment(params[name]) if name == "startTime" else params[name]


def _moment(value: JSON) -> JSON:
    """A start time as people write it; one that cannot be read stays as it is."""
    try:
        moment = datetime.fromtimestamp(epoch_seconds(value), UTC)
    except (ValueError, OverflowError, OSError):
        return value
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _options(options: JSON, flow_spec: FlowSpec | None) -> dict[str, JSON]:
    if not isinstance(options, Mapping):
        return {}
    if flow_spec is not None and flow_spec.option_schema is None:
        return {}  # such a flow has no options, and the user interface sends some all the same
    schema = flow_spec.option_schema if flow_spec is not None else None
    members = without_defaults(typed(without_nothing(options), schema), schema)
    return {"options": members} if members else {}


def _is_default(flow_spec: FlowSpec, spec_id: str) -> bool:
    """Whether a pipeline need not name its flow spec."""
    known = connector_by_spec_id(spec_id)
    names = (known.flow_spec,) if known is not None else serving(spec_id)[:1]
    return flow_spec.name in names
