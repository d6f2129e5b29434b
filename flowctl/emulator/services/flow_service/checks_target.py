"""What the service checks about a target connection: it writes to one dataset of the data lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.library import DATA_LAKE_SPEC_ID, DESTINATION_SPEC_ID
from flowctl.emulator.services.flow_service.errors import connector_error, service_error
from flowctl.emulator.services.flow_service.spec_references import connection_spec

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

FORMATS = ("parquet_xdm", "json", "delimited")


def check(call: Call, body: dict[str, Any]) -> str | None:
    """Return the id of the dataset; none if it is a destination.

    Refuses another spec than the data lake's (CONNECTOR-1307-400), a missing or unknown dataset
    (CONNECTOR-1325-400), an unknown format (CONNECTOR-1327-400), a data part with neither format nor schema
    (CONNECTOR-1326-400), and a schema that the dataset does not have (FLOW-1425-400).
    """
    reference = body.get("connectionSpec")
    if isinstance(reference, dict) and reference.get("id") == DESTINATION_SPEC_ID:
        connection_spec(call, body)
        return None
    if not isinstance(reference, dict) or reference.get("id") != DATA_LAKE_SPEC_ID:
        raise connector_error("1307", "The connection spec of a target connection is that of the data lake.")
    connection_spec(call, body)
    params = body.get("params")
    dataset_id = (params.get("dataSetId") or params.get("datasetId")) if isinstance(params, dict) else None
    dataset = call.platform.objects.get(call.caller.scope, "dataSet", str(dataset_id)) if dataset_id else None
    if dataset is None:
        raise connector_error("1325", f"The dataset {dataset_id} is not valid.")
    _check_data(body.get("data"), dataset.value())
    return str(dataset_id)


def _check_data(data: object, dataset: dict[str, Any]) -> None:
    if not isinstance(data, dict):
        raise connector_error("1326", "The value of data must be an object.")
    if data.get("format") is not None and str(data["format"]).lower() not in FORMATS:
        raise connector_error("1327", f"The data format {data.get('format')} is not valid.")
    schema = data.get("schema")
    if schema is None and data.get("format") is not None:
        return  # as Adobe's Python client sends it
    schema_id = (schema.get("id") or schema.get("schemaId")) if isinstance(schema, dict) else None
    if not schema_id:
        raise connector_error("1326", "The value of data.schema.id must not be null.")
    if schema_id != (dataset.get("schemaRef") or {}).get("id"):
        raise service_error("1425", f"The schema {schema_id} is not the schema of the dataset.")
