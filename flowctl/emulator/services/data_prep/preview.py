"""`POST /mappingSets/preview`: what mappings make of sample records, and which attributes failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.destinations import destination_node, destination_problem, schema_fields
from flowctl.emulator.services.data_prep.mapping import SOURCE_TYPES, contents
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.dataprep.mapping import Mapped, Mapping
    from flowctl.emulator.message import Call
    from flowctl.xdm.fields import Field

MOST_RECORDS = 1000
_KINDS: dict[str, Literal["ATTRIBUTE", "EXPRESSION", "STATIC"]] = {
    SOURCE_TYPES["ATTRIBUTE"]: "ATTRIBUTE",
    SOURCE_TYPES["EXPRESSION"]: "EXPRESSION",
    SOURCE_TYPES["STATIC"]: "STATIC",
}


def preview(call: Call) -> Reply:
    """Return `[{"data", "errors"}]`, one for each record. A failed attribute is left out and named in errors."""
    # Imported here, because an emulator that starts for one plan evaluates nothing.
    from flowctl.dataprep.mapping import compile_mappings

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
    run = compile_mappings([_compilable(mapping, schema) for mapping in mappings], nulls=mapping_set["allowNullValues"])
    return Reply(body=[_row(run(record), mappings) for record in records])


def _compilable(mapping: dict[str, Any], schema: Field) -> Mapping:
    from flowctl.dataprep.mapping import Mapping
    from flowctl.dataprep.problem import Problem
    from flowctl.xdm.destinations import place_in_record

    destination = mapping["destination"]
    problem = destination_problem(destination, schema)
    field = {} if problem else destination_node(destination, schema)
    found = None if problem is None else Problem("destination-unknown", problem)
    return Mapping(_KINDS[mapping["sourceType"]], mapping["source"], place_in_record(destination), field, found)


def _row(mapped: Mapped, mappings: list[dict[str, Any]]) -> dict[str, Any]:
    errors = [
        {key: mappings[index][key] for key in ("destination", "source", "sourceType")} | {"exception": str(problem)}
        for index, problem in mapped.problems.items()
    ]
    return {"data": mapped.data, "errors": errors or None}
