"""What commands ask of the attributes of dataflows, connections and mapping sets, without knowing their names."""

from collections.abc import Mapping

from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.flow_spec import FlowSpec
from flowctl.specs.flow_specs import pinned_by_id


def connection_spec_id(connection: JSONObject) -> str:
    """The ID of the connection spec of a base or source connection."""
    return str(connection["connectionSpec"]["id"])


def base_connection(source_connection: JSONObject) -> JSON:
    """The base connection of a source connection, by its ID or a reference to it; None for a source without one."""
    return source_connection.get("baseConnectionId")


def schema_of(mapping_set: JSONObject) -> JSON:
    """The XDM schema that a mapping set fills, by its ID or a reference to it."""
    return mapping_set["xdmSchema"]


def pinned_flow_spec(attributes: JSONObject) -> FlowSpec | None:
    """The flow spec of a dataflow as this release knows it; None if it does not, or for an object of another kind."""
    return pinned_by_id(str((attributes.get("flowSpec") or {}).get("id")))


def streams(flow: JSONObject) -> bool:
    """Whether a dataflow has no schedule, because its data arrives."""
    return not flow.get("scheduleParams")


def backfills(flow: JSONObject) -> bool:
    """Whether the first run of a scheduled dataflow reads what its source has from before."""
    return str((flow.get("scheduleParams") or {}).get("backfill", True)).lower() != "false"


def has_run(flow_body: JSONObject) -> bool:
    """Whether a live dataflow has run."""
    return bool(flow_body.get("lastRunDetails"))


def reads_tables(flow: JSONObject) -> bool:
    """Whether the source of a dataflow is made of tables, which a delta column tells apart by time."""
    spec = pinned_flow_spec(flow)
    return spec is not None and "Copy" in spec.transformation_schemas


def delta_column(flow: JSONObject) -> str | None:
    """The delta column of a dataflow; older ones have its name alone."""
    for each in flow.get("transformations") or []:
        if each.get("name") == "Copy":
            column = (each.get("params") or {}).get("deltaColumn")
            name = column.get("name") if isinstance(column, Mapping) else column
            return name if isinstance(name, str) else None
    return None
