"""What the service checks about a source connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.filtering_sources import FILTERING
from flowctl.emulator.services.flow_service.checks_connection import (
    check_draft_mode,
    check_name,
)
from flowctl.emulator.services.flow_service.errors import connector_error, missing_reference, service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION
from flowctl.emulator.services.flow_service.row_filters import checked_filter
from flowctl.emulator.services.flow_service.spec_references import connection_spec

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

FORMATS = ("delimited", "json", "parquet", "tabular")


def check(call: Call, body: dict[str, Any], *, draft: bool) -> dict[str, Any] | None:
    """Return the base connection as `inheritedAttributes` shows it, or None where the source has none.

    Refuses an unknown spec (FLOW-1413-400), a base connection where the source takes none
    (CONNECTOR-1332-400), an unknown base or one of another spec, a wrong format (CONNECTOR-1327-400) and a
    delimiter of several characters (CONNECTOR-1331-400).
    """
    spec = connection_spec(call, body)
    check_name(body)
    check_draft_mode(call, spec, draft=draft)
    if body.get("data") is None and not draft and spec.get("sourceSpec", {}).get("type", "Streaming") != "Streaming":
        raise connector_error("1327", "The value of data must be an object with a format.")
    check_data(body.get("data"))
    check_params(call, spec, body)
    base_id = body.get("baseConnectionId")
    if not spec.get("authSpec"):
        if base_id is not None:
            raise connector_error("1332", f"The source {spec['name']} takes no base connection.")
        return None
    return _base(call, base_id, spec, draft=draft)


def check_data(data: object) -> None:
    """Refuse a data part with an unknown format or a long delimiter. Streaming sources may have none."""
    if data is None:
        return
    if not isinstance(data, dict):
        raise connector_error("1327", "The value of data must be an object with a format.")
    if str(data.get("format")).lower() not in FORMATS:
        raise connector_error("1327", f"The data format {data.get('format')} is not valid.")
    properties = data.get("properties")
    for holder in (data, properties if isinstance(properties, dict) else {}):
        delimiter = holder.get("columnDelimiter", ",")
        if not isinstance(delimiter, str) or len(delimiter) != 1:
            raise connector_error("1331", "The column delimiter must be a single character.")


def check_params(call: Call, spec: dict[str, Any], body: dict[str, Any]) -> None:
    """Refuse a filter that is none (CONNECTOR-1384-400), and with the setting `sourceParams` params without a source
    and a format that the source does not have (1327, 1393).
    """
    params = body.get("params")
    filters = params.get("filters") if isinstance(params, dict) else None
    # Only PQL is documented, and for these sources; anything else is kept.
    is_pql = isinstance(filters, dict) and filters.get("format") == "pql/json"
    if is_pql and spec.get("name") in FILTERING:
        checked_filter(spec, filters)
    if call.platform.settings.sourceParams == "any" or str(spec.get("sourceSpec", {}).get("type")) != "Table":
        return
    if not isinstance(params, dict) or not any(params.get(name) for name in ("tableName", "path")):
        raise connector_error("1393", "The value of the parameter tableName must not be null or empty.")
    format_ = (body.get("data") or {}).get("format")
    if format_ != "tabular":
        raise connector_error("1327", f"The data format {format_} is not valid for {spec['name']}.")


def check_usable(name: str, document: dict[str, Any], *, draft: bool) -> None:
    """Refuse to build on a draft, unless for a draft, or on what is initializing or being deleted (FLOW-1456)."""
    usable = ("enabled", "disabled", "updating", *(("draft",) if draft else ()))
    if document["state"] not in usable:
        raise service_error("1456", f"The {name} {document['id']} is in the state {document['state']}.")


def _base(call: Call, base_id: object, spec: dict[str, Any], *, draft: bool) -> dict[str, Any]:
    if not isinstance(base_id, str) or not base_id:
        raise connector_error("1320", "The value of baseConnectionId must not be null or empty.")
    stored = call.platform.objects.get(call.caller.scope, CONNECTION.name, base_id)
    if stored is None:
        raise missing_reference(CONNECTION.collection, base_id)
    base = stored.value()
    if base["connectionSpec"]["id"] != spec["id"]:
        raise service_error("1413", f"The base connection {base_id} has another connection spec.")
    check_usable(CONNECTION.name, base, draft=draft)
    return {"id": base_id, "connectionSpec": base["connectionSpec"]}
