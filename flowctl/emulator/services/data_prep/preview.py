"""`POST /mappingSets/preview`: what mappings make of sample records, and which attributes failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.destinations import schema_fields
from flowctl.emulator.services.data_prep.mapping import contents
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.dataprep.mapping import Mapped
    from flowctl.emulator.message import Call

MOST_RECORDS = 1000


def preview(call: Call) -> Reply:
    """Return `[{"data", "errors"}]`, one for each record. A failed attribute is left out and named in errors."""
    # Imported here, because an emulator that starts for one plan evaluates nothing.
    from flowctl.dataprep.mapping import compile_mappings
    from flowctl.emulator.ingestion.row_mapper import compilable

    body = parse(call.incoming.body)
    if not isinstance(body, dict):
        raise bad_request("The body is an object with data and mappingSet.")
    records = body.get("data")
    records = records if isinstance(records, list) else [records]
    if len(records) > MOST_RECORDS or not all(isinstance(record, dict) for record in records):
        raise bad_request(f"The data is an array of at most {MOST_RECORDS} objects.")
    mapping_set = contents(call, body.get("mappingSet"))
    schema = schema_fields(call, mapping_set["xdmSchema"])
    mappings = mapping_set["mappings"]
    run = compile_mappings([compilable(mapping, schema) for mapping in mappings], nulls=mapping_set["allowNullValues"])
    return Reply(body=[_row(run(record), mappings) for record in records])


def _row(mapped: Mapped, mappings: list[dict[str, Any]]) -> dict[str, Any]:
    errors = [
        {key: mappings[index][key] for key in ("destination", "source", "sourceType")} | {"exception": str(problem)}
        for index, problem in mapped.problems.items()
    ]
    return {"data": mapped.data, "errors": errors or None}
