"""`POST /mappingSets/preview`: what mappings make of sample records, and which attributes failed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowctl.dataprep.coercion import coerced
from flowctl.dataprep.dates import iso
from flowctl.dataprep.evaluation import evaluate
from flowctl.dataprep.paths import place, read_path
from flowctl.dataprep.tokens import ExpressionError
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.mapping import SOURCE_TYPES, contents
from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.xdm.paths import destination_problem, field_at

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

MOST_RECORDS = 1000


def preview(call: Call) -> Reply:
    """Return `[{"data", "errors"}]`, one for each record. A failed attribute is left out and named in errors."""
    body = parse(call.incoming.body)
    if not isinstance(body, dict):
        raise bad_request("The body is an object with data and mappingSet.")
    records = body.get("data")
    records = records if isinstance(records, list) else [records]
    if len(records) > MOST_RECORDS or not all(isinstance(record, dict) for record in records):
        raise bad_request(f"The data is an array of at most {MOST_RECORDS} objects.")
    mapping_set = contents(call, body.get("mappingSet"))
    stored = call.platform.objects.get(call.caller.scope, "schemas", mapping_set["xdmSchema"])
    schema = full_view(call, stored.value()) if stored else {}
    return Reply(body=[_mapped(record, mapping_set, schema) for record in records])


def _mapped(record: dict[str, Any], mapping_set: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    errors = []
    for mapping in mapping_set["mappings"]:
        try:
            problem = destination_problem(mapping["destination"], schema)
            if problem is not None:
                raise ExpressionError(problem)
            value = coerced(source_value(mapping, record), field_at(mapping["destination"], schema))
            if value is not None or mapping_set["allowNullValues"]:
                place(data, mapping["destination"], value)
        except ExpressionError as error:
            where = {key: mapping[key] for key in ("destination", "source", "sourceType")}
            errors.append(where | {"exception": str(error)})
    return {"data": data, "errors": errors or None}


def source_value(mapping: dict[str, Any], record: dict[str, Any]) -> Any:
    """Return what a mapping takes from a record. Raises `ExpressionError`."""
    if mapping["sourceType"] == SOURCE_TYPES["STATIC"]:
        return mapping["source"]
    if mapping["sourceType"] == SOURCE_TYPES["ATTRIBUTE"]:
        return read_path(record, mapping["source"])
    value = evaluate(mapping["source"], record)
    if callable(value):
        raise ExpressionError("A function is not a value.")
    return iso(value) if isinstance(value, datetime) else value
